"""Reads one YAML document: bytes in; plain data and the position of every key and value out.

The text is YAML 1.2 with its core schema (https://yaml.org/spec/1.2.2/#103-core-schema), cut down to what
JSON can say: `no`, `on`, `22:22` and dates are strings. Whatever lets two readers, or a reader and a
reviewer, see different data is refused: duplicate keys, aliases, tags, merge keys, several documents, hidden
characters.

PyYAML's parser supplies the events, through libyaml where PyYAML has it. Its loaders are not used: they speak
YAML 1.1 and keep the last of two equal keys.
"""

import errno
import math
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from catalog.syntax import (
    BAD_ESCAPE,
    DIRECTIVE,
    EMPTY,
    TextError,
    explain_syntax,
    position,
    printable,
    refuse_complex_key,
    refuse_misleading_characters,
    refuse_properties,
    refuse_root,
    shown,
)

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_SCALAR_CHARACTERS = 64 * 1024
MAX_INTEGER = 2**53
"""Other readers of JSON may round beyond it (https://www.rfc-editor.org/rfc/rfc8259#section-6)."""

Pointer = tuple[str | int, ...]


class Mark(NamedTuple):
    """Where a scalar or a key stands: from 1, columns in code points, the end just after its last character.

    A mapping or a sequence has only a start; its end equals it.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Parsed(NamedTuple):
    """A document's data and where each part of it is written. The root's pointer is `()`.

    `values[p]` is where the value at `p` starts (an empty one: right after its `:` or `-`); `keys[p]` is
    where the key of the mapping entry `p` starts.
    """

    data: dict[str, Any]
    values: dict[Pointer, Mark]
    keys: dict[Pointer, Mark]


class Unusable(Exception):
    """A file that cannot be read as a document; `line` and `column` are None when the whole file is meant.

    `what` is a clause without a full stop, `fix` is one sentence or more.
    """

    def __init__(self, path: str, line: int | None, column: int | None, what: str, fix: str) -> None:
        super().__init__(path, line, column, what, fix)
        self.path = path
        self.line = line
        self.column = column
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        place = "" if self.line is None else f":{self.line}:{self.column}"
        return f"{printable(self.path)}{place}: {self.what}. {self.fix}"


def read(path: Path, shown_as: str) -> bytes:
    """The bytes of the regular file at `path`, at most MAX_BYTES.

    Raises Unusable with `shown_as` as its path for anything else. Never waits: pipes, devices and sockets are
    not opened.
    """
    try:
        _require_small_regular_file(path.stat(), shown_as)
        # The path may have become a pipe since; then O_NONBLOCK keeps open() from waiting for its other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _require_small_regular_file(os.fstat(descriptor), shown_as)
            text = file.read(MAX_BYTES + 1) or b""
    except (OSError, ValueError) as error:
        raise Unusable(shown_as, None, None, *_explain_failed_read(path, error)) from None
    _require_small(len(text), shown_as)
    return text


def parse(text: bytes, shown_as: str) -> Parsed:
    """The data of the one YAML document in `text`, and its positions.

    Strings are as written, numbers are int (at most MAX_INTEGER from zero) or finite float. Raises Unusable
    with `shown_as` as its path for any text that is not such a document.
    """
    _require_small(len(text), shown_as)
    source = _decode(text, shown_as)
    parser = _PARSER(source)
    try:
        return _build(parser.get_event, source)
    except TextError as error:
        refused = error
    except yaml.MarkedYAMLError as error:
        refused = explain_syntax(error, source)
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML's own scanner lets chr() fail on an escape that is too large; libyaml explains it itself.
        index = parser.get_mark().index if hasattr(parser, "get_mark") else 0
        refused = TextError(index, *BAD_ESCAPE)
    finally:
        parser.dispose()
    raise Unusable(shown_as, *position(source, refused.index), refused.what, refused.fix)


_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def _require_small_regular_file(status: os.stat_result, shown_as: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Unusable(shown_as, None, None, "is a directory, not a file", "Name a YAML file in it.")
    if not stat.S_ISREG(status.st_mode):
        what = "is a pipe, socket or device, not a regular file"
        raise Unusable(shown_as, None, None, what, "Replace it with a YAML file.")
    _require_small(status.st_size, shown_as)


def _require_small(size: int, shown_as: str) -> None:
    if size > MAX_BYTES:
        what = f"is larger than {MAX_BYTES // 1024} KiB, more than a document of a catalog needs"
        raise Unusable(
            shown_as, None, None, what, "Split it, or move data that is no spec out of the catalog."
        )


_MISSING = ("does not exist", "Check the spelling of its path, or create it.")
_NOT_ALLOWED = (
    "may not be read by this user",
    "Allow it with `chmod +r` (and `+x` for the folders above it).",
)
_FAILED_READS = {
    errno.ENOENT: _MISSING,
    errno.ENOTDIR: _MISSING,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.ELOOP: ("is a symbolic link that leads back to itself", "Replace it with the file that is meant."),
}


def _explain_failed_read(path: Path, error: OSError | ValueError) -> tuple[str, str]:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT and path.is_symlink():
        return "is a symbolic link to a file that does not exist", "Correct the link, or restore the file."
    if number in _FAILED_READS:
        return _FAILED_READS[number]
    reason = os.strerror(number) if number else str(error)
    return f"cannot be read ({printable(reason)})", "Check its path, and the disk that it is on."


_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

# YAML's printable characters (https://yaml.org/spec/1.2.2/#51-character-set) but for those that make people
# and parsers see different texts: line breaks of YAML 1.1 only (U+0085, U+2028, U+2029), which PyYAML still
# counts; byte order marks; the direction overrides of CVE-2021-42574.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN_ASCII = b"\t\n\r" + bytes(range(0x20, 0x7F))


def _decode(text: bytes, shown_as: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if text.startswith(mark):
            raise Unusable(shown_as, 1, 1, f"is {encoding}, not UTF-8", "Save the file as UTF-8.")
    if b"\0" in text[:2]:
        what = "is UTF-16, UTF-32 or binary, not UTF-8"
        raise Unusable(shown_as, 1, 1, what, "Save the file as UTF-8 text.")
    try:
        source = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()  # without the byte order mark, like `start`
        what = (
            f"byte 0x{error.object[error.start]:02X} is not UTF-8; the text is in another encoding or binary"
        )
        fix = "Save the file as UTF-8 text."
        raise Unusable(shown_as, *position(before, len(before)), what, fix) from None
    if not source.isascii() or text.translate(None, _PLAIN_ASCII):
        found = _FORBIDDEN.search(source)
        if found:
            code = f"{ord(found.group()):04X}"
            what = f"U+{code} is {_explain_forbidden(found.group())}"
            fix = f"Delete it, or write it as `\\u{code}` in double quotes."
            raise Unusable(shown_as, *position(source, found.start()), what, fix)
    return source


def _explain_forbidden(character: str) -> str:
    if character in "\x85\u2028\u2029":
        return "a line break for some readers and none for others"
    if character == "\ufeff":
        return "invisible, and belongs nowhere but before the first character"
    if "\u202a" <= character <= "\u2069":
        return "invisible, and makes a reviewer see the text in another order"
    return "a control character, which YAML does not allow"


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
_NUMBER_STARTS = frozenset("0123456789+-.")
_NEVER_PLAIN_KEYS = frozenset((*_CONSTANTS, "<<"))
_COLON = re.compile("[ \t]*:")


def _resolve(plain: str, index: int) -> str | int | float | bool | None:
    """The value of an unquoted scalar at `index` in the core schema."""
    if plain in _CONSTANTS:
        return _CONSTANTS[plain]
    if plain[0] not in _NUMBER_STARTS:
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


def _build(next_event: Callable[[], Any], source: str) -> Parsed:
    """Data and positions from the parser's events. Raises TextError, and whatever the parser does."""
    next_event()  # the start of the stream
    start = next_event()
    if type(start) is StreamEndEvent:
        raise TextError(0, *EMPTY)
    if source.startswith("%", start.start_mark.index):
        raise TextError(start.start_mark.index, *DIRECTIVE)
    root = next_event()
    if type(root) is not MappingStartEvent:
        refuse_root(root, source)
    builder = _Builder(next_event, source)
    data = builder.value(root, ())
    next_event()  # the end of the document
    end = next_event()
    if type(end) is not StreamEndEvent:
        what = "a second document starts here"
        raise TextError(end.start_mark.index, what, "Keep one document in each file.")
    return Parsed(data, builder.values, builder.keys)


