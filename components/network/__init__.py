"""The private network of an environment, and who may come in and call out."""
