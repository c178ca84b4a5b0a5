"""Which requests belong to a path as specs write them: exact, or a prefix that ends in `/*`."""


def covers(one: str, other: str) -> bool:
    """Whether whatever matches the path `other` matches `one`, too."""
    return other.startswith(one.rstrip("*")) if one.endswith("*") else one == other
