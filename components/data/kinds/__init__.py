"""A module for each kind of store, with the component `Made` that makes one."""
