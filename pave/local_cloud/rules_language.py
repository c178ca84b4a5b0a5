"""Reads expressions in Cloud Armor's rules language, and counts what Google counts in them.

    expression  = conjunction { "||" conjunction }
    conjunction = relation { "&&" relation }
    relation    = value [ ( "==" | "!=" | "<=" | ">=" | "<" | ">" | "in" ) value ]
    value       = [ "!" | "-" ] ( literal | list | map | name | "(" expression ")" )
                  { "." name | "(" arguments ")" | "[" expression "]" }

https://cloud.google.com/armor/docs/rules-language-reference, a part of https://github.com/google/cel-spec
"""

import re
from typing import NamedTuple

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
          |(?P<number>\d+(?:\.\d+)?)
          |(?P<word>[A-Za-z_]\w*)
          |(?P<sign>\|\||&&|==|!=|<=|>=|[<>!().,\[\]{}:-]))""",
    re.VERBOSE,
)
RELATIONS = {"==", "!=", "<=", ">=", "<", ">", "in"}


class NotAnExpression(ValueError):
    """The text isn't in the language; says at which character."""


class Token(NamedTuple):
    """A word of the language: its `kind` (`text`, `number`, `word`, `sign` or `end`) and where it begins."""

    kind: str
    text: str
    at: int


def subexpressions(expression: str) -> list[str]:
    """The parts of an expression that `&&`, `||`, `!` and parentheses join, as they are written.

    Raises NotAnExpression."""
    return _Reader(expression).read()


def _tokens(text: str) -> list[Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            raise NotAnExpression(f"`{text[at:].lstrip()[:10]}` at character {at + 1} is no word of it")
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, Token("end", "", end)]


class _Reader:
    """A recursive descent: each method reads one rule of the grammar, and gives its parts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = 0

    def read(self) -> list[str]:
        parts = self._joined()
        self._expect("end", "")
        return parts

    def _joined(self) -> list[str]:
        parts = self._relation()
        while self._take("&&", "||"):
            parts += self._relation()
        return parts

    def _relation(self) -> list[str]:
        start = self._tokens[self._next].at
        parts = self._value()
        if not self._take(*RELATIONS):
            return parts
        self._value()
        return [self._since(start)]

    def _value(self) -> list[str]:
        start = self._tokens[self._next].at
        if self._take("!"):
            return self._value()
        self._take("-")
        parts: list[str] | None = None
        if self._take("("):
            parts = self._joined()
            self._expect("sign", ")")
        elif self._take("["):
            self._items("]")
        elif self._take("{"):
            self._items("}")
        elif self._tokens[self._next].kind in {"text", "number", "word"}:
            self._next += 1
        else:
            raise self._unexpected()
        while sign := self._take(".", "(", "["):
            parts = None
            if sign == ".":
                self._expect("word")
            else:
                self._items(")" if sign == "(" else "]")
        return parts if parts is not None else [self._since(start)]

    def _items(self, closing: str) -> None:
        """Values, or pairs of them, up to a closing sign."""
        if self._take(closing):
            return
        self._joined()
        while self._take(",", ":"):
            self._joined()
        self._expect("sign", closing)

    def _take(self, *texts: str) -> str:
        """The next token if it is one of these, which is then read; else nothing."""
        token = self._tokens[self._next]
        if token.kind not in {"sign", "word"} or token.text not in texts:
            return ""
        self._next += 1
        return token.text

    def _expect(self, kind: str, text: str | None = None) -> None:
        token = self._tokens[self._next]
        if token.kind != kind or text not in {None, token.text}:
            raise self._unexpected()
        self._next += 1

    def _unexpected(self) -> NotAnExpression:
        token = self._tokens[self._next]
        what = f"`{token.text}`" if token.text else "the end"
        return NotAnExpression(f"{what} at character {token.at + 1} isn't expected there")

    def _since(self, start: int) -> str:
        before = self._tokens[self._next - 1]
        return self._text[start : before.at + len(before.text)]
