"""The Pulumi programs: a module is a kind of stack; nothing lists them."""
