"""What can be watched, one module a kind, each with a `watched`; nothing lists them."""
