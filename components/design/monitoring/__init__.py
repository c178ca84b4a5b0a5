"""Decides what is measured of a service, which alerts stand on it, and how each alert is tried. Pure."""
