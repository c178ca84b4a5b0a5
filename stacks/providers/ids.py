"""The id that a provider gives a resource. It follows from type and inputs, because names are explicit.

The local cloud gives these ids, and a recovery finds by them what an update made without recording it."""

import re
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from catalog.document import Json
from stacks.properties import is_unknown, revealed
from stacks.providers.table import TYPES


class ProviderSettings(NamedTuple):
    """Where a provider works: its configuration. `cluster` is a Kubernetes provider's `clusterIdentifier`;
    what isn't set is empty."""

    project: str = ""
    region: str = ""
    cluster: str = ""


def identity(token: str, inputs: Json, place: ProviderSettings) -> str:
    """The id of a resource; empty when it doesn't follow from these inputs: the type isn't in the table, or
    what its id is made of is missing or only known later."""
    plain = revealed(inputs)
    if token.startswith("kubernetes:"):
        return _object_identity(plain)
    if token not in TYPES:
        return ""
    row = TYPES[token]
    known = {"project": place.project, "region": place.region, **plain}
    parts = {name: known.get(name) for name in re.findall(r"{(\w+)}", row.id)}
    if not all(map(_is_plain, parts.values())):
        return ""
    if row.is_escaped:
        parts = {name: quote_plus(str(part)) for name, part in parts.items()}
    id_ = row.id.format_map(parts)
    title = (plain.get("condition") or {}).get("title")
    return f"{id_}/{title}" if title else id_


def _object_identity(inputs: Json) -> str:
    """`namespace/name` of a Kubernetes object, or the name of what stands in no namespace."""
    metadata = inputs.get("metadata") or {}
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str) or is_unknown([name, namespace]):
        return ""
    return f"{namespace}/{name}" if namespace else name


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and value != "" and not is_unknown(value)
