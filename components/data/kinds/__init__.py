"""A module for each kind of store, with the `component` that makes one."""
