"""The one table of the resource types that pave knows, and what is asked of it.

A type has a row as soon as a component registers it; a test compares. Another test compares what the table
says is stateful with the rule `reliability/stateful-resources-are-protected`, and with what components
mark."""

from collections.abc import Iterable, Iterator, Mapping

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from stacks.properties import revealed
from stacks.providers.access import ACCESS
from stacks.providers.cluster import CLUSTERS
from stacks.providers.compute import COMPUTE
from stacks.providers.data import DATA
from stacks.providers.edge import EDGE
from stacks.providers.kubernetes import KUBERNETES
from stacks.providers.messages import MESSAGES
from stacks.providers.monitoring import MONITORING
from stacks.providers.row import ResourceType

TYPES: Mapping[str, ResourceType] = (
    ACCESS | CLUSTERS | COMPUTE | DATA | EDGE | KUBERNETES | MESSAGES | MONITORING
)
"""By type token, as in `gcp:sql/user:User`."""


def holds_data(token: str) -> bool:
    """Whether data is lost with a resource of this type. False for a type that isn't in the table."""
    return token in TYPES and bool(TYPES[token].data)


def is_store(token: str) -> bool:
    """Whether a type is (part of) what a service's spec calls a store. False for one not in the table."""
    return token in TYPES and TYPES[token].is_store


def is_forever(token: str) -> bool:
    """Whether what is of a type stays when it is deleted, with its name. False for one not in the table."""
    return token in TYPES and TYPES[token].is_forever


def is_counted(token: str) -> bool:
    """Whether the cloud counts resources of a type, and another one is no harm. False for one not in the
    table."""
    return token in TYPES and TYPES[token].is_counted


def changes(token: str, old: Json, new: Json, changed: Iterable[Pointer]) -> Iterator[Pointer]:
    """Those of the `changed` paths that the provider takes for changes of a resource of this type, and not
    for what the cloud has done by itself. `old` and `new` are as for `replaces`; all paths of a type that
    isn't in the table."""
    cleared = _cleared(token, old, new)
    for path in changed:
        if ".".join(part for part in path if isinstance(part, str)) not in cleared:
            yield path


def without_cleared(token: str, old: Json, new: Json) -> Json:
    """The inputs `new` of a resource of this type, with those that the provider leaves alone as they are in
    `old`."""
    found = new
    for name in _cleared(token, old, new):
        found = _with(found, old, name.split("."))
    return found


def _cleared(token: str, old: Json, new: Json) -> list[str]:
    row = TYPES.get(token)
    if row is None or row.cleared_when is None:
        return []
    return [*row.cleared_when(revealed(old), revealed(new))]


def _with(new: Json, old: Json, path: list[str]) -> Json:
    head, *rest = path
    return {**new, head: _with(new[head], old[head], rest) if rest else old[head]}


def replaces(token: str, old: Json, new: Json, changed: Iterable[Pointer]) -> Iterator[Pointer]:
    """Those of the `changed` paths that replace a resource of this type: it can't be changed there in place.

    `old` and `new` are all inputs before and after, with the engine's marks of secrets and unknown values or
    without. Gives nothing for a type that isn't in the table."""
    if token not in TYPES:
        return
    row = TYPES[token]
    fields = [*row.immutable]
    if row.replaced_when is not None:
        fields += row.replaced_when(revealed(old), revealed(new))
    for path in changes(token, old, new, changed):
        name = ".".join(part for part in path if isinstance(part, str))
        # A whole object may have come or gone with the field in it.
        if any(_is_within(name, field) or (name and _is_within(field, name)) for field in fields):
            yield path


def _is_within(name: str, field: str) -> bool:
    return name == field or name.startswith(f"{field}.")
