"""Tools of the house: its set-up and the pinned binaries. Standard library only."""
