"""What a YAML document may consist of, and where the reader says its parts stand."""

import pytest

from catalog.yaml.parsed import Mark, Parsed
from catalog.yaml.text import parse
from tests.catalog.yaml.reading import both_parsers, data, refusal, value, where


@both_parsers
def test_a_document_is_read_with_the_position_of_every_key_and_value() -> None:
    source = """\
# shop
spec:
  name: 'shop'
  stores:
    - {kind: redis, n: 2}
    -
  note: |
    one
    two
last:
"""
    assert parse(source.encode(), "spec.yaml") == Parsed(
        data={
            "spec": {"name": "shop", "stores": [{"kind": "redis", "n": 2}, None], "note": "one\ntwo\n"},
            "last": None,
        },
        values={
            (): Mark(2, 1, 2, 1),
            ("spec",): Mark(3, 3, 3, 3),
            ("spec", "name"): Mark(3, 9, 3, 15),
            ("spec", "stores"): Mark(5, 5, 5, 5),
            ("spec", "stores", 0): Mark(5, 7, 5, 7),
            ("spec", "stores", 0, "kind"): Mark(5, 14, 5, 19),
            ("spec", "stores", 0, "n"): Mark(5, 24, 5, 25),
            ("spec", "stores", 1): Mark(6, 6, 6, 6),
            ("spec", "note"): Mark(7, 9, 10, 1),
            ("last",): Mark(10, 6, 10, 6),
        },
        keys={
            ("spec",): Mark(2, 1, 2, 5),
            ("spec", "name"): Mark(3, 3, 3, 7),
            ("spec", "stores"): Mark(4, 3, 4, 9),
            ("spec", "stores", 0, "kind"): Mark(5, 8, 5, 12),
            ("spec", "stores", 0, "n"): Mark(5, 21, 5, 22),
            ("spec", "note"): Mark(7, 3, 7, 7),
            ("last",): Mark(10, 1, 10, 5),
        },
    )


@both_parsers
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_with_lf_or_cr_lf_or_a_lone_cr(line_break: str) -> None:
    parsed = parse(line_break.join(["a: 'x", "  y'", "", "b: 2", ""]).encode(), "spec.yaml")
    assert parsed.data == {"a": "x y", "b": 2}
    assert parsed.values["a",] == Mark(1, 4, 2, 5)
    assert parsed.keys["b",] == Mark(4, 1, 4, 2)
    assert where(refusal(line_break.join(["a: 1", "", "b: \x07"]))) == (3, 4)
    assert where(refusal(line_break.join(["a: 1", "", "b: [*"]))) == (3, 5)


@both_parsers
def test_columns_count_characters_and_not_bytes_or_utf_16_units() -> None:
    assert parse("{e\u0301\U0001f600: \U0001f600, b: 2}".encode(), "spec.yaml").values["b",] == Mark(
        1, 13, 1, 14
    )


@both_parsers
@pytest.mark.parametrize(
    "source", ["", "\n\n", "# only\n# comments\n", "---\n", "---\n...\n", "\ufeff", "--- # x\n"]
)
def test_an_empty_document_is_refused(source: str) -> None:
    error = refusal(source)
    assert where(error) == (1, 1)
    assert error.what == "the document is empty"


@both_parsers
@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("- a: 1\n", "a list"),
        ("[]\n", "a list"),
        ("shop\n", "the single value `shop`"),
        ("name:shop\n", "the single value `name:shop`"),
        ("null\n", "the single value `null`"),
        ("''\n", "the single value ``"),
        ("42\n", "the single value `42`"),
    ],
)
def test_a_document_that_is_no_mapping_is_refused(source: str, found: str) -> None:
    error = refusal(f"# comment\n{source}")
    assert where(error) == (2, 1)
    assert error.what == f"the document is {found}, not a mapping of keys to values"


@both_parsers
def test_an_empty_mapping_and_document_markers_are_fine() -> None:
    assert data("{}") == {}
    assert data("---\na: 1\n...\n# end\n") == {"a": 1}


@both_parsers
@pytest.mark.parametrize("source", ["a: 1\n---\nb: 2\n", "a: 1\n---\n", "a: 1\n--- # again\na: 1\n"])
def test_a_second_document_is_refused(source: str) -> None:
    error = refusal(source)
    assert where(error) == (2, 1)
    assert error.what == "a second document starts here"


