"""Kinds of files that say what exists: a module with `recognises` and `read` each. Nothing lists them."""
