"""What a spec can say of a resource: for a type, a module with its `TYPE` and its `WORDS`. Nothing lists
them."""