@both_parsers
@pytest.mark.parametrize(
    "source",
    [
        "%YAML 1.1\n---\na: 1\n",
        "%YAML 1.2\n---\na: 1\n",
        "%TAG ! x\n---\na: 1\n",
        "%X 1\n---\na: 1\n",
        "%YAML 1.1\na: 1\n",
    ],
)
def test_a_directive_is_refused(source: str) -> None:
    error = refusal(source)
    assert where(error) == (1, 1)
    assert "`%` directives are not supported" in error.what


@both_parsers
def test_a_directive_below_a_comment_is_refused_at_its_line() -> None:
    assert where(refusal("# comment\n%YAML 1.1\n---\na: no\n")) == (2, 1)


@both_parsers
@pytest.mark.parametrize(
    ("source", "line", "column", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, 1),
        ("x:\n  a: 1\n  'a': 2\n", 3, 3, 2),
        ('x:\n  - {a: 1, "\\u0061": 2}\n', 2, 12, 2),
        ("a:\n  b: 1\na:\n  c: 1\n", 3, 1, 1),
    ],
)
def test_a_duplicate_key_is_refused_with_both_lines(source: str, line: int, column: int, first: int) -> None:
    error = refusal(source)
    assert where(error) == (line, column)
    assert error.what.startswith(f"key `a` is on line {first} already")


@both_parsers
def test_the_same_key_in_two_mappings_is_fine() -> None:
    assert data("a: {a: 1}\nb: [{a: 1}, {a: 2}]\n") == {"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("a: &x 1\n", (1, 4)),
        ("a: &x\n  b: 1\n", (1, 4)),
        ("a: &x [1]\n", (1, 4)),
        ("&x a: 1\n", (1, 1)),
        ("&x\na: 1\n", (1, 1)),
        ("a: &x\n", (1, 4)),
        ("a: &x !!str 1\n", (1, 4)),
    ],
)
def test_anchors_are_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "anchor `&x` is not supported" in error.what


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [("a: *x\n", (1, 4)), ("a: [1, *x]\n", (1, 8)), ("*x : 1\n", (1, 1)), ("*x\n", (1, 1))],
)
def test_aliases_are_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "alias `*x` is not supported" in error.what


@both_parsers
@pytest.mark.parametrize(
    ("source", "position", "tag"),
    [
        ("a: !!str 5\n", (1, 4), "!!str"),
        ("a: !Ref x\n", (1, 4), "!Ref"),
        ("a: !<tag:yaml.org,2002:int> '5'\n", (1, 4), "!…"),
        ("a: !!set {x}\n", (1, 4), "!!set"),
        ("a: !!python/object/apply:os.system [id]\n", (1, 4), "!…"),
        ("a: ! 5\n", (1, 4), "!"),
        ("a: ! '5'\n", (1, 4), "!"),
        ("a: ! [5]\n", (1, 4), "!"),
        ("a: !\nb: 1\n", (1, 4), "!"),
        ("a:\n- ! b: 1\n", (2, 3), "!"),
        ("!!str a: 1\n", (1, 1), "!!str"),
        ("!!map\na: 1\n", (1, 1), "!!map"),
        ("! 5\n", (1, 1), "!"),
    ],
)
def test_tags_are_refused(source: str, position: tuple[int, int], tag: str) -> None:
    error = refusal(source)
    assert where(error) == position
    assert f"tag `{tag}` is not supported" in error.what


@both_parsers
def test_an_exclamation_mark_inside_text_is_no_tag() -> None:
    assert data("a!: b!\n'!c': '!d'\ne: |\n  !f\n") == {"a!": "b!", "!c": "!d", "e": "!f\n"}


@both_parsers
def test_merge_keys_are_refused_and_quoted_ones_are_text() -> None:
    error = refusal("a:\n  <<: {b: 1}\n")
    assert where(error) == (2, 3)
    assert "merge key" in error.what
    assert data("'<<': 1\n") == {"<<": 1}
    assert value("<<") == "<<"


