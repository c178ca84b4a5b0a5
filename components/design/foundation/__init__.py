"""Decides what all services of an environment share."""
