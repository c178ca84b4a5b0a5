"""How a service gets from how it is today to what its file says: in phases, each a whole spec of its own."""
