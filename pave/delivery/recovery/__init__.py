"""Recovery of a stack whose update was cut off: its lock, its pending operations, unconfirmed creations."""
