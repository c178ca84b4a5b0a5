"""What an update would change, what stands against it, and how that is said and sealed."""
