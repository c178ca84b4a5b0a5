"""The availability of a design: what it is made of, what is published about it, and what would raise it."""
