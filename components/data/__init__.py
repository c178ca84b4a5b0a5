"""The managed stores of a service."""
