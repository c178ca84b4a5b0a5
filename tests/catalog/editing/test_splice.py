"""Edits of a document's text: the value that is meant, and not a byte beside it."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.editing.edit import put
from catalog.editing.spelling import spellings
from catalog.editing.splice import Unspliceable, splice
from catalog.yaml.parsed import Mark, Parsed, Pointer
from catalog.yaml.text import parse
from tests.catalog.editing.yaml_hand import KEYS, SCALARS, VALUES, canonical, documents


def spliced(text: str, pointer: Pointer, value: Any) -> str:
    source = text.encode()
    after = splice(source, parse(source, "before"), pointer, value)
    assert parse(after, "after").data == put(parse(source, "before").data, pointer, value)
    return after.decode()


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("a: 1\n", "a", 2, "a: 2\n"),
        ("a: 1  # why\nb: x\n", "a", "two words", "a: two words  # why\nb: x\n"),
        ("a: 'x'\n", "a", "it's", "a: 'it''s'\n"),
        ('a: "x"\n', "a", "y", 'a: "y"\n'),
        ('a: "14"\n', "a", 14, "a: 14\n"),
        ("a: x\n", "a", "off", 'a: "off"\n'),
        ("a: 14\n", "a", "15", 'a: "15"\n'),
        ("a: x\n", "a", "x: y # z", 'a: "x: y # z"\n'),
        ("a: x\n", "a", "", 'a: ""\n'),
        ("a: x\n", "a", "a\nb\u00a0c\u0085", 'a: "a\\nb\\u00a0c\\u0085"\n'),
        ("a: x\n", "a", 1e-7, "a: 1e-07\n"),
        ("a:\nb: 1\n", "a", "x", "a: x\nb: 1\n"),
        ("a:   # nobody knows\n", "a", 3, "a: 3   # nobody knows\n"),
        ("a: |\n  one\n  two\n\n# c\nb: 1\n", "a", "x", "a: x\n\n# c\nb: 1\n"),
        ("a: one\n  two\nb: 1\n", "a", "x", "a: x\nb: 1\n"),
        ('{"a":1}', "a", True, '{"a":true}'),
        ("a: 1", "a", 2, "a: 2"),
        ("\ufeffa: 1\r\nb: 2\r\n", "a", 2, "\ufeffa: 2\r\nb: 2\r\n"),
        ("ä: {ö: 1, ü: 2} # ß\n", "ä.ü", "é", "ä: {ö: 1, ü: é} # ß\n"),
    ],
)
def test_a_scalar_is_replaced_in_its_style(before: str, pointer: str, value: Any, after: str) -> None:
    assert spliced(before, steps(pointer), value) == after


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("a: 1\n", "b", 2, "a: 1\nb: 2\n"),
        ("a: 1", "b", 2, "a: 1\nb: 2"),
        ("a: 1\r\n", "b", 2, "a: 1\r\nb: 2\r\n"),
        (
            "s:\n  - n: 1  # c\n\n  # next\n  - n: 2\n",
            "s.0.m",
            5,
            "s:\n  - n: 1  # c\n    m: 5\n\n  # next\n  - n: 2\n",
        ),
        ("s:\n- n:\n- n: 2\n", "s.0.m", 5, "s:\n- n:\n  m: 5\n- n: 2\n"),
        ("a:\n    b: |\n      x\n\nc: 1\n", "a.d", 2, "a:\n    b: |\n      x\n    d: 2\n\nc: 1\n"),
        ("a:\n  b: |+\n    x\n\n\nc: 1\n", "a.d", 2, "a:\n  b: |+\n    x\n\n\n  d: 2\nc: 1\n"),
        ("a:\n  b: |+\n    x\n\n", "a.d", 2, "a:\n  b: |+\n    x\n\n  d: 2\n"),
        ("a: {}\n", "a.b", 1, "a: {b: 1}\n"),
        ("a: { }\n", "a.b", 1, "a: {b: 1}\n"),
        ("a: {# c\n}\n", "a.b", 1, "a: {b: 1 # c\n}\n"),
        ("a: {b: 1}  # c\n", "a.c", 2, "a: {b: 1, c: 2}  # c\n"),
        ("a: { b: 1, }\n", "a.c", 2, "a: { b: 1, c: 2, }\n"),
        ("a: { b: [1, 2] }\n", "a.c", 2, "a: { b: [1, 2], c: 2 }\n"),
        ("a: {\n  b: 1,\n  c: 2  # c\n}\n", "a.d", 3, "a: {\n  b: 1,\n  c: 2,  # c\n  d: 3\n}\n"),
        ("a: {\n  b: 1,\n  c: 2,  # c\n  }\n", "a.d", 3, "a: {\n  b: 1,\n  c: 2,  # c\n  d: 3,\n  }\n"),
        ("a: {\n  b: 1,\n  c: 2}\n", "a.d", 3, "a: {\n  b: 1,\n  c: 2,\n  d: 3}\n"),
        ("a: {b: 1,\n    c: 2}\n", "a.d", 3, "a: {b: 1,\n    c: 2,\n    d: 3}\n"),
        ("a: [b: 1]\n", "a.0.c", 2, "a: [{b: 1, c: 2}]\n"),
        ("s:\n  - name: db\n", "s.0.backup.retained", 7, "s:\n  - name: db\n    backup: {retained: 7}\n"),
        ("s:\n  - {name: db}\n", "s.0.backup.retained", 7, "s:\n  - {name: db, backup: {retained: 7}}\n"),
        ("a:\nb: 1\n", "a.x.z", 7, "a: {x: {z: 7}}\nb: 1\n"),
        ("a: ~\n", "a.x", [1, "two, three"], 'a: {x: [1, "two, three"]}\n'),
        ("a: 1\n...\n", "b", 2, "a: 1\nb: 2\n...\n"),
        ("a: 1\n", "on", 2, 'a: 1\n"on": 2\n'),
    ],
)
def test_a_missing_field_comes_last_in_the_style_of_its_mapping(
    before: str, pointer: str, value: Any, after: str
) -> None:
    assert spliced(before, steps(pointer), value) == after


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("a: [100]\n", "a", [5, 25, 50, 100], "a: [5, 25, 50, 100]\n"),
        ("a:\n  # most\n  - 100  # all\n", "a", [5, 100], "a:\n  # most\n  - 5\n  - 100  # all\n"),
        ("a:\n- x  # 1\n- y  # 2\n- z  # 3\nb: 1\n", "a", ["x", "z"], "a:\n- x  # 1\n- z  # 3\nb: 1\n"),
        ("a:\n  - x\n  - y", "a", ["x"], "a:\n  - x"),
        ("a:\r\n  - x\r\n  - y", "a", ["x"], "a:\r\n  - x"),
        ("a:\n  - x\n", "a", [], "a: []\n"),
        ("a: # c\n  - x\n  # d\n  - y\nb: 1\n", "a", "z", "a: z # c\nb: 1\n"),
        ("a: []\n", "a", ["x", "z"], "a: [x, z]\n"),
        ("a: [x, y, z]\n", "a", ["x", "z"], "a: [x, z]\n"),
        ("a: [x, y, z]\n", "a", ["x", "y"], "a: [x, y]\n"),
        ("a: [x, y, z]\n", "a", ["y", "z"], "a: [y, z]\n"),
        (
            "a: [\n  x,  # 1\n  y,  # 2\n  z,  # 3\n]\n",
            "a",
            ["x", "z"],
            "a: [\n  x,  # 1\n    # 2\n  z,  # 3\n]\n",
        ),
        ("a: [\n  x,\n  z\n]\n", "a", ["x", "v", "z"], "a: [\n  x,\n  v,\n  z\n]\n"),
        ("a: [x, z]\n", "a", ["x", "v", "z"], "a: [x, v, z]\n"),
        ("a:\n  - - 1\n    - 2\n", "a.0", [2], "a:\n  - - 2\n"),
        ("a:\n  - x\n  - y\n", "a.1", "z", "a:\n  - x\n  - z\n"),
        ("a: {b: 1, c: 2}\n", "a", {"b": 1}, "a: {b: 1}\n"),
        ("a:\n  b: 1  # keep\n  c: 2\nd: 3\n", "a", {"b": 1, "e": 4}, "a:\n  b: 1  # keep\n  e: 4\nd: 3\n"),
        ("a:\n  - b: 1\n    c: 2\n", "a.0", {"c": 2}, "a:\n  - c: 2\n"),
        ("a:\n  - x: {b: 1}\n", "a", [{"x": {"b": 2}}], "a:\n  - x: {b: 2}\n"),
    ],
)
def test_of_a_list_or_a_mapping_only_what_differs_is_touched(
    before: str, pointer: str, value: Any, after: str
) -> None:
    assert spliced(before, steps(pointer), value) == after


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("list.5", 1, "no such item"),
        ("nothing.0.x", 1, "no such item"),
        ("list.name", 1, "no such item"),
        ("", 1, "a document is a mapping"),
        ("a", float("nan"), "no edit"),
        ("a", "\ud800", "no edit"),
        ("a", "x" * 70_000, "no edit"),
    ],
)
def test_what_cannot_be_written_is_refused_and_says_why(pointer: str, value: Any, said: str) -> None:
    text = b"a: 1\nlist: [1]\n"
    with pytest.raises(Unspliceable, match=said):
        splice(text, parse(text, "x"), steps(pointer), value)


def steps(pointer: str) -> Pointer:
    return tuple(int(step) if step.isdigit() else step for step in pointer.split(".") if step)


@st.composite
def pointers(draw: st.DrawFn, data: Any) -> Pointer:
    pointer: Pointer = ()
    while isinstance(data, dict | list) and (not pointer or draw(st.integers(0, 3))):
        steps: list[Any] = [*data] if isinstance(data, dict) else [*range(len(data))]
        if isinstance(data, dict) and not draw(st.integers(0, 3)):
            missing = draw(KEYS)
            assume(missing not in data)
            return (*pointer, missing, *draw(st.lists(KEYS, max_size=2)))
        if not steps:
            break
        pointer = (*pointer, draw(st.sampled_from(steps)))
        data = value_at(data, pointer[-1:])
    return pointer


@st.composite
def wishes(draw: st.DrawFn, data: Any, pointer: Pointer) -> Any:
    """A value to write: any, or one that is like what is there."""
    old = value_at(data, pointer)
    if isinstance(old, list) and old and draw(st.booleans()):
        kept = [item for item in old if draw(st.booleans())]
        kept.insert(draw(st.integers(0, len(kept))), draw(VALUES))
        return kept
    if isinstance(old, dict) and old and draw(st.booleans()):
        kept_entries = {key: of for key, of in old.items() if draw(st.booleans())}
        return {**kept_entries, **draw(st.dictionaries(KEYS, VALUES, max_size=2))}
    return draw(VALUES)


@given(documents(), st.data())
def test_a_splice_says_what_was_wanted_and_touches_nothing_else(text: bytes, draw: st.DataObject) -> None:
    before = parse(text, "before")
    pointer = draw.draw(pointers(before.data))
    assume(pointer)
    value = draw.draw(wishes(before.data, pointer))
    changed = splice(text, before, pointer, value)
    after = parse(changed, "after")
    assert canonical(after.data) == canonical(put(before.data, pointer, value))
    assert others(text, before, pointer) == others(changed, after, pointer)
    assert comments_outside(text, before, pointer) <= comments(changed)
    assert changed.startswith(b"\xef\xbb\xbf") == text.startswith(b"\xef\xbb\xbf")
    assert set(re.findall(b"\r\n|\r|\n", changed)) <= (set(re.findall(b"\r\n|\r|\n", text)) or {b"\n"})


@given(documents(), st.data())
def test_a_new_scalar_changes_no_byte_outside_the_old_one(text: bytes, draw: st.DataObject) -> None:
    before = parse(text, "before")
    scalars = [p for p in before.values if not isinstance(value_at(before.data, p), dict | list)]
    assume(scalars)
    pointer = draw.draw(st.sampled_from(scalars))
    changed = splice(text, before, pointer, draw.draw(SCALARS))
    start, end = span(text, before.values[pointer])
    assert changed.startswith(text[:start])
    assert changed.endswith(text[end:])


@given(documents(), KEYS, SCALARS, st.data())
def test_a_new_field_only_adds_bytes(text: bytes, key: str, value: Any, draw: st.DataObject) -> None:
    before = parse(text, "before")
    mappings = [
        p for p in before.values if isinstance(of := value_at(before.data, p), dict) and key not in of
    ]
    assume(mappings)
    pointer = (*draw.draw(st.sampled_from(mappings)), key)
    changed = splice(text, before, pointer, value)
    rest = iter(changed)
    assert all(byte in rest for byte in text if byte not in b" ")


def value_at(data: Any, pointer: tuple[Any, ...]) -> Any:
    for step in pointer:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def span(text: bytes, mark: Mark) -> tuple[int, int]:
    """The bytes of a mark, without the blanks that a text block's mark reaches over."""
    source = text.decode("utf-8-sig")
    lines = re.split("(?<=\n)|(?<=\r)(?!\n)", source)
    start = len("".join(lines[: mark.line - 1])) + mark.column - 1
    end = len("".join(lines[: mark.end_line - 1])) + mark.end_column - 1
    extra = len(text) - len(source.encode())
    return extra + len(source[:start].encode()), extra + len(source[:end].encode())


