"""YAML as people write it: block and braces, quotes of all kinds, comments, blank lines, any line break."""

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

from catalog.editing.spelling import spellings
from catalog.yaml.text import parse

LETTERS = "abz AZ09äß字🚲:#-,'\"[]{}&*!|>%@`~?=.\\/_\n\t"
TEXT = st.one_of(
    st.sampled_from(
        ["", "no", "on", "~", "1", "0x1f", "- x", "a: b", "# x", "x #y", "it's", "1.5", "null", " x "]
    ),
    st.text(LETTERS, max_size=8),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-999, 999), st.sampled_from([0.5, -2.0, 1e20]), TEXT
)
KEYS = st.one_of(st.sampled_from(["name", "spec", "b", "c", "no", "1", "ä ö"]), st.text(LETTERS, max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


class Hand:
    """Writes data as YAML in a random style."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._comments = 0

    def document(self, data: dict[str, Any]) -> bytes:
        text = self._maybe_comment("") + self._mapping(data, "") + self._maybe_comment("").lstrip(" ")
        if self._random.random() < 0.2:
            text = self._flow(data, " ") + "\n"
        if self._random.random() < 0.2:
            stripped = text.rstrip("\n")
            is_same = canonical(parse(stripped.encode(), "stripped").data) == canonical(data)
            text = stripped if is_same else text
        text = self._random.choice(["", "", "\ufeff"]) + text
        return text.replace("\n", self._random.choice(["\n", "\n", "\r\n", "\r"])).encode()

    def _mapping(self, data: dict[str, Any], indent: str) -> str:
        text = ""
        for key, value in data.items():
            text += f"{indent}{self._key(key)}:{self._value(value, indent, is_item=False)}"
        return text

    def _sequence(self, data: list[Any], indent: str) -> str:
        return "".join(f"{indent}-{self._value(value, indent, is_item=True)}" for value in data)

    def _value(self, value: Any, indent: str, *, is_item: bool) -> str:
        """All after the colon or the dash, to the end of the last line."""
        deeper = indent + " " * self._random.choice([1, 2, 4])
        if isinstance(value, dict | list) and value and self._random.random() < 0.7:
            if isinstance(value, list) and not is_item and self._random.random() < 0.3:
                deeper = indent
            body = self._mapping(value, deeper) if isinstance(value, dict) else self._sequence(value, deeper)
            if is_item and len(deeper) == len(indent) + 2 and self._random.random() < 0.8:
                return " " + body[len(deeper) :]
            return self._line_end() + self._maybe_comment(indent) + body
        if isinstance(value, dict | list):
            return self._random.choice([" ", "  "]) + self._flow(value, deeper) + self._line_end()
        if isinstance(value, str) and "\n" in value and self._random.random() < 0.8 and is_block_text(value):
            chomp = "-" if not value.endswith("\n") else "+" if value.endswith("\n\n") else ""
            lines = value.removesuffix("\n").split("\n")
            return f" |{chomp}\n" + "".join(f"{deeper if line else ''}{line}\n" for line in lines)
        written = self._scalar(value, "")
        return (" " + written if written else "") + self._line_end()

    def _flow(self, value: Any, indent: str) -> str:
        if not isinstance(value, dict | list):
            return self._scalar(value, "null")
        is_long = self._random.random() < 0.3
        gap = f"\n{indent}" if is_long else self._random.choice(["", " "])
        entries = (
            [f"{self._key(key)}: {self._flow(of, indent)}" for key, of in value.items()]
            if isinstance(value, dict)
            else [self._pair(item, indent) or self._flow(item, indent) for item in value]
        )
        text = gap
        for number, entry in enumerate(entries):
            is_last = number + 1 == len(entries)
            comma = "," if not is_last else self._random.choice(["", "", ","])
            text += entry + comma
            if is_long:
                text += self._comment() + f"\n{indent}"
            elif not is_last:
                text += " "
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        return opening + text + ("" if text.endswith((" ", "\n")) else gap if not is_long else "") + closing

    def _pair(self, item: Any, indent: str) -> str:
        """`[a: 1]` is a list of a mapping without braces."""
        if isinstance(item, dict) and len(item) == 1 and self._random.random() < 0.5:
            (key, value), *_ = item.items()
            return f"{self._key(key)}: {self._flow(value, indent)}"
        return ""

    def _scalar(self, value: Any, null: str) -> str:
        if value is None:
            return self._random.choice(["null", "~", null])
        return self._random.choice([*spellings(value), *spellings(value, self._random.choice(["'", '"']))])

    def _key(self, key: str) -> str:
        return self._random.choice([*spellings(key), *spellings(key, "'")])

    def _line_end(self) -> str:
        return self._comment() + "\n" + self._random.choice(["", "", "", "\n"])

    def _comment(self) -> str:
        if self._random.random() < 0.7:
            return ""
        self._comments += 1
        return f"  #<{self._comments}>"

    def _maybe_comment(self, indent: str) -> str:
        comment = self._comment()
        return f"{indent}{comment}\n" if comment else ""


def is_block_text(value: str) -> bool:
    lines = value.split("\n")
    return bool(lines[0]) and lines[0][0] not in " \t" and all(line.strip() for line in lines[:-1] if line)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    data = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
    text = Hand(draw(st.randoms(use_true_random=True))).document(data)
    assert canonical(parse(text, "written").data) == canonical(data), text
    return text


def canonical(value: Any) -> str:
    """Equal for equal data only: 1, 1.0 and true are three."""
    return json.dumps(value, sort_keys=True)
