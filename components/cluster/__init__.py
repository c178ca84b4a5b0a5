"""The regional Kubernetes cluster of an environment, and a service's place in it."""
