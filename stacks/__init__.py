"""The stacks: the Pulumi program of each, its recording, its gate, and what is known of resource types."""
