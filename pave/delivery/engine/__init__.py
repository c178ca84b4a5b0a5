"""The real Pulumi engine: where it is, how a stack is opened on it, and what it says."""
