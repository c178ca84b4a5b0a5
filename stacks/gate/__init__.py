"""The gate in the Pulumi program: a stack that the rules block registers nothing."""
