"""Reads expressions in Cloud Armor's rules language.

    expression  = conjunction { "||" conjunction }
    conjunction = relation { "&&" relation }
    relation    = value [ ( "==" | "!=" | "<=" | ">=" | "<" | ">" | "in" ) value ]
    value       = [ "!" | "-" ] ( literal | list | map | name | "(" expression ")" )
                  { "." name | "(" arguments ")" | "[" expression "]" }

https://cloud.google.com/armor/docs/rules-language-reference, a part of https://github.com/google/cel-spec
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
          |(?P<number>\d+(?:\.\d+)?)
          |(?P<word>[A-Za-z_]\w*)
          |(?P<sign>\|\||&&|==|!=|<=|>=|[<>!().,\[\]{}:-]))""",
    re.VERBOSE,
)
RELATIONS = {"==", "!=", "<=", ">=", "<", ">", "in"}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class NotAnExpression(ValueError):
    """The text isn't in the language; says at which character."""


class Token(NamedTuple):
    """A word of the language: its `kind` (`text`, `number`, `word`, `sign` or `end`) and where it begins."""

    kind: str
    text: str
    at: int


class Expression(NamedTuple):
    """An expression as it is written (`text`), and what it is made of.

    `kind` is `text`, `number` (`said` is its value), `word` or `field` (its name), `call` (the function's
    name; of a method the first of `parts` is what it is asked of, and `is_method`), `index`, `list`, `map`
    (names and values take turns), `-`, `!`, a relation, `&&` or `||`."""

    kind: str
    text: str
    said: str | float = ""
    parts: tuple["Expression", ...] = ()
    is_method: bool = False


def read(text: str) -> Expression:
    """What an expression is made of. Raises NotAnExpression."""
    return _Reader(text).read()


def subexpressions(text: str) -> list[str]:
    """The parts of an expression that `&&`, `||`, `!` and parentheses join, as they are written: what Google
    counts (https://cloud.google.com/armor/quotas#limits). Raises NotAnExpression."""
    return [each.text for each in clauses(read(text))]


def clauses(expression: Expression) -> Iterator[Expression]:
    """The parts of an expression that are joined, in their order."""
    if expression.kind in {"&&", "||", "!"}:
        for part in expression.parts:
            yield from clauses(part)
    else:
        yield expression


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
    """A recursive descent: each method reads one rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = 0

    def read(self) -> Expression:
        found = self._either()
        self._expect("end", "")
        return found

    def _either(self) -> Expression:
        start, parts = self._tokens[self._next].at, [self._all()]
        while self._take("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else self._made("||", start, parts=parts)

    def _all(self) -> Expression:
        start, parts = self._tokens[self._next].at, [self._relation()]
        while self._take("&&"):
            parts.append(self._relation())
        return parts[0] if len(parts) == 1 else self._made("&&", start, parts=parts)

    def _relation(self) -> Expression:
        start, left = self._tokens[self._next].at, self._value()
        sign = self._take(*RELATIONS)
        return self._made(sign, start, parts=[left, self._value()]) if sign else left

    def _value(self) -> Expression:
        start = self._tokens[self._next].at
        if self._take("!"):
            return self._made("!", start, parts=[self._value()])
        if self._take("-"):
            return self._made("-", start, parts=[self._followed()])
        return self._followed()

    def _followed(self) -> Expression:
        """A value, and what is asked of it."""
        start, found = self._tokens[self._next].at, self._least()
        while sign := self._take(".", "(", "["):
            if sign == ".":
                name = self._tokens[self._next].text
                self._expect("word")
                found = self._made("field", start, name, [found])
            elif sign == "[":
                found = self._made("index", start, parts=[found, *self._items("]")])
            else:
                given, asked = self._items(")"), found.parts if found.kind == "field" else ()
                if found.kind not in {"word", "field"}:
                    raise NotAnExpression(f"`{found.text}` can't be called")
                found = self._made("call", start, found.said, [*asked, *given], is_method=bool(asked))
        return found

    def _least(self) -> Expression:
        token = self._tokens[self._next]
        if self._take("("):
            found = self._either()
            self._expect("sign", ")")
            return found
        if sign := self._take("[", "{"):
            items = self._items("]" if sign == "[" else "}")
            return self._made("list" if sign == "[" else "map", token.at, parts=items)
        if token.kind not in {"text", "number", "word"}:
            raise self._unexpected()
        self._next += 1
        said: str | float = token.text
        if token.kind == "text":
            said = ESCAPED.sub(lambda escape: ESCAPES.get(escape[1], escape[1]), token.text[1:-1])
        elif token.kind == "number":
            said = float(token.text) if "." in token.text else int(token.text)
        return self._made(token.kind, token.at, said)

    def _items(self, closing: str) -> list[Expression]:
        """Values, or pairs of them, up to a closing sign."""
        if self._take(closing):
            return []
        items = [self._either()]
        while self._take(",", ":"):
            items.append(self._either())
        self._expect("sign", closing)
        return items

    def _made(
        self,
        kind: str,
        start: int,
        said: str | float = "",
        parts: "list[Expression] | tuple[()]" = (),
        *,
        is_method: bool = False,
    ) -> Expression:
        before = self._tokens[self._next - 1]
        text = self._text[start : before.at + len(before.text)]
        return Expression(kind, text, said, tuple(parts), is_method)

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
