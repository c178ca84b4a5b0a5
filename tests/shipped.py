"""What a test that copies a part of the shipped catalog needs beside the services."""

NAMED_BY_SERVICES = ("environments", "teams", "vendors", "previews")
"""The folders of all that services name: without one of them, a service that is copied can't be used."""
