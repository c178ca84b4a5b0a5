"""Reads one YAML document: bytes in; plain data and the position of every key and value out.

The text is YAML 1.2 with its core schema (https://yaml.org/spec/1.2.2/#103-core-schema), cut down to what
JSON can say: `no`, `on`, `22:22` and dates are strings. Whatever lets two readers, or a reader and a
reviewer, see different data is refused: duplicate keys, aliases, tags, merge keys, several documents, hidden
characters.
"""

import errno
import functools
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.yaml.fault import TextError, position, printable
from catalog.yaml.parsed import Parsed, Unusable

if TYPE_CHECKING:
    from catalog.yaml.events import Events

MAX_BYTES = 1024 * 1024
STANDARD_INPUT = "-"
"""What a command line calls it."""


def read(path: Path, shown_as: str) -> bytes:
    """The bytes of the regular file at `path`, at most MAX_BYTES.

    Raises Unusable with `shown_as` as its path for anything else. Never waits: pipes, devices and sockets are
    not opened; but for the file `-`, which is standard input, read once.
    """
    if path.name == STANDARD_INPUT:
        text = standard_input()
        _require_small(len(text), shown_as)
        return text
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


@functools.cache
def standard_input() -> bytes:
    """What stands on standard input, to its end or a little more than may be read."""
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def parse(text: bytes, shown_as: str) -> Parsed:
    """The data of the one YAML document in `text`, and its positions.

    Strings are as written, numbers are int (at most 2^53 from zero) or finite float. Raises Unusable
    with `shown_as` as its path for any text that is not such a document.
    """
    return _built(text, shown_as).placed()


def data_of(text: bytes, shown_as: str) -> dict[str, Any]:
    """The data that `parse` gives, a third sooner: without the positions. Raises Unusable as it does."""
    return _built(text, shown_as).data


def _built(text: bytes, shown_as: str) -> "Events":
    from catalog.yaml.events import events_of  # late: what was read before needs no parser

    _require_small(len(text), shown_as)
    source = _decode(text, shown_as)
    try:
        return events_of(source)
    except TextError as error:
        refused = _undecided_merge(source) or error
    raise Unusable(shown_as, *position(source, refused.index), refused.what, refused.fix)


def _undecided_merge(source: str) -> TextError | None:
    """The first mark of a merge that git left to a person."""
    mark = re.search("^(<{7}|>{7})( .*)?$", source, re.MULTILINE)
    if mark is None:
        return None
    fix = "Keep what is right, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`."
    return TextError(mark.start(), "a merge conflict was left here", fix)


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
