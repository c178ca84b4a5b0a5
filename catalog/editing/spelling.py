"""A value as its owner would write it: YAML on one line, quoted only where that is needed."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

_PLAIN = re.compile(
    r"[^\W\d_](?:[\w./@+*=%()-]|:(?=\S)| (?=\S)(?!#))*"  # words: not what starts like a number
    r"|[1-9]\d*[a-df-zA-DF-Z][\w.-]*"  # 24x7, but neither 0x7 nor 2e7
    r"|/[\w./@+*=%:-]*\w"  # /-/health
    r"|\d+(?:\.\d+){2,3}(?:/\d+)?"  # 10.0.0.0/8
)
"""Text that is the same in braces, in a list and alone, to YAML 1.1 and to YAML 1.2."""

_WORDS_OF_OLD_YAML = re.compile("(?i)y|n|yes|no|on|off|true|false|null")
"""Text that YAML 1.1 takes for something else (https://yaml.org/type/bool.html)."""


def spellings(value: Any, quote: str = "") -> Iterator[str]:
    """Texts for a value of JSON, the best first. Not every text reads as the value in every place, so the
    caller reads it back; the last one is always right where a value on one line may stand.

    `quote` is the quote that stood there before, which text keeps."""
    styles = [_single, _double] if quote == "'" else [_double] if quote == '"' else [_plain, _double]
    yield from dict.fromkeys(_flow(value, style) for style in styles)


def spell(value: Any) -> str:
    """The best text for a value, in a message."""
    return next(spellings(value))


def _flow(value: Any, style: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return style(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key, style)}: {_flow(of, style)}" for key, of in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, style) for item in value) + "]"
    return json.dumps(value)


def _plain(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _WORDS_OF_OLD_YAML.fullmatch(text):
        return text
    return _double(text)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if text.isprintable() else _double(text)


def _double(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else _escape(each) for each in quoted)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"
