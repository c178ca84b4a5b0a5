"""What measures a service, and who is told."""
