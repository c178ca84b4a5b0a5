"""Pure decisions: a service or an environment in, a design out. No cloud SDK, no clock, no I/O."""
