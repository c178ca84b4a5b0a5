"""What pave knows of the providers' resource types."""
