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
from typing import Any, NamedTuple, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
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
        position = "" if self.line is None else f":{self.line}:{self.column}"
        return f"{_printable(self.path)}{position}: {self.what}. {self.fix}"


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
    except _TextError as error:
        refused = error
    except yaml.MarkedYAMLError as error:
        refused = _explain_syntax(error, source)
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML's own scanner lets chr() fail on an escape that is too large; libyaml explains it itself.
        index = parser.get_mark().index if hasattr(parser, "get_mark") else 0
        refused = _TextError(index, *_BAD_ESCAPE)
    finally:
        parser.dispose()
    raise Unusable(shown_as, *_position(source, refused.index), refused.what, refused.fix)


_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _TextError(Exception):
    """What is wrong at the character `index` of the text; `parse` makes an Unusable of it."""

    def __init__(self, index: int, what: str, fix: str) -> None:
        super().__init__(index, what, fix)
        self.index = index
        self.what = what
        self.fix = fix


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
    return f"cannot be read ({_printable(reason)})", "Check its path, and the disk that it is on."


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

# Letters for YAML that people take for the space that separates or indents.
_SPACES = "\xa0\u1680\u2000-\u200b\u202f\u205f\u3000"
_SURROGATE = re.compile("[\ud800-\udfff]")  # from an escape; libyaml refuses it itself
_MISLEADING_SPACE = re.compile(f"(^[-?]?|:)[{_SPACES}]|[{_SPACES}]$")


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
        raise Unusable(shown_as, *_position(before, len(before)), what, fix) from None
    if not source.isascii() or text.translate(None, _PLAIN_ASCII):
        found = _FORBIDDEN.search(source)
        if found:
            code = f"{ord(found.group()):04X}"
            what = f"U+{code} is {_explain_forbidden(found.group())}"
            fix = f"Delete it, or write it as `\\u{code}` in double quotes."
            raise Unusable(shown_as, *_position(source, found.start()), what, fix)
    return source


def _explain_forbidden(character: str) -> str:
    if character in "\x85\u2028\u2029":
        return "a line break for some readers and none for others"
    if character == "\ufeff":
        return "invisible, and belongs nowhere but before the first character"
    if "\u202a" <= character <= "\u2069":
        return "invisible, and makes a reviewer see the text in another order"
    return "a control character, which YAML does not allow"


def _position(source: str, index: int) -> tuple[int, int]:
    """Line and column of a character as editors count: a line ends with CR LF, LF or a lone CR."""
    before = source[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _printable(text: str) -> str:
    """One line that a terminal shows as it is."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _shown(text: str) -> str:
    return f"`{_printable(text if len(text) <= 60 else text[:59] + '…')}`"


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
        what = f"{_shown(plain)} is not a finite number, and JSON has no other"
        raise _TextError(index, what, "Write a finite number, or quote it if it is text.")
    return plain


def _bounded(magnitude: int, plain: str, index: int) -> int:
    if magnitude > MAX_INTEGER:
        what = f"integer {_shown(plain)} is beyond 2^53, where other programs round it"
        raise _TextError(index, what, "Write a smaller number, or quote it if it is an identifier.")
    return -magnitude if plain[0] == "-" else magnitude


def _build(next_event: Callable[[], Any], source: str) -> Parsed:
    """Data and positions from the parser's events. Raises _TextError, and whatever the parser does."""
    next_event()  # the start of the stream
    start = next_event()
    if type(start) is StreamEndEvent:
        raise _TextError(0, *_EMPTY)
    if source.startswith("%", start.start_mark.index):
        raise _TextError(start.start_mark.index, *_DIRECTIVE)
    root = next_event()
    if type(root) is not MappingStartEvent:
        _refuse_root(root, source)
    builder = _Builder(next_event, source)
    data = builder.value(root, ())
    next_event()  # the end of the document
    end = next_event()
    if type(end) is not StreamEndEvent:
        what = "a second document starts here"
        raise _TextError(end.start_mark.index, what, "Keep one document in each file.")
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
            raise _TextError(start.index, what, "Split it into several documents.")
        kind = type(event)
        if kind is ScalarEvent:
            self.values[pointer] = self._mark(event)
            text: str = event.value
            if event.style:
                return text
            if not text and isinstance(pointer[-1], str):
                self.values[pointer] = _left_out_after(self._key.end_mark, self._source)
            return _resolve(text, start.index)
        _refuse_properties(event, self._source)
        if len(pointer) >= MAX_DEPTH:
            what = f"nested more than {MAX_DEPTH} levels deep"
            raise _TextError(start.index, what, "Flatten the document.")
        line, column = start.line + 1, start.column + 1
        self.values[pointer] = Mark(line, column, line, column)
        return self._mapping(pointer) if kind is MappingStartEvent else self._sequence(pointer)

    def _mapping(self, pointer: Pointer) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        next_event = self._next_event
        while type(event := next_event()) is not MappingEndEvent:
            start: Any = event.start_mark
            if type(event) is not ScalarEvent or event.style in ("|", ">"):
                _refuse_complex_key(event, self._source)
            key: str = event.value
            entry = (*pointer, key)
            mark = self._mark(event)
            if not event.style and (key in _NEVER_PLAIN_KEYS or key[0] in _NUMBER_STARTS):
                _require_string_key(key, start.index)
            if key in entries:
                first = self.keys[entry].line
                what = f"key {_shown(key)} is on line {first} already, and only one could count"
                raise _TextError(start.index, what, "Delete or rename one of the two.")
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
            _refuse_properties(event, self._source)
        if len(event.value) > MAX_SCALAR_CHARACTERS:
            what = f"text of more than {MAX_SCALAR_CHARACTERS} characters"
            raise _TextError(start.index, what, "Shorten it, or keep it outside the catalog.")
        if not event.value.isascii():
            _refuse_misleading_characters(event, self._source)
        # NamedTuple's own constructor takes twice as long, and this is called for every key and scalar.
        return tuple.__new__(Mark, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))


