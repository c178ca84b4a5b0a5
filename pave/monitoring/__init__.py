"""What `pave monitor` shows, exports and tries of a service's monitoring."""
