"""Asks a Google Cloud project, before anything is made in it, what no plan can know of it."""
