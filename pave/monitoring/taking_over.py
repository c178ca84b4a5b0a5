"""Promises that were written elsewhere, in the owner's own file."""

from collections.abc import Iterable
from typing import Any

from catalog.document import Document
from catalog.editing.splice import Unspliceable, splice
from catalog.kinds.service import Service
from catalog.loader import Catalog
from catalog.yaml.parsed import Pointer, Unusable
from catalog.yaml.text import parse
from pave.monitoring.importing import ReadPromise


class CantBeTaken(Exception):
    """A value that the file can't hold: one or two sentences."""


def differing(service: Service, said: Iterable[ReadPromise]) -> list[ReadPromise]:
    """What was said and isn't so yet, by what is written or by a default."""
    return [one for one in said if one.value != _value(service.data, one.pointer)]


def _value(data: Any, pointer: Pointer) -> Any:
    for step in pointer:
        data = data[step]
    return data


def taken_over(catalog: Catalog, document: Document, said: Iterable[ReadPromise]) -> bytes:
    """The text of a service's file with all values that were said; every other byte stays. Raises CantBeTaken
    for a value that can't stand there."""
    text = document.text
    for one in said:
        value = int(one.value) if one.value == int(one.value) else one.value
        try:
            text = splice(text, parse(text, document.path), one.pointer, value)
            changed = catalog.with_text(document.path, text)
        except (Unspliceable, Unusable) as error:
            raise CantBeTaken(
                f"{one.where}: {value} can't be written into {document.path}: {error}."
            ) from error
        for refused in changed.problems[len(catalog.problems) :]:
            raise CantBeTaken(f"{one.where}: with {value}, {refused.message} {refused.fix}")
    return text
