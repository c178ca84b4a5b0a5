"""The command: composes the parts and decides nothing."""
