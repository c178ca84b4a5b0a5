"""What stands in for a store where there is no cloud: a module for each kind that has something. Nothing
lists them."""
