"""Which requests belong to a journey, by the paths that specs write: exact, or a prefix that ends in `/*`."""

from collections.abc import Iterable, Iterator, Sequence

from catalog.document import Json
from catalog.problem import Wrong


def covers(one: str, other: str) -> bool:
    """Whether whatever matches the path `other` matches `one`, too."""
    return other.startswith(one.rstrip("*")) if one.endswith("*") else one == other


def answering(path: str, journeys: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The journey, of names with their paths, that a request for a path comes to: the longest match wins, as
    at the load balancer (https://cloud.google.com/load-balancing/docs/url-map-concepts). What follows a `?`
    has no say. None where nobody answers."""
    asked = path.partition("?")[0]
    found = [(len(pattern), name) for name, paths in journeys for pattern in paths if covers(pattern, asked)]
    return max(found)[1] if found else None


def probes_of_others(spec: Json) -> Iterator[Wrong]:
    """Probes that ask another journey than the one that they would speak for."""
    journeys = [(endpoint["name"], endpoint["paths"]) for endpoint in spec.get("endpoints", ())]
    for i, endpoint in enumerate(spec.get("endpoints", ())):
        if "probe" not in endpoint:
            continue
        owner = answering(endpoint["probe"], journeys)
        if owner != endpoint["name"]:
            whose = "nobody answers" if owner is None else f"belongs to the endpoint `{owner}`"
            what = f"`{endpoint['probe']}` {whose}, so it says nothing of `{endpoint['name']}`."
            fix = f"Write a path that is one of its own: {', '.join(endpoint['paths'])}."
            yield ("spec", "endpoints", i, "probe"), "catalog/probe", what, fix
