"""The ways in which a part of a service moves, a module each: the folder is the registration."""