class _Builder:
    """Collects data and positions of one document, event by event."""

    def __init__(self, next_event: Callable[[], Any], source: str) -> None:
        self.values: dict[Pointer, Mark] = {}
        self.keys: dict[Pointer, Mark] = {}
        self._next_event = next_event
        self._source = source
        self._key: Any = None  # the event of the key read last

    def value(self, event: Any, pointer: Pointer) -> Any:
        start = event.start_mark
        if len(self.values) >= MAX_NODES:
            what = f"more than {MAX_NODES} values in one document"
            raise TextError(start.index, what, "Split it into several documents.")
        kind = type(event)
        if kind is ScalarEvent:
            self.values[pointer] = self._mark(event)
            text: str = event.value
            if event.style:
                return text
            if not text and isinstance(pointer[-1], str):
                self.values[pointer] = _left_out_after(self._key.end_mark, self._source)
            return _resolve(text, start.index)
        refuse_properties(event, self._source)
        if len(pointer) >= MAX_DEPTH:
            what = f"nested more than {MAX_DEPTH} levels deep"
            raise TextError(start.index, what, "Flatten the document.")
        line, column = start.line + 1, start.column + 1
        self.values[pointer] = Mark(line, column, line, column)
        return self._mapping(pointer) if kind is MappingStartEvent else self._sequence(pointer)

    def _mapping(self, pointer: Pointer) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        next_event = self._next_event
        while type(event := next_event()) is not MappingEndEvent:
            start: Any = event.start_mark
            if type(event) is not ScalarEvent or event.style in ("|", ">"):
                refuse_complex_key(event, self._source)
            key: str = event.value
            entry = (*pointer, key)
            mark = self._mark(event)
            if not event.style and (key in _NEVER_PLAIN_KEYS or key[0] in _NUMBER_STARTS):
                _require_string_key(key, start.index)
            if key in entries:
                first = self.keys[entry].line
                what = f"key {shown(key)} is on line {first} already, and only one could count"
                raise TextError(start.index, what, "Delete or rename one of the two.")
            self.keys[entry] = mark
            self._key = event
            entries[key] = self.value(next_event(), entry)
        return entries

    def _sequence(self, pointer: Pointer) -> list[Any]:
        items: list[Any] = []
        while type(event := self._next_event()) is not SequenceEndEvent:
            items.append(self.value(event, (*pointer, len(items))))
        return items

    def _mark(self, event: Any) -> Mark:
        """Where a scalar stands, once it is sure that it is its text and nothing else."""
        start, end = event.start_mark, event.end_mark
        if event.tag is not None or event.anchor is not None:
            refuse_properties(event, self._source)
        if len(event.value) > MAX_SCALAR_CHARACTERS:
            what = f"text of more than {MAX_SCALAR_CHARACTERS} characters"
            raise TextError(start.index, what, "Shorten it, or keep it outside the catalog.")
        if not event.value.isascii():
            refuse_misleading_characters(event, self._source)
        # NamedTuple's own constructor takes twice as long, and this is called for every key and scalar.
        return tuple.__new__(Mark, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))


def _left_out_after(key_end: Any, source: str) -> Mark:
    """Right after the key's colon, where libyaml gives the start of whatever comes next.

    Refuses what PyYAML takes for a key because it stands in braces or after `?`, without a colon of its own.
    """
    colon = _COLON.match(source, key_end.index)
    if not colon:
        fix = "Write `key: value` with a space after the colon; quote a `{{ template }}`."
        raise TextError(key_end.index, "a key ends here without `:` and value", fix)
    line, column = key_end.line + 1, key_end.column + 1 + len(colon.group())
    return Mark(line, column, line, column)


def _require_string_key(key: str, index: int) -> None:
    if key == "<<":
        raise TextError(index, "merge key `<<` is not supported", "Write out what it would merge.")
    try:
        is_text = isinstance(_resolve(key, index), str)
    except TextError:
        is_text = False
    if not is_text:
        what = f"key {shown(key)} is not text, and keys must be"
        raise TextError(index, what, f'Quote it: `"{key[:60]}"`.')
