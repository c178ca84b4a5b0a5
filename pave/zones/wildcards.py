"""Which record answers for a name, and which names a wildcard passes by.

https://www.rfc-editor.org/rfc/rfc4592"""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from catalog.domains import closest_encloser, is_within, names_above, there
from pave.zones.held import HeldRecord, HeldZone


class PassedBy(msgspec.Struct, frozen=True, rename="camel"):
    """Names below a `wildcard` that have none of its `type` and don't get its answer either, as they are
    there with records of other types."""

    wildcard: str
    type: str
    names: list[str]


def answering(zone: HeldZone, name: str) -> Iterator[HeldRecord]:
    """The records that answer for a name: those of the name; without one, the delegation above it, or the
    wildcard below the nearest name above which is there."""
    own = [each for each in zone.records if each.name == name]
    if own:
        yield from own
        return
    delegated = next((above for above in names_above(name, zone.domain) if _has(zone, above, "NS")), None)
    names = there((each.name for each in zone.records), zone.domain)
    if delegated is None and name in names:
        return
    nearest = closest_encloser(name, names, zone.domain)
    for each in zone.records:
        if (delegated is not None and (each.name, each.type) == (delegated, "NS")) or (
            delegated is None and each.name == f"*.{nearest}"
        ):
            yield each


def passed_by(zone: HeldZone) -> Iterator[PassedBy]:
    """Each wildcard with the names that it passes by. Names that begin with `_` aren't meant by any."""
    kinds: dict[str, set[str]] = {}
    for each in zone.records:
        kinds.setdefault(each.name, set()).add(each.type)
    delegated = [name for name, of in kinds.items() if "NS" in of and name != zone.domain]
    for wildcard in zone.records:
        above = wildcard.name.removeprefix("*.")
        if above == wildcard.name:
            continue
        names = [
            name for name in kinds if name != above and is_within(name, above) and _is_meant(name, above)
        ]
        missed = [
            name
            for name in names
            if not kinds[name] & {wildcard.type, "CNAME"} and not _is_below(name, delegated, kinds, above)
        ]
        if missed:
            yield PassedBy(wildcard.name, wildcard.type, sorted(missed))


def _is_meant(name: str, above: str) -> bool:
    labels = name.removesuffix(above).split(".")
    return "*" not in labels and not any(label.startswith("_") for label in labels)


def _is_below(name: str, delegated: Collection[str], kinds: Mapping[str, set[str]], above: str) -> bool:
    """Whether others answer for a name: those to whom it is delegated, or a wildcard that is nearer."""
    nearer = any(f"*.{each}" in kinds for each in names_above(name, above) if each != above)
    return nearer or any(is_within(name, each) for each in delegated)


def _has(zone: HeldZone, name: str, kind: str) -> bool:
    return any((each.name, each.type) == (name, kind) for each in zone.records)
