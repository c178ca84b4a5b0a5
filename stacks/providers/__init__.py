"""The resource types of the providers: what is lost with one, what replaces it, what its id is made of."""
