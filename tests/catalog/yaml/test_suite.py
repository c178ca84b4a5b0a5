"""The YAML test suite: what is no YAML is refused with a line, and what is read says what the suite says.

`yaml_test_suite.json` holds all of its cases, with their licence and source."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from catalog.yaml.parsed import Unusable
from catalog.yaml.text import parse

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "yaml_test_suite.json").read_text("utf-8"))[
    "cases"
]

INVALID = [case for case in CASES if case.get("fail")]
VALID = [case for case in CASES if not case.get("fail")]

LEFT_OUT = (
    "a second document starts here",
    "directives are not supported",
    "(anchor|alias|tag) `.*` is not supported",
    "a value cannot start with this `&`",
    "a list, mapping or text block stands where a key must be",
    "key `.*` is not text",
    "a key ends here without `:` and value",
    "a tab, and YAML indents with spaces only",
    "`\\?` begins a key here for some readers",
    "the text block ends in a line of blanks that has no end",
)
"""Why a valid text may be refused: what JSON can't say, or two readers read differently."""

MISREAD = frozenset({"4MUZ/00", "4MUZ/01", "4MUZ/02", "5MUD", "58MP", "K3WX", "VJP3/01"})
"""Valid ones in brackets that libyaml refuses: a colon on the next line, or one that touches its value."""


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case["id"])
def test_what_is_no_yaml_is_refused_where_it_goes_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(Unusable) as refused:
        parse(case["yaml"].encode(), "spec.yaml")
    assert refused.value.line is not None


@pytest.mark.parametrize("case", VALID, ids=lambda case: case["id"])
def test_what_is_read_says_what_the_suite_says(case: dict[str, Any]) -> None:
    read = said_by(case["yaml"])
    if isinstance(read, Unusable):
        is_left_out = any(re.search(reason, read.what) for reason in LEFT_OUT)
        is_one_mapping = [type(one) for one in case.get("json", ())] == [dict]
        assert not is_one_mapping or is_left_out or case["id"] in MISREAD, str(read)
    else:
        assert [read] == case["json"]


def said_by(text: str) -> Any:
    try:
        return parse(text.encode(), "spec.yaml").data
    except Unusable as error:
        return error


def test_the_suite_is_whole() -> None:
    assert (len(INVALID), len(VALID)) == (94, 312)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a: {?name: q}\n", (1, 5)),
        ('a: "x"# no comment\n', (1, 7)),
        ("a: [1]# no comment\n", (1, 7)),
        ("a: [b,\nc]\n", (2, 1)),
        ('a:\n  b: "c\n d"\n', (2, 6)),
        ("a: ># no comment\n  b\n", (1, 5)),
        ("a: >\n    \n  b\n", (3, 3)),
    ],
)
def test_what_the_parser_lets_pass_is_refused_where_it_stands(text: str, position: tuple[int, int]) -> None:
    with pytest.raises(Unusable) as refused:
        parse(text.encode(), "spec.yaml")
    assert (refused.value.line, refused.value.column) == position


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [\n  1,\n  2\n]\n", [1, 2]),
        ("a: {\n  b: 1\n}\n", {"b": 1}),
        ('a: "b\n  c" # comment\n', "b c"),
        ("a: |\n  b\n\n\n  c\n", "b\n\n\nc\n"),
        ("a: |2\n     b\n   c\n", "   b\n c\n"),
        ("a: [1] # comment\n", [1]),
    ],
)
def test_what_all_readers_read_alike_is_read(text: str, said: Any) -> None:
    assert parse(text.encode(), "spec.yaml").data == {"a": said}
