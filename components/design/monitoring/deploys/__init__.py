"""Deploys: whether a new version is as good as the old one, decided in Python and recorded in PromQL."""
