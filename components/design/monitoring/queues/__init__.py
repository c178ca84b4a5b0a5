"""What takes jobs from a queue, and how it counts them: one module each, named as in specs; nothing lists
them."""
