"""The real Pulumi engine: its CLI, the cloud and back end it works on, an opened stack, and previews of
it."""
