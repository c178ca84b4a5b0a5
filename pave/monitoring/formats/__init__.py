"""What monitoring can be exported as, one module a format with `files`; nothing lists them."""
