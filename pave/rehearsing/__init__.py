"""Carries out the phases of a migration on real parts, small, on this machine, under a steady load."""
