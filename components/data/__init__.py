"""The managed stores of a service. A kind of store is a module of `kinds/`; nothing lists them."""
