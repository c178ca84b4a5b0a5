"""The design of what all observability units write to, and where people look at all of them."""
