"""Reads a file of what exists: the one way in for every source.

A source is a module in `sources/` with `recognises(text)` and `read(text)`; nothing lists them."""

import functools
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

from pave.adopting.found import FoundResource
from pave.refused import Refused

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that are read at most: an export of a hundred thousand resources has about as many."""


class NoSource(Exception):
    """What is wrong with a file, as a sentence, and where in it, as in `line 3`; that may be empty."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where


class JsonValue(NamedTuple):
    """A JSON value of a file, and the line on which it begins."""

    line: int
    data: Any


class SourceText(NamedTuple):
    """A file's text, and the JSON in it: one value, or one on each line; none where it is no JSON."""

    text: str
    values: Sequence[JsonValue]


def read_found(file: Path) -> list[FoundResource]:
    """What a file says that exists. Raises Refused when it can't be read, or is of no kind that is known."""
    try:
        if file.stat().st_size > LARGEST:
            raise Refused(f"{file} is larger than {LARGEST // 1024**2} MB. Export one project, not all.")
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file} isn't text: byte {error.start} is no UTF-8.") from error
    try:
        source = SourceText(text, tuple(_values(text)))
        for module in _sources():
            if module.recognises(source):
                found: list[FoundResource] = list(module.read(source))
                return found
    except NoSource as error:
        where = f":{error.where}" if error.where else ""
        raise Refused(f"{file}{where}: {error.what}") from error
    raise Refused(
        f"{file} is neither an export of the asset inventory (`gcloud asset export`, `gcloud asset list`,"
        " `gcloud asset search-all-resources`), nor a Terraform state (`terraform state pull`), nor a list of"
        " ids, one a line."
    )


@functools.cache
def _sources() -> tuple[ModuleType, ...]:
    package = import_module("pave.adopting.sources")
    return tuple(import_module(f"{package.__name__}.{each.name}") for each in iter_modules(package.__path__))


def _values(text: str) -> Iterator[JsonValue]:
    """The JSON of a text that begins like some."""
    begin = len(text) - len(text.lstrip())
    if text[begin : begin + 1] not in {"{", "["}:
        return
    line = text.count("\n", 0, begin) + 1
    try:
        whole = _decoded(text)
    except msgspec.DecodeError as error:
        first, _, others = text[begin:].partition("\n")
        if not first.rstrip().endswith("}") or not others.strip():
            raise NoSource(f"This isn't JSON: {error}.") from error
        yield from _line_by_line(text)
    else:
        yield JsonValue(line, whole)


def _line_by_line(text: str) -> Iterator[JsonValue]:
    for number, each in enumerate(text.split("\n"), start=1):
        if each.strip():
            try:
                yield JsonValue(number, _decoded(each))
            except msgspec.DecodeError as error:
                raise NoSource(f"This line isn't JSON: {error}.", str(number)) from error


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text.encode())
    except RecursionError as error:
        raise NoSource("This JSON is nested deeper than anything that Google or Terraform write.") from error
