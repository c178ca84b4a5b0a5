"""Names of DNS below each other. All are in lower case and have no final dot."""

from collections.abc import Collection, Iterable, Iterator


def is_within(name: str, domain: str) -> bool:
    """Whether a name is a domain, or lies below it."""
    return name == domain or name.endswith(f".{domain}")


def nearest_above(name: str, domains: Iterable[str]) -> str | None:
    """Of some domains the longest that a name is or lies below: the one whose zone answers for it. None where
    no zone does."""
    return max((domain for domain in domains if is_within(name, domain)), key=len, default=None)


def names_above(name: str, top: str = "") -> Iterator[str]:
    """The names above a name, from the nearest to `top`, or without one to the last label."""
    while name != top and "." in name:
        name = name.partition(".")[2]
        yield name


def there(names: Iterable[str], top: str) -> set[str]:
    """All names of the zone `top` that are there if these `names` in it are: also those with nothing but
    names below (https://www.rfc-editor.org/rfc/rfc4592#section-2.2.2)."""
    held = {top, *names}
    return held.union(*(names_above(name, top) for name in held))


def closest_encloser(name: str, names: Collection[str], top: str) -> str:
    """Of the names that are `there` in the zone `top`, the nearest above a name in it: only the wildcard
    below that one answers for the name (https://www.rfc-editor.org/rfc/rfc4592#section-3.3.1)."""
    return next((above for above in names_above(name, top) if above in names), top)
