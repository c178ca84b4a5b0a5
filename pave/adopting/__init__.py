"""Takes what exists over into a service's stack: which resource is which, whose it is, and how it differs."""
