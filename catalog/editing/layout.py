"""Where the parts of a parsed document begin and end in its text: offsets for whoever edits it."""

import re
from bisect import bisect_right
from typing import Any

from catalog.yaml.parsed import Mark, Parsed, Pointer

_BOM = "\ufeff".encode()
_BREAK = re.compile("\r\n|\r|\n")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")


class Layout:
    """A document's text as characters, and the place of each of its parts in it.

    Offsets count from 0 and leave out a byte order mark, which `encoded` puts back."""

    def __init__(self, text: bytes, parsed: Parsed) -> None:
        self.source = text.decode("utf-8-sig")
        self.parsed = parsed
        self._is_marked = text.startswith(_BOM)
        self._lines = [0, *(match.end() for match in _BREAK.finditer(self.source))]

    def encoded(self, start: int, end: int, replacement: str) -> bytes:
        """The document's bytes with one span of its text replaced."""
        text = self.source[:start] + replacement + self.source[end:]
        return (_BOM if self._is_marked else b"") + text.encode("utf-8", "surrogatepass")

    def value(self, pointer: Pointer) -> Any:
        """The data at a pointer."""
        value: Any = self.parsed.data
        for step in pointer:
            value = value[step]
        return value

    def children(self, pointer: Pointer) -> list[Pointer]:
        """The entries of a mapping or the items of a list, as they are written one after another."""
        value = self.value(pointer)
        steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        return [(*pointer, step) for step in steps]

    def column(self, pointer: Pointer) -> int:
        """How far the value at a pointer is indented."""
        return self.parsed.values[pointer].column - 1

    def start(self, pointer: Pointer) -> int:
        """Where the value at a pointer starts."""
        mark = self.parsed.values[pointer]
        return self._offset(mark.line, mark.column)

    def end(self, pointer: Pointer) -> int:
        """Just after the last character of the value at a pointer; blank lines after it are not its own."""
        if self._is_collection(pointer):
            children = self.children(pointer)
            last = self.end(children[-1]) if children else self.start(pointer) + 1
            return self._after_bracket(last) if self.is_in_brackets(pointer) else last
        start, end = self.start(pointer), self.end_with_blanks(pointer)
        if self.source.startswith(("|", ">"), start):
            return self.line_end(start + len(self.source[start:end].rstrip()))
        return end

    def end_with_blanks(self, pointer: Pointer) -> int:
        """What `end` is, with the blank lines that a text block reaches over (`|+` even keeps them)."""
        children = self.children(pointer)
        if children:
            return self.end_with_blanks(children[-1])
        mark = self.parsed.values[pointer]
        return self._offset(mark.end_line, mark.end_column)

    def key(self, pointer: Pointer) -> tuple[int, int]:
        """The span of the key of a mapping's entry."""
        mark: Mark = self.parsed.keys[pointer]
        return self._offset(mark.line, mark.column), self._offset(mark.end_line, mark.end_column)

    def dash(self, pointer: Pointer) -> int:
        """Where the `-` of an item stands; the list is not in brackets."""
        *above, index = pointer
        assert isinstance(index, int)
        if index == 0:
            return self.start(tuple(above))
        return self.skip_blank(self.end((*above, index - 1)))

    def is_in_brackets(self, pointer: Pointer) -> bool:
        """Whether a mapping or a list is written as `{…}` or `[…]`. Nothing else starts like that."""
        return self._is_collection(pointer) and self.source.startswith(("{", "["), self.start(pointer))

    def is_inside_brackets(self, pointer: Pointer) -> bool:
        """Whether the value at a pointer is part of something written as `{…}` or `[…]`."""
        return any(self.is_in_brackets(pointer[:length]) for length in range(len(pointer)))

    def skip_blank(self, offset: int) -> int:
        """The next character that is neither blank nor in a comment."""
        match = _BLANK.match(self.source, offset)
        assert match is not None
        return match.end()

    def line_start(self, offset: int) -> int:
        """The first character of a line."""
        return self._lines[bisect_right(self._lines, offset) - 1]

    def line_end(self, offset: int) -> int:
        """The end of a line, before its line break."""
        found = _BREAK.search(self.source, offset)
        return found.start() if found else len(self.source)

    def line_end_before(self, offset: int) -> int:
        """The end of the line before the one that starts here, before its line break."""
        return offset - (2 if self.source.endswith("\r\n", 0, offset) else 1)

    def line_break(self, offset: int) -> str:
        """The line break that ends a line, or the one before it, or the usual one."""
        after = _BREAK.match(self.source, self.line_end(offset))
        before = after or _BREAK.match(self.source, self.line_end(0))
        return before.group() if before else "\n"

    def _is_collection(self, pointer: Pointer) -> bool:
        return isinstance(self.value(pointer), dict | list)

    def _after_bracket(self, offset: int) -> int:
        at = self.skip_blank(offset)
        if self.source.startswith(",", at):
            at = self.skip_blank(at + 1)
        return at + 1

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column - 1 if line <= len(self._lines) else len(self.source)
