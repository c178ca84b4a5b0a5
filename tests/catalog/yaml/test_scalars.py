"""Scalars: https://yaml.org/spec/1.2.2/#103-core-schema"""

import contextlib

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from catalog.yaml.parsed import Unusable
from tests.catalog.yaml.core_schema import CORE_SCHEMA, resolve_by_the_table
from tests.catalog.yaml.reading import both_parsers, data, refusal, value, where
from tests.laws import law


@both_parsers
@pytest.mark.parametrize(
    "plain",
    [
        "no", "No", "NO", "yes", "Yes", "on", "off", "Off", "y", "n", "Y", "N",
        "22:22", "1:30:00", "190:20:30.15", "2024-01-01", "2001-12-14t21:59:43.10-05:00",
        "0b11", "1_000", "0x_1", "0o8", "0O7", "0XFF", "+0o7", "-0x1", "1e", "e1",
        "1.2.3", "1..2", "--1", "+-1",
        "nULL", "TrUe", "nUll", "none", "None", "nil", "inf", ".iNF", "+.nan", "-.NaN", "Infinity", "NaN",
        "+", ".", "..", "-.", "+.e1", "<<", "=", "0o", "0x", "1 2", "1,2", "\u0661", "\uff11", "1e5\u0661",
    ],
)  # fmt: skip
def test_text_that_the_core_schema_does_not_know_stays_text(plain: str) -> None:
    assert value(plain) == plain


@both_parsers
@pytest.mark.parametrize(
    ("plain", "meant"),
    [
        ("010", 10), ("-010", -10), ("0o10", 8), ("0x1F", 31), ("0xdeadBEEF", 0xDEADBEEF), ("+12", 12),
        ("-0", 0), ("00", 0), ("0" * 5000 + "7", 7), ("0o0", 0),
        ("0.", 0.0), ("-0.0", -0.0), (".5", 0.5), ("-.5", -0.5), ("+12e03", 12000.0), ("-2E+05", -200000.0),
        ("1e3", 1000.0), ("1.10", 1.1), ("99.95", 99.95), ("1e-400", 0.0),
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
    ],
)  # fmt: skip
def test_plain_scalars_are_resolved_by_the_core_schema(plain: str, meant: object) -> None:
    assert repr(value(plain)) == repr(meant)


@both_parsers
@pytest.mark.parametrize("quoted", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("plain", ["1", "true", "null", "~", "1.5", ".inf", "0x1", "<<"])
def test_quoted_and_block_scalars_are_always_text(plain: str, quoted: str) -> None:
    assert value(quoted.format(plain)) == plain


@law(200)
@given(
    st.text("0123456789abefinostruxINFLNTAE+-._~", max_size=9)
    | st.from_regex("|".join(CORE_SCHEMA.values()).replace(" ", ""), fullmatch=True)
)
@example("9007199254740993")
@example("9e999")
def test_resolution_agrees_with_the_table_of_the_core_schema(plain: str) -> None:
    assume(plain not in {"-", "---", "..."})  # these structure a document
    found: object = "refused"
    with contextlib.suppress(Unusable):
        found = value(plain)
    assert repr(found) == repr(resolve_by_the_table(plain))


@both_parsers
def test_the_specification_s_own_example_is_read_as_it_says() -> None:
    # https://yaml.org/spec/1.2.2/#example-core-tag-resolution, without its infinities
    source = """\
A null: null
Booleans: [ true, True, false, FALSE ]
Integers: [ 0, 0o7, 0x3A, -19 ]
Floats: [
  0., -0.0, .5, +12e03, -2E+05 ]
"""
    assert data(source) == {
        "A null": None,
        "Booleans": [True, True, False, False],
        "Integers": [0, 7, 58, -19],
        "Floats": [0.0, -0.0, 0.5, 12000.0, -200000.0],
    }


@both_parsers
@pytest.mark.parametrize(
    "plain", [".inf", ".Inf", "-.INF", "+.inf", ".nan", ".NaN", ".NAN", "1e309", "-1e309", "9" * 400 + "."]
)
def test_numbers_that_are_not_finite_are_refused(plain: str) -> None:
    error = refusal(f"a:\n  - {plain}\n")
    assert where(error) == (2, 5)
    assert "not a finite number" in error.what


@both_parsers
def test_integers_are_bounded_by_what_every_json_reader_keeps() -> None:
    for plain, number in (
        ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)),
        ("0x20000000000000", 2**53),
    ):
        assert value(plain) == number
    for plain in (
        "9007199254740993",
        "-9007199254740993",
        "0x20000000000001",
        "0o400000000000000001",
        "9" * 5000,
        "-" + "1" * 20,
    ):
        error = refusal(f"a: {plain}\n")
        assert where(error) == (1, 4)
        assert "beyond 2^53" in error.what
