"""What may be said of a service's stores. A kind of store is a module of `kinds/`; nothing lists them."""
