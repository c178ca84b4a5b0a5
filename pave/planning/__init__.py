"""Plans and compares stacks without an account, as `pave plan` and `pave changed` do."""