def others(text: bytes, parsed: Parsed, pointer: Pointer) -> dict[Any, bytes]:
    """How each key and scalar is written that is no part of what a pointer leads to."""
    found: dict[Any, bytes] = {}
    for marks in (parsed.values, parsed.keys):
        for place, mark in marks.items():
            is_scalar = marks is parsed.keys or not isinstance(value_at(parsed.data, place), dict | list)
            if is_scalar and place[: len(pointer)] != pointer and pointer[: len(place)] != place:
                start, end = span(text, mark)
                found[place, marks is parsed.keys] = text[start:end].strip()
    return found


def comments(text: bytes) -> set[bytes]:
    return set(re.findall(rb"#<\d+>", text))


def comments_outside(text: bytes, parsed: Parsed, pointer: Pointer) -> set[bytes]:
    """Comments before the value at a pointer and after what follows it; all of them if nobody wrote it."""
    places = [*parsed.values.items(), *parsed.keys.items()]
    inside = [span(text, mark) for place, mark in places if place[: len(pointer)] == pointer]
    if not inside:
        return comments(text)
    begin, end = min(start for start, _ in inside), max(end for _, end in inside)
    outside = [span(text, mark)[0] for place, mark in places if place[: len(pointer)] != pointer]
    following = [start for start in outside if start >= end]
    return comments(text[:begin]) | comments(text[min(following) :] if following else b"")


def test_the_spellings_of_a_value_read_as_it() -> None:
    for value in (
        "x",
        "10.0.0.0",
        "a@b.example",
        "y",
        "2026-11-21",
        "12:30",
        "a#b",
        "a #b",
        "/[x]/*",
        "-",
        "é",
    ):
        for quote in ("", "'", '"'):
            for text in spellings(value, quote):
                assert parse(f"v: {text}\n".encode(), "v").data == {"v": value}


def test_text_that_old_readers_take_for_something_else_is_quoted() -> None:
    for value in (
        "no",
        "Off",
        "y",
        "1_000",
        "22:22",
        "2026-11-21",
        "0o17",
        "~",
        "null",
        "1e3",
        ".5",
        "<<",
        "=",
    ):
        assert next(iter(spellings(value))) == json.dumps(value)
