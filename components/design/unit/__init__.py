"""What watches an environment: which processes, and the configuration of each."""
