"""A module for each kind of store: the class of its name, which is a `Store`."""
