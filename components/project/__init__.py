"""What a project needs before anything is in it."""
