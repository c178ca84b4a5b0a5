"""Decides how the internet reaches a service, and which requests get through."""