_EMPTY = ("the document is empty", "Write its `key: value` lines, or delete the file.")
_DIRECTIVE = ("`%` directives are not supported: all is YAML 1.2", "Delete the lines that start with `%`.")
_PROPERTIES = {"*": "alias", "&": "anchor", "!": "tag"}
_BAD_ESCAPE = (
    "in double quotes a backslash starts an escape, and here it gives no character",
    "Use single quotes if a backslash is meant, else write the character itself.",
)


def _refuse_root(event: Any, source: str) -> NoReturn:
    _refuse_properties(event, source)
    found = "a list"
    if type(event) is ScalarEvent:
        if not event.value and not event.style:
            raise _TextError(0, *_EMPTY)
        _refuse_misleading_characters(event, source)
        found = f"the single value {_shown(event.value)}"
    what = f"the document is {found}, not a mapping of keys to values"
    raise _TextError(event.start_mark.index, what, "Write `key: value` lines, with a space after each colon.")


def _refuse_properties(event: Any, source: str) -> None:
    """Refuses an alias, an anchor or a tag (`!` alone is one too, and makes PyYAML misread a quoted `5`)."""
    index = event.start_mark.index
    if type(event) is AliasEvent or event.anchor is not None:
        why = "each value stands where it is used"
    elif event.tag is not None:
        why = "the schema says which type a value has"
    else:
        return
    sign = source[index : index + 1]
    word = re.split(r"[\s,\[\]{}]", source[index : index + 80], maxsplit=1)[0]
    what = f"{_PROPERTIES.get(sign, 'property')} {_shown(word)} is not supported: {why}"
    raise _TextError(index, what, f"Write only the value; quote it if it is text that starts with `{sign}`.")


def _refuse_misleading_characters(event: Any, source: str) -> None:
    index = event.start_mark.index
    if event.style == '"' and _SURROGATE.search(event.value):
        raise _TextError(index, *_BAD_ESCAPE)
    if not event.style and (found := _MISLEADING_SPACE.search(event.value)):
        raise _misleading_space(source.index(found.group(), index) + len(found.group()) - 1, source)


def _misleading_space(index: int, source: str) -> _TextError:
    what = f"U+{ord(source[index]):04X} looks like a space and is none for YAML"
    return _TextError(index, what, "Type a space, or quote the text if it is meant.")


def _left_out_after(key_end: Any, source: str) -> Mark:
    """Right after the key's colon, where libyaml gives the start of whatever comes next.

    Refuses what PyYAML takes for a key because it stands in braces or after `?`, without a colon of its own.
    """
    colon = _COLON.match(source, key_end.index)
    if not colon:
        fix = "Write `key: value` with a space after the colon; quote a `{{ template }}`."
        raise _TextError(key_end.index, "a key ends here without `:` and value", fix)
    line, column = key_end.line + 1, key_end.column + 1 + len(colon.group())
    return Mark(line, column, line, column)


def _require_string_key(key: str, index: int) -> None:
    if key == "<<":
        raise _TextError(index, "merge key `<<` is not supported", "Write out what it would merge.")
    try:
        is_text = isinstance(_resolve(key, index), str)
    except _TextError:
        is_text = False
    if not is_text:
        what = f"key {_shown(key)} is not text, and keys must be"
        raise _TextError(index, what, f'Quote it: `"{key[:60]}"`.')


def _refuse_complex_key(event: Any, source: str) -> NoReturn:
    _refuse_properties(event, source)
    what = "a list, mapping or text block stands where a key must be"
    fix = "Write a plain key; quote a `{{ template }}` and text that starts with `[` or `{`."
    raise _TextError(event.start_mark.index, what, fix)


