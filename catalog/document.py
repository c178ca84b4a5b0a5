"""A file of the catalog, and the way from any element back to the place its owner wrote it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from catalog.yaml.parsed import Mark, Parsed, Pointer, Unusable
from catalog.yaml.text import parse, read

Json = dict[str, Any]


class Origin(msgspec.Struct, frozen=True, rename="camel"):
    """Where something comes from: a file under the catalog's root, an RFC 6901 pointer into it, and
    whether its owner wrote the value there (`written`) or it is a default below that place."""

    document: str
    pointer: str
    written: bool

    def __str__(self) -> str:
        return f"{self.document}#{self.pointer}"


class Document:
    """One file of the catalog: its place, its text, and where each part of it stands.

    `path` is relative to the catalog's root, with forward slashes; `data` is what its owner wrote. Made
    from data alone, which `text` is known to say, it finds the positions when it is first asked for one:
    they take ten times the memory of the data, and most documents are never pointed at."""

    __slots__ = ("_parsed", "data", "kind", "name", "path", "text")

    def __init__(self, path: str, text: bytes, said: Parsed | Json) -> None:
        self.path = path
        self.text = text
        self._parsed = said if isinstance(said, Parsed) else None
        self.data: Json = said.data if isinstance(said, Parsed) else said
        self.kind: str = self.data["kind"]
        self.name: str = self.data["metadata"]["name"]

    @property
    def parsed(self) -> Parsed:
        """The data with the position of each of its parts."""
        if self._parsed is None:
            self._parsed = parse(self.text, self.path)
        return self._parsed

    def says(self, pointer: Pointer) -> bool:
        """Whether its owner wrote something at `pointer`."""
        if self._parsed is not None:
            return pointer in self._parsed.values
        value: Any = self.data
        for step in pointer:
            if not _has(value, step):
                return False
            value = value[step]
        return True

    def trace(self, pointer: Pointer) -> tuple["Document", Pointer]:
        """The document in which something was written, and where there: this one. (One that is put together
        of several has parts of others.)"""
        return self, pointer

    def mark(self, pointer: Pointer) -> tuple[Mark, bool]:
        """Where to point a reader who asks for `pointer`, and whether it was written there.

        A written scalar: where its value starts. A written mapping or list: its key. Something that
        nobody wrote: the key of its nearest written ancestor, and False."""
        values, keys = self.parsed.values, self.parsed.keys
        at = pointer
        while at not in values and at:
            at = at[:-1]
        value = self._value(at)
        mark = values[at] if at not in keys or not isinstance(value, dict | list) else keys[at]
        return mark, at == pointer

    def _value(self, pointer: Pointer) -> Any:
        value: Any = self.data
        for step in pointer:
            value = value[step]
        return value


def quotable_lines(root: Path, path: str) -> list[str]:
    """The lines of a file of the catalog at `root`, to quote them; none when it can't be read."""
    try:
        return read(root / path, path).decode("utf-8-sig", "replace").splitlines()
    except Unusable:
        return []


def source_pointer(sources: Mapping[Pointer, Pointer], pointer: Pointer) -> Pointer:
    """Where in the owner's file an effective pointer was written: through the nearest replaced subtree."""
    for length in range(len(pointer), -1, -1) if sources else ():
        written = sources.get(pointer[:length])
        if written is not None:
            return written + pointer[length:]
    return pointer


def rfc6901(pointer: Pointer) -> str:
    """`("spec", "stores", 0)` → `/spec/stores/0` (https://www.rfc-editor.org/rfc/rfc6901)."""
    text = "/".join(map(str, pointer))
    if "~" in text or text.count("/") >= len(pointer):  # a step has one of its own
        text = "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in pointer)
    return f"/{text}" if pointer else ""


def pointer_of(text: str, data: Any) -> Pointer:
    """The reverse of `rfc6901`, against the document it points into: list positions become ints."""
    steps: list[str | int] = []
    for raw in text.split("/")[1:]:
        step: str | int = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(data, list):
            step = int(step)
        steps.append(step)
        data = data[step] if _has(data, step) else None
    return tuple(steps)


def readable(pointer: Sequence[str | int], data: Any) -> str:
    """A pointer for people: `spec.stores[db].availability`; list items by their name where they have one."""
    return "".join(_readable_steps(pointer, data)).removeprefix(".")


def _readable_steps(pointer: Sequence[str | int], data: Any) -> Iterator[str]:
    for step in pointer:
        data = data[step] if _has(data, step) else None
        if isinstance(step, int):
            named = isinstance(data, dict) and isinstance(data.get("name"), str)
            yield f"[{data['name'] if named else step}]"
        else:
            yield f".{step}"


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)
