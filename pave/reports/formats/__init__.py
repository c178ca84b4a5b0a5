"""The formats of reports: a module is a format; nothing lists them."""
