"""Names that stand twice in a list of a service's file."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

NAMED = (
    *("workloads", "stores", "endpoints", "journeys", "dependencies", "secrets", "jobs", "events"),
    "environments",
)
"""Lists whose items have names of their own."""


def doubled_names(written: Json) -> Iterator[Wrong]:
    """Those of a schema-valid service as its file has them, also in its overrides. Of two parts with one name
    nobody knows which is meant, so nothing else is asked of such a file."""
    yield from _in_spec(written["spec"], ("spec",))
    for i, entry in enumerate(written["spec"].get("environments", ())):
        at: Pointer = ("spec", "environments", i)
        yield from _in_spec(entry.get("override", {}), (*at, "override"))
        yield from _twice(entry.get("instances", ()), (*at, "instances"))
        for j, copy in enumerate(entry.get("instances", ())):
            yield from _in_spec(copy.get("override", {}), (*at, "instances", j, "override"))


def _in_spec(spec: Json, at: Pointer) -> Iterator[Wrong]:
    for listed in NAMED:
        yield from _twice(spec.get(listed, ()), (*at, listed))
    waf = spec.get("edge", {}).get("waf", {})
    for listed in ("exceptions", "blocked"):
        yield from _twice(waf.get(listed, ()), (*at, "edge", "waf", listed))


def _twice(items: Any, at: Pointer) -> Iterator[Wrong]:
    seen: set[str] = set()
    for i, item in enumerate(items):
        if item["name"] in seen:
            what = f"`{item['name']}` stands twice in {at[-1]}."
            yield (*at, i, "name"), "catalog/unique-name", what, "Give each its own name."
        seen.add(item["name"])
