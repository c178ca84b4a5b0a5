"""Paths that may be read as others: `/a/../b`, `//b` and `/%62` mean `/b` to many a program.

What a load balancer of Google's makes of them before it chooses a route, Google doesn't publish, so whoever
asks is told that it isn't known where it makes a difference."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from components.design.edge.host import Route, route_of

ODD = re.compile(r"%|//|/\.")
"""What makes a path one that may be read otherwise."""

WHY = (
    "the path may be read as `{path}`, {whose}; whether `..`, `//` and escapes are resolved before a route is"
    " chosen, Google doesn't publish"
)


def plain_path(path: str) -> str:
    """The path with escapes, dots and doubled slashes resolved
    (https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2), once each."""
    kept: list[str] = []
    steps = re.sub("/+", "/", unquote(path)).split("/")[1:]
    for step in steps:
        if step == "..":
            del kept[-1:]
        elif step != ".":
            kept.append(step)
    return f"/{'/'.join(kept)}" + ("/" if steps[-1] in {".", ".."} and kept else "")


def other_route(routes: Sequence[Route], path: str, route: Route | None) -> tuple[Route | None, str] | None:
    """The route of a path as it may be read, and why it isn't known which of the two is meant; None where
    both are of one journey."""
    if ODD.search(path) is None:
        return None
    plain = plain_path(path)
    other = route_of(routes, plain)
    if (other and other.backend) == (route and route.backend):
        return None
    whose = "which no journey has" if other is None else f"which belongs to {other.journey}"
    return other, WHY.format(path=plain, whose=whose)
