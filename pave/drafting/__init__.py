"""Writes first versions of specs and rules, as `pave new` and `pave policies new` do."""
