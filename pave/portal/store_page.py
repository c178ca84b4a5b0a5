"""The page of what a service's stores may be: their fields, from the schema, and what workloads are told."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from catalog.stores.registry import store_kinds
from catalog.stores.store import Store, variable
from catalog.validation import schema

HEAD = """\
# Stores

What a service keeps its data in, under `stores` of its spec. Made from [the schema](schema/) and from what
[the kinds](stores/kinds/) say of themselves: `python -m pave.portal.reference write`.

Every store has its `name` and its `kind`, and in every kind there are:
"""

EXAMPLE = "my-store"


def store_page() -> str:
    """The page, in Markdown."""
    described = schema("Service")["$defs"]["store"]["properties"]
    lines = [HEAD, *_table(_common(described))]
    for name, kind in store_kinds().items():
        lines += ["", f"## {name}", "", *_kind(name, kind, described)]
    return "".join(f"{line}\n" for line in lines)


def _kind(name: str, kind: type[Store], described: Json) -> Iterator[str]:
    yield " ".join((kind.__doc__ or "").split())
    if kind.VERSIONS:
        yield ""
        yield f"Versions: {', '.join(kind.VERSIONS)} ([Google's list]({kind.VERSIONS_PAGE}))."
    yield ""
    yield from _table(dict(_own(name, described)))
    yield ""
    yield f"Workloads are told of a store `{EXAMPLE}`:"
    yield ""
    yield "| variable | what it is |"
    yield "| --- | --- |"
    for fact, what in kind.FACTS.items():
        yield f"| `{variable(EXAMPLE, fact)}` | {what} |"


def _common(described: Json) -> dict[str, str]:
    return {
        field: each["description"]
        for field, each in described.items()
        if "kinds" not in each and field not in {"name", "kind"}
    }


def _own(kind: str, described: Json, at: str = "", *, is_own: bool = False) -> Iterator[tuple[str, str]]:
    """The fields that this kind has and some other hasn't, all the way down."""
    for field, each in described.items():
        kinds = each.get("kinds")
        if kind in (kinds or [kind]) and (is_own or kinds is not None):
            below: Mapping[str, Any] = each.get("properties", {})
            if not below:
                yield f"{at}{field}", each["description"]
            yield from _own(kind, dict(below), f"{at}{field}.", is_own=True)


def _table(fields: Mapping[str, str]) -> Iterator[str]:
    yield "| field | what it says |"
    yield "| --- | --- |"
    for field, text in fields.items():
        yield f"| `{field}` | {text} |"
