"""The stacks: the Pulumi program, its recorder and its gate."""
