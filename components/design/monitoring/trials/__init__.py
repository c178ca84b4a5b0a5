"""How alerts are tried, one module for what they have in common."""
