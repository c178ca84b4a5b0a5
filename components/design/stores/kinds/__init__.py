"""A module for each kind of store: the class of its name with `Design`, which is a `StoreDesign`."""
