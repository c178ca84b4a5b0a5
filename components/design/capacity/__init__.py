"""What all services of an environment need together, and what there is of it."""
