"""The id that a provider gives a resource. It follows from type and inputs, because names are explicit.

The local cloud gives these ids, and a recovery finds by them what was made without anybody hearing of it."""

import re
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from catalog.document import Json
from pave.local_cloud import kubernetes
from pave.local_cloud.kinds import KINDS
from pave.local_cloud.wire import is_unknown, revealed


class ProviderSettings(NamedTuple):
    """Where a provider works: what it was configured with."""

    project: str = ""
    region: str = ""
    cluster: str = ""


def identity(token: str, inputs: Json, place: ProviderSettings) -> str:
    """The id of a resource; empty when it doesn't follow from these inputs: the type isn't known here, or
    what its id is made of is missing or only known later."""
    plain = revealed(inputs)
    if token.startswith("kubernetes:"):
        return kubernetes.identity(plain)
    if token not in KINDS:
        return ""
    kind = KINDS[token]
    known = {"project": place.project, "region": place.region, **plain}
    parts = {name: known.get(name) for name in re.findall(r"{(\w+)}", kind.id)}
    if not all(map(_is_plain, parts.values())):
        return ""
    if kind.is_escaped:
        parts = {name: quote_plus(str(part)) for name, part in parts.items()}
    id_ = kind.id.format_map(parts)
    title = (plain.get("condition") or {}).get("title")
    return f"{id_}/{title}" if title else id_


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and value != "" and not is_unknown(value)
