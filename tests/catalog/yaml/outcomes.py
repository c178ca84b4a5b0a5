"""What both parsers make of any bytes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catalog.yaml import events
from catalog.yaml.parsed import Mark, Parsed, Pointer, Unusable
from catalog.yaml.text import parse
from tests.catalog.yaml.reading import LINE_BREAK, PARSERS, data


def pointers(tree: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, tree
    if isinstance(tree, dict | list):
        for step, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from pointers(inner, (*pointer, step))


def between(source: str, mark: Mark) -> tuple[int, str]:
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(source))]
    start = starts[mark.line - 1] + mark.column - 1
    end = starts[mark.end_line - 1] + mark.end_column - 1 if mark.end_line <= len(starts) else len(source)
    return start, source[start:end]


def require_positions_of_what_is_there(source: str, parsed: Parsed) -> None:
    found = dict(pointers(parsed.data))
    assert set(parsed.values) == set(found)
    assert set(parsed.keys) == {pointer for pointer in found if pointer and isinstance(pointer[-1], str)}
    for pointer, mark in parsed.keys.items():
        assert data(f"key:\n  {between(source, mark)[1]}: 1") == {"key": {pointer[-1]: 1}}
    for pointer, mark in parsed.values.items():
        start, written = between(source, mark)
        meant = found[pointer]
        if isinstance(meant, dict | list):
            children = [p for p in found if p[:-1] == pointer and p != pointer]
            is_first_key = bool(children) and mark[:2] == parsed.keys.get(children[0], (0, 0))[:2]
            assert source[start] in ("{?" if isinstance(meant, dict) else "[-") or is_first_key
        elif written == "":
            assert meant is None
            assert source[start - 1] in ":-"
        else:
            if written[0] not in "|>":
                written = LINE_BREAK.sub("\n ", written)  # what ran on in brackets runs on below a key
            assert repr(data(f"key: {written}")) == repr({"key": meant})


def outcome(source: bytes, parser: str) -> Parsed | Unusable:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_PARSER", PARSERS[parser])
        try:
            parsed = parse(source, "spec.yaml")
        except Unusable as error:
            return error
        # Each parser judges its own: about tabs at the edge of what YAML allows, the two don't always agree.
        require_positions_of_what_is_there(source.decode("utf-8-sig"), parsed)
        return parsed


def require_one_meaning_or_a_clear_refusal(source: bytes) -> None:
    """One document for both parsers, or an error that points into the text and fits on a line."""
    lines = LINE_BREAK.split(source.decode("utf-8-sig", errors="replace"))
    found = []
    for parser in PARSERS:
        result = outcome(source, parser)
        if isinstance(result, Parsed):
            found.append(result)
            continue
        assert result.line is not None
        assert result.column is not None
        assert 1 <= result.line <= len(lines)
        assert 1 <= result.column <= len(lines[result.line - 1]) + 1
        assert str(result).isprintable()
    for parsed in found:
        assert repr(parsed) == repr(found[0])
        assert repr(json.loads(json.dumps(parsed.data, allow_nan=False))) == repr(parsed.data)
