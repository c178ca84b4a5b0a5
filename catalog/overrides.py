"""What differs of a service in one environment, or in one instance there, laid over what it says of all."""

from typing import Any

from catalog.document import Json
from catalog.place import Place, instance_of, said_of
from catalog.yaml.parsed import Pointer

PHASE = "phase"
"""What an entry of `environments` has while the service moves there, in place of an override: the whole spec
of the phase. Nobody writes it into a file: a migration does, where it is read."""


def merge_override(written: Json, place: Place) -> tuple[Json, dict[Pointer, Pointer]]:
    """The service as written, with what differs at `place` merged in: in its environment, and then in its
    instance. An environment or an instance that the service does not have changes nothing. While the service
    moves there, it is what the phase says, and its instances stay what they were.

    Mappings merge by field, lists whose items have names merge by name, all else is replaced. The
    second value says for each replaced place where in the file its value stands."""
    sources: dict[Pointer, Pointer] = {}
    spec = written["spec"]
    if any(PHASE in each for each in spec.get("environments", ())):
        spec = {**spec, "environments": [{"name": each["name"]} for each in spec["environments"]]}
    for entry, at in said_of(written, place):
        if PHASE in entry and instance_of(place) is None:
            spec = {**entry[PHASE], "environments": spec["environments"]}
            sources[("spec",)] = (*at, PHASE)
            continue
        if entry.get("override"):
            spec = _merge(spec, entry["override"], ("spec",), (*at, "override"), sources)
    return (written if spec is written["spec"] else {**written, "spec": spec}), sources


def _merge(base: Json, over: Json, here: Pointer, there: Pointer, sources: dict[Pointer, Pointer]) -> Json:
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = _merge(base[key], value, (*here, key), (*there, key), sources)
        elif _is_named_list(value) and _is_named_list(base.get(key)):
            merged[key] = _merge_named(base[key], value, (*here, key), (*there, key), sources)
        else:
            merged[key] = value
            sources[(*here, key)] = (*there, key)
    return merged


def _merge_named(
    base: list[Json], over: list[Json], here: Pointer, there: Pointer, sources: dict[Pointer, Pointer]
) -> list[Json]:
    merged = list(base)
    places = {item["name"]: index for index, item in enumerate(base)}
    for index, item in enumerate(over):
        place = places.get(item["name"])
        if place is None:
            sources[(*here, len(merged))] = (*there, index)
            merged.append(item)
        else:
            merged[place] = _merge(merged[place], item, (*here, place), (*there, index), sources)
    return merged


def _is_named_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and "name" in item for item in value)
