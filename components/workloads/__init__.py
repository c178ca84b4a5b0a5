"""Workloads of a service on Kubernetes."""
