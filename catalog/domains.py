"""Names of DNS below each other. All are in lower case and have no final dot."""

from collections.abc import Iterable, Iterator


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
