"""Pages that are made from the code and from what rules say of themselves."""
