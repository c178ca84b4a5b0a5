"""What each of a plan's moves is on the stage: a module of its name."""
