"""Syntax that PyYAML refuses, said in words."""

import pytest

from catalog.yaml.parsed import Unusable
from tests.catalog.yaml.outcomes import outcome
from tests.catalog.yaml.reading import both_parsers, refusal, where


@both_parsers
@pytest.mark.parametrize(
    ("source", "position", "what"),
    [
        pytest.param("a:\n\tb: 1\n", (2, 1), "a tab", id="a tab indents"),
        pytest.param("a:\n  b: 1\n\tc: 2\n", (3, 1), "a tab", id="a tab indents the second line"),
        pytest.param("a:\n  \tb: 1\n", (2, 3), "a tab", id="a tab after spaces"),
        pytest.param("a:\n  -\tb: 1\n", (2, 4), "a tab", id="a tab after a dash"),
        pytest.param("a: |\n\ttext\n", (2, 1), "a tab", id="a tab in a text block"),
        pytest.param("a: 'x\nb: 1\n", (1, 4), "never closed", id="an open single quote"),
        pytest.param('a: 1\nb: "x\n', (2, 4), "never closed", id="an open double quote"),
        pytest.param("a: 'x\n\ty\n", (1, 4), "never closed", id="an open quote and a tab"),
        pytest.param("a: 'x\n---\nb'\n", (1, 4), "never closed", id="a quote over a document's end"),
        pytest.param("a: [1, 2\n", (1, 4), "`[` opened here is never closed", id="an open bracket"),
        pytest.param("a: {b: 1\n\n\n", (1, 4), "`{` opened here is never closed", id="an open brace"),
        pytest.param("a: [1, 2\nb: 3\n", (2, 2), "brackets opened on line 1, column 4", id="a bracket open"),
        pytest.param("a: {b: 1]\n", (1, 9), "`]` cannot stand here", id="the wrong bracket"),
        pytest.param("a: [1]]\n", (1, 7), "before this `]`", id="one bracket too many"),
        pytest.param("a: ]\n", (1, 4), "missing before this `]`", id="a closing bracket only"),
        pytest.param("a: [1,, 2]\n", (1, 7), "missing before this `,`", id="two commas"),
        pytest.param("a: b: c\n", (1, 5), "this `:` makes a key", id="a colon in text"),
        pytest.param("a: 1\n b: 2\n", (2, 3), "this `:` makes a key", id="a line indented too far"),
        pytest.param("a:\n  b: 1\n c: 2\n", (3, 2), "the one above in column 3", id="indented too little"),
        pytest.param("a:\n  - b\n c\n", (3, 2), "the one above in column 3", id="text between"),
        pytest.param("a:\n  - b: 1\n   - c\n", (3, 4), "nor one of its own", id="a dash in the wrong column"),
        pytest.param("a: 1\nb\nc: 2\n", (2, 1), "not `key: value`", id="a line without colon"),
        pytest.param("a: - b\n", (1, 4), "`- ` cannot start an entry", id="a list on its key's line"),
        pytest.param("a: ? b\n", (1, 4), "`? ` cannot start an entry", id="a question mark"),
        pytest.param("a: 1\n- b\n", (2, 1), "before this `-`", id="a list among keys"),
        pytest.param("a: 'it's'\n", (1, 8), "before this `s`", id="an apostrophe in single quotes"),
        pytest.param('a: "b" c\n', (1, 8), "before this `c`", id="text after a quote"),
        pytest.param("a: @b\n", (1, 4), "cannot start with this `@`", id="an at sign"),
        pytest.param("a: `b`\n", (1, 4), "cannot start with this ```", id="a backtick"),
        pytest.param("a: %b\n", (1, 4), "cannot start with this `%`", id="a percent sign"),
        pytest.param("a: *.example.com\n", (1, 4), "cannot start with this `*`", id="a wildcard"),
        pytest.param("a: & b\n", (1, 4), "cannot start with this `&`", id="an ampersand"),
        pytest.param("a: !a!b c\n", (1, 4), "cannot start with this `!`", id="a tag of an unknown handle"),
        pytest.param("a: !<b c\n", (1, 4), "cannot start with this `!`", id="an open tag"),
        pytest.param("a: | b\n", (1, 4), "text block that `|` opens", id="text after a bar"),
        pytest.param("a: >0\n  b\n", (1, 4), "text block that `>` opens", id="indented by zero"),
        pytest.param("a: 1\n...\nb: 2\n", (3, 1), "document has ended", id="text after the end"),
        pytest.param("{a: 1} b\n", (1, 8), "document has ended", id="text after the last brace"),
    ],
)  # fmt: skip
def test_bad_syntax_is_said_in_words_where_it_is(source: str, position: tuple[int, int], what: str) -> None:
    error = refusal(source)
    assert what in error.what
    assert where(error) == position
    assert error.fix.endswith(".")


def test_without_libyaml_a_tab_in_brackets_is_refused_as_a_tab() -> None:
    error = outcome(b"a: {b:\tc}", "without libyaml")
    assert isinstance(error, Unusable)
    assert where(error) == (1, 7)
    assert "a tab" in error.what