class _Cause(NamedTuple):
    """What an error of the parser means, if `said` is found in it.

    The error is shown where the thing started if `at_start`, else where the parser gave up. `what` and `fix`
    may name the {character} there, and the {line} and {column} of the start.
    """

    said: str
    at_start: bool
    what: str
    fix: str


_CAUSES = (
    _Cause(
        "<document start>",
        False,
        "the document has ended before this",
        "Delete what follows, or write all of it as one mapping.",
    ),
    _Cause(
        "quoted scalar.*(stream|document)",
        True,
        "the quote opened here is never closed",
        "Close it; in single quotes, write an apostrophe twice (`'it''s'`).",
    ),
    _Cause("quoted scalar", False, *_BAD_ESCAPE),
    _Cause(
        "flow (sequence|mapping).*at the end",
        True,
        "the `{character}` opened here is never closed",
        "Close it, or quote it if it is text.",
    ),
    _Cause(
        "flow (sequence|mapping)",
        False,
        "`{character}` cannot stand here in the brackets opened on line {line}, column {column}",
        "Write `,` between entries, close every bracket, quote text that holds any of `[]{{}},:`; "
        "a key has at most 1024 characters.",
    ),
    _Cause(
        "(flow|block) node",
        False,
        "a value is missing before this `{character}`",
        "Write the value, or quote it if it is text that starts with a bracket or a comma.",
    ),
    _Cause(
        "mapping values",
        False,
        "this `:` makes a key of the text before it, and no key can be there",
        "Quote text that holds `: `; else indent the line like the one above, or end that one with `:`.",
    ),
    _Cause(
        "simple key",
        True,
        "this line is not `key: value`",
        "Write a colon and a space after the key; indent the line if it continues the text above.",
    ),
    _Cause(
        "(entries|keys) are not allowed",
        False,
        "`{character} ` cannot start an entry here",
        "Write the entry on a line of its own below its key; quote text that starts with `{character} `.",
    ),
    _Cause(
        "block (mapping|collection).*inside a line",
        False,
        "a value has ended before this `{character}`",
        "Quote the whole value (in single quotes, write an apostrophe twice), or delete the rest.",
    ),
    _Cause(
        "block (mapping|collection)",
        False,
        "this line does not go on with the entries that begin on line {line}, column {column}",
        "Start it in column {column} like them, or indent it more than the line above it that ends with `:`.",
    ),
    _Cause(
        "start any token|an (alias|anchor)|a (tag|node)",
        True,
        "a value cannot start with this `{character}`",
        "Quote the value.",
    ),
    _Cause(
        "block scalar",
        True,
        "the text block that `{character}` opens here is malformed",
        "End the line after `{character}`, and indent all of its text alike, with spaces.",
    ),
    _Cause("directive|incompatible YAML", True, *_DIRECTIVE),
    _Cause(
        "", False, "this is not YAML", "Look at indentation, quotes and brackets here and on the line above."
    ),
)


def _explain_syntax(error: yaml.MarkedYAMLError, source: str) -> _TextError:
    if source.startswith("%"):
        return _TextError(0, *_DIRECTIVE)
    problem: Any = error.problem_mark or error.context_mark
    start: Any = error.context_mark or problem
    index = min(problem.index, max(len(source.rstrip()) - 1, 0))  # the end of the file shows nothing
    is_on_new_line = not re.split("[\r\n]", source[:index])[-1].strip() and problem.column != start.column
    place = "at the end" if index < problem.index else "on a new line" if is_on_new_line else "inside a line"
    said = f"{error.context} {error.problem} {place}"
    if not re.search("quoted scalar|at the end", said):
        for suspect in (index, start.index) if "simple key" in said else (index,):
            if blank := _find_misleading_blank(source, suspect):
                return blank
    cause = next(cause for cause in _CAUSES if re.search(cause.said, said))
    if cause.at_start:
        index = start.index
    line, column = _position(source, start.index)
    details = {"character": _printable(source[index : index + 1]), "line": line, "column": column}
    return _TextError(index, cause.what.format(**details), cause.fix.format(**details))


def _find_misleading_blank(source: str, index: int) -> _TextError | None:
    """A tab, or a look-alike of a space, that makes the line of `index` mean something else than it shows."""
    begin = index - len(re.split("[\r\n]", source[:index])[-1])
    line = re.split("[\r\n]", source[begin:], maxsplit=1)[0]
    tab = index if source.startswith("\t", index) else begin + len(line) - len(line.lstrip(" -"))
    if source.startswith("\t", tab):
        return _TextError(tab, "a tab, and YAML indents with spaces only", "Type spaces.")
    if space := re.match(f"[^'\"]*?(^ *[-?]?|:)(?=[{_SPACES}])", line):
        return _misleading_space(begin + space.end(), source)
    return None
