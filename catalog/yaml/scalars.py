"""What an unquoted scalar means: YAML 1.2's core schema, cut down to what JSON can say."""

import math
import re

from catalog.yaml.fault import TextError, shown

MAX_INTEGER = 2**53
"""Other readers of JSON may round beyond it (https://www.rfc-editor.org/rfc/rfc8259#section-6)."""

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+").fullmatch
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+").fullmatch
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?").fullmatch
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)").fullmatch

NUMBER_STARTS = frozenset("0123456789+-.")
"""What begins with another character is no number."""

NEVER_PLAIN_KEYS = frozenset((*_CONSTANTS, "<<"))
"""Keys that need quotes. What begins like a number may need them too."""


def resolve(plain: str, index: int) -> str | int | float | bool | None:
    """The value of an unquoted scalar at `index` in the core schema."""
    if plain in _CONSTANTS:
        return _CONSTANTS[plain]
    if plain[0] not in NUMBER_STARTS:
        return plain
    if _INTEGER(plain):
        digits = plain.lstrip("+-0")[:20]  # 20 digits are always too many, and int() refuses thousands
        return _bounded(int(digits or "0"), plain, index)
    if _OCTAL_OR_HEXADECIMAL(plain):
        return _bounded(int(plain, 0), plain, index)
    if _FLOAT(plain) and math.isfinite(number := float(plain)):
        return number
    if _FLOAT(plain) or _NO_NUMBER(plain):
        what = f"{shown(plain)} is not a finite number, and JSON has no other"
        raise TextError(index, what, "Write a finite number, or quote it if it is text.")
    return plain


def _bounded(magnitude: int, plain: str, index: int) -> int:
    if magnitude > MAX_INTEGER:
        what = f"integer {shown(plain)} is beyond 2^53, where other programs round it"
        raise TextError(index, what, "Write a smaller number, or quote it if it is an identifier.")
    return -magnitude if plain[0] == "-" else magnitude


def require_string_key(key: str, index: int) -> None:
    """Refuses an unquoted key at `index` that means something else than its text."""
    if key == "<<":
        raise TextError(index, "merge key `<<` is not supported", "Write out what it would merge.")
    try:
        is_text = isinstance(resolve(key, index), str)
    except TextError:
        is_text = False
    if not is_text:
        what, quoted = f"key {shown(key)} is not text, and keys must be", shown(f'"{key[:60]}"')
        comma = " In a number the point is a point: 99.5, not 99,5." if key.isdigit() else ""
        raise TextError(index, what, f"Quote it: {quoted}.{comma}")
