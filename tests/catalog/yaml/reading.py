"""What the tests of the reader share: a document's data, or the refusal that it meets."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.yaml import events
from catalog.yaml.parsed import Unusable
from catalog.yaml.text import parse, read

PARSERS = {"default": vars(events)["_PARSER"], "without libyaml": yaml.SafeLoader}

both_parsers = pytest.mark.usefixtures("parser")

LINE_BREAK = re.compile("\r\n|\n|\r")


def data(source: str) -> Any:
    return parse(source.encode(), "spec.yaml").data


def value(plain: str) -> Any:
    return data(f"key: {plain}\n")["key"]


def refusal(source: str | bytes) -> Unusable:
    with pytest.raises(Unusable) as caught:
        parse(source if isinstance(source, bytes) else source.encode(), "spec.yaml")
    return caught.value


def unreadable(path: Path) -> Unusable:
    with pytest.raises(Unusable) as caught:
        read(path, "spec.yaml")
    assert (caught.value.line, caught.value.column) == (None, None)
    return caught.value


def where(error: Unusable) -> tuple[int | None, int | None]:
    return error.line, error.column