@both_parsers
@pytest.mark.parametrize(
    "key", ["null", "~", "Null", "true", "FALSE", "1", "-1", "0x1F", "1.5", "1e3", ".inf", ".nan", "9" * 5000]
)
def test_a_key_that_is_no_text_is_refused_and_its_quoted_form_is_text(key: str) -> None:
    error = refusal(f"a:\n  {key}: x\n")
    assert where(error) == (2, 3)
    assert "is not text" in error.what or len(key) > 1024
    if len(key) < 1024:
        assert f'Quote it: `"{key}"`' in error.fix
        assert data(f'a:\n  "{key}": x\n') == {"a": {key: "x"}}


@both_parsers
def test_keys_that_only_yaml_1_1_takes_for_something_else_are_text() -> None:
    assert list(data("on: 1\nno: 2\ny: 3\n22:22: 4\n2024-01-01: 5\n-a: 6\n+: 7\n.: 8\n=: 9\n")) == [
        "on", "no", "y", "22:22", "2024-01-01", "-a", "+", ".", "=",
    ]  # fmt: skip


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("? [a]\n: b\n", (1, 3)),
        ("[a]: b\n", (1, 1)),
        ("x:\n  {a: 1}: b\n", (2, 3)),
        ("? |\n  a\n: b\n", (1, 3)),
        ("url: {{ host }}\n", (1, 7)),
    ],
)
def test_a_key_that_is_a_list_a_mapping_or_a_block_is_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "where a key must be" in error.what


@both_parsers
@pytest.mark.parametrize(
    "source", ["a:\n  : x\n", "a:\n  {: x}\n", "a:\n  ? # none\n  : x\n", "a:\n  {?: x}\n"]
)
def test_a_missing_key_is_refused(source: str) -> None:
    assert refusal(source).line in {2, 3}


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("x: {a:1}\n", (1, 8)),
        ("x: {a, b: 1}\n", (1, 6)),
        ("x: {a-}\n", (1, 7)),
        ("x: {'a'  , b: 1}\n", (1, 8)),
        ("? a\n:\n", (1, 4)),
        ("? a\n\n? b\n", (1, 4)),
        ("x: [? a]\n", (1, 8)),
    ],
)
def test_a_key_without_colon_and_value_is_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "without `:` and value" in error.what


@both_parsers
def test_a_value_left_out_is_null_right_after_its_colon_or_dash() -> None:
    parsed = parse(b"a:   # nothing\n\nb:\n  -\n  - {c: , d: }\n", "spec.yaml")
    assert parsed.data == {"a": None, "b": [None, {"c": None, "d": None}]}
    assert parsed.values["a",] == Mark(1, 3, 1, 3)
    assert parsed.values["b", 0] == Mark(4, 4, 4, 4)
    assert parsed.values["b", 1, "c"] == Mark(5, 8, 5, 8)


@both_parsers
def test_nesting_is_bounded() -> None:
    assert data("a: " + "[" * 63 + "]" * 63)
    error = refusal("a: " + "[" * 64 + "]" * 64)
    assert where(error) == (1, 67)
    assert "64 levels" in error.what
    assert "64 levels" in refusal("a: " + "[" * 900_000).what
    assert "64 levels" in refusal("a: " + "{a: " * 200_000).what
    assert "64 levels" in refusal("".join("  " * depth + "a:\n" for depth in range(200))).what


@pytest.mark.slow
def test_the_number_of_values_is_bounded() -> None:
    assert len(data("a:\n" + "- 1\n" * 49_998)["a"]) == 49_998
    error = refusal("a:\n" + "- 1\n" * 49_999)
    assert where(error) == (50_000, 3)
    assert "more than 50000 values" in error.what


@pytest.mark.parametrize("form", ["{}", "'{}'", '"{}"', "|-\n {}", ">-\n {}"])
def test_the_length_of_a_text_is_bounded(form: str) -> None:
    assert len(value(form.format("x" * 65_536))) == 65_536
    error = refusal("key: " + form.format("x" * 65_537))
    assert where(error) == (1, 6)
    assert "more than 65536 characters" in error.what


def test_the_length_of_a_key_is_bounded() -> None:
    assert data(f"{'k' * 1000}: 1\n") == {"k" * 1000: 1}
    assert "more than 65536 characters" in refusal(f"? {'k' * 65_537}\n: 1\n").what
    assert "at most 1024 characters" in refusal(f'{{"{"k" * 1100}": 1}}').fix


def test_a_text_that_was_not_read_from_a_file_is_bounded_too() -> None:
    assert "larger than 1024 KiB" in refusal(b"#" * (2**20 + 1)).what
