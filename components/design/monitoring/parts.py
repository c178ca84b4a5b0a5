"""Divides the rules of a service among objects, of which none is larger than an API server keeps."""

from collections.abc import Sequence

import msgspec

from catalog.document import Json

MOST_BYTES = 512 * 1024
"""Half of what a ConfigMap holds (https://kubernetes.io/docs/concepts/configuration/configmap/: 1 MiB), and a
third of what etcd takes at once (https://etcd.io/docs/latest/dev-guide/limit/: 1.5 MiB): there is room for
what the server adds, and for blanks."""


def in_parts(groups: Sequence[Json], most_bytes: int = MOST_BYTES) -> list[list[Json]]:
    """The groups in their order, as many together as `most_bytes` of JSON hold; one that is larger stands
    alone."""
    parts: list[list[Json]] = []
    filled = most_bytes
    for group in groups:
        size = len(msgspec.json.encode(group))
        if filled + size > most_bytes:
            parts.append([])
            filled = 0
        parts[-1].append(group)
        filled += size
    return parts


def part_name(name: str, number: int) -> str:
    """What the object with a part is called, the first of which has the number 0. No service's own name has a
    dot, so no other service's object is called so."""
    return name if number == 0 else f"{name}.{number + 1}"
