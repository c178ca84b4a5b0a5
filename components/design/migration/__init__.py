"""The way of a service to high availability: what each phase of it is, costs and wins."""
