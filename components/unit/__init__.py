"""The processes of an observability unit, on any Kubernetes."""
