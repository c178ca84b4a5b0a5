"""What stands at a host, what it does with a request, and what it would have done with those of yesterday."""
