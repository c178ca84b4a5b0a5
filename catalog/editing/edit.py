"""Changes to a document as data, and the paths that lead into it. `splice` changes its text."""

import re
from typing import Any

from catalog.document import Document, Json
from catalog.place import Place, said_of
from catalog.yaml.parsed import Parsed, Pointer, Unusable
from catalog.yaml.text import parse

_STEP = re.compile(r"\.?([A-Za-z][A-Za-z0-9]*)|\[([^\[\]]+)\]")


class NoSuchPlace(Exception):
    """A path that leads nowhere; one line that says where it broke off and what is there."""


def pointer_for(path: str, data: Any) -> Pointer:
    """`spec.stores[redis].need` → a pointer into `data`; `spec.` may be left out. List items are named by
    their name or their position from 0. The last step may be a field that is not written yet.

    Raises NoSuchPlace."""
    steps: list[str | int] = []
    at, end = data, 0
    if not path.startswith(("spec", "metadata")):
        steps, at = ["spec"], data["spec"]
    for match in _STEP.finditer(path):
        if match.start() != end:
            break
        end = match.end()
        field, item = match.groups()
        step: str | int = field if field is not None else _position(at, item, path)
        if isinstance(step, str) and not isinstance(at, dict):
            raise NoSuchPlace(f"`{path}` asks for `{step}` where there are no fields.")
        steps.append(step)
        at = at[step] if isinstance(step, int) else at.get(step, {})
    if end != len(path) or not path:
        raise NoSuchPlace(f"`{path}` is no path. Write it like spec.stores[redis].need.")
    return tuple(steps)


def _position(items: Any, item: str, path: str) -> int:
    names = [entry.get("name") for entry in items] if isinstance(items, list) else []
    if item in names:
        return names.index(item)
    if item.isdecimal() and int(item) < len(names):
        return int(item)
    there = ", ".join(str(name) for name in names) or "nothing"
    raise NoSuchPlace(f"`{path}`: there is no `[{item}]`; there is {there}.")


def value_of(text: str) -> Any:
    """A value as it would be read in a spec: `3` is a number, `soft` a string, `[5, 100]` a list."""
    try:
        return parse(f"value: {text}\n".encode(), "value").data["value"]
    except Unusable as error:
        raise NoSuchPlace(f"`{text}` is no value: {error.what}.") from error


def put(data: Any, pointer: Pointer, value: Any) -> Any:
    """`data` with `value` at `pointer`; everything on the way is copied, nothing is changed in place."""
    if not pointer:
        return value
    step, rest = pointer[0], pointer[1:]
    if isinstance(data, list) and isinstance(step, int):
        return [put(item, rest, value) if i == step else item for i, item in enumerate(data)]
    fields: Json = data if isinstance(data, dict) else {}
    return {**fields, str(step): put(fields.get(str(step), {}), rest, value)}


def overriding(written: Json, place: Place, pointer: Pointer, value: Any) -> tuple[Pointer, Json]:
    """How a service says `value` at `pointer` of its spec for one place only: where its override stands, and
    what the override has to be. The service names the place.

    It is the way back of `catalog.defaults.merge_override`."""
    *_, (entry, at) = said_of(written, place)
    return (*at, "override"), _laid_over(entry.get("override"), written["spec"], pointer[1:], value)


def _laid_over(over: Any, base: Any, rest: Pointer, value: Any) -> Any:
    if not rest:
        return value
    step, rest = rest[0], rest[1:]
    if isinstance(step, str):
        fields = over if isinstance(over, dict) else {}
        below = base.get(step) if isinstance(base, dict) else None
        return {**fields, step: _laid_over(fields.get(step), below, rest, value)}
    items = over or []
    name = base[step].get("name") if isinstance(base[step], dict) else None
    if name is None:  # a list that is replaced as a whole
        return put(base, (step, *rest), value)
    place = next((index for index, item in enumerate(items) if item["name"] == name), len(items))
    laid = _laid_over(items[place] if place < len(items) else {"name": name}, base[step], rest, value)
    return [*items[:place], laid, *items[place + 1 :]]


def edited(document: Document, pointer: Pointer, value: Any) -> Document:
    """The document as if its owner had written `value` at `pointer`; positions stay those of the file."""
    data = put(document.data, pointer, value)
    return Document(document.path, document.text, Parsed(data, document.parsed.values, document.parsed.keys))
