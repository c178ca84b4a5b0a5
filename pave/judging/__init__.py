"""Verdicts on deploys: what was measured of a new version, and what that says."""
