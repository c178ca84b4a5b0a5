"""From a verdict to resources: stacks on the real Pulumi engine, what changes on them, what is refused."""
