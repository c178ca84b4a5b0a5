"""Changes one value in the text of a document, and not a byte beside it.

Comments, order, quotes, indentation, line breaks, a byte order mark and a missing last line break stay, since
nothing is written anew: the smallest span that says the old value is replaced. Each edit is read back, and
holds only if the document then says exactly what was wanted.
"""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

from catalog.editing.edit import put
from catalog.editing.layout import Layout
from catalog.editing.spelling import spellings
from catalog.yaml.parsed import Parsed, Pointer, Unusable
from catalog.yaml.text import parse


class Unspliceable(Exception):
    """A value that can't be written at its place; one clause that says why."""


def splice(text: bytes, parsed: Parsed, pointer: Pointer, value: Any) -> bytes:
    """`text` with `value`, of JSON's types, at `pointer`. It reads as `put(parsed.data, pointer, value)`.

    A scalar keeps its quotes. A field that is missing comes after the last one of its mapping, in the style
    of the mapping; mappings missing on the way are written in braces. Of a list or a mapping, only the items
    and fields that differ are touched. Raises Unspliceable."""
    for change in _wanted(parsed.data, pointer, value):
        text, parsed = _apply(text, parsed, change)
    return text


class _Change(NamedTuple):
    """One step from the old data to the new: of the value at `at`, or (insert) of a field or item in it."""

    action: Literal["replace", "insert", "remove"]
    at: Pointer
    value: Any = None
    key: str | int = 0


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def _wanted(data: Any, pointer: Pointer, value: Any) -> Iterator[_Change]:
    if not pointer and not isinstance(value, dict):
        raise Unspliceable("a document is a mapping")
    at = _written_part(data, pointer)
    for step in at:
        data = data[step]
    missing = pointer[len(at) :]
    if not missing:
        yield from _changes(data, value, at)
    elif isinstance(data, list) or not all(isinstance(step, str) for step in missing):
        raise Unspliceable("it is an item of a list, and the list has no such item")
    elif isinstance(data, dict):
        yield _Change("insert", at, put({}, missing[1:], value), missing[0])
    else:
        yield _Change("replace", at, put({}, missing, value))


def _written_part(data: Any, pointer: Pointer) -> Pointer:
    """As much of a pointer as leads to something."""
    for length, step in enumerate(pointer):
        steps = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if step not in steps:
            return pointer[:length]
        data = data[step]
    return pointer


def _changes(old: Any, new: Any, at: Pointer) -> Iterator[_Change]:
    """From the back of a list to its front, so that a position means the same item until it is used."""
    if _canonical(old) == _canonical(new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        yield from (_Change("insert", at, new[key], key) for key in new if key not in old)
        for key in old:
            if key in new:
                yield from _changes(old[key], new[key], (*at, key))
        yield from (_Change("remove", (*at, key)) for key in old if key not in new)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        same = SequenceMatcher(None, [*map(_canonical, old)], [*map(_canonical, new)], autojunk=False)
        for _, i, i_end, j, j_end in reversed(same.get_opcodes()):
            pairs = min(i_end - i, j_end - j)
            yield from (_Change("remove", (*at, n)) for n in reversed(range(i + pairs, i_end)))
            yield from (_Change("insert", at, new[n], i + pairs) for n in reversed(range(j + pairs, j_end)))
            for n in reversed(range(pairs)):
                yield from _changes(old[i + n], new[j + n], (*at, i + n))
    else:
        yield _Change("replace", at, new)


def _apply(text: bytes, parsed: Parsed, change: _Change) -> tuple[bytes, Parsed]:
    layout = Layout(text, parsed)
    wanted = _canonical(_after(layout, change))
    for edit in _edits(layout, change):
        changed = layout.encoded(*edit)
        try:
            reread = parse(changed, "")
        except Unusable:
            continue
        if _canonical(reread.data) == wanted:
            return changed, reread
    raise Unspliceable("no edit of the text reads as it")


def _after(layout: Layout, change: _Change) -> Any:
    """The whole data once a change is made."""
    if change.action == "replace":
        return put(layout.parsed.data, change.at, change.value)
    if change.action == "insert":
        within = layout.value(change.at)
        if isinstance(within, dict):
            return put(layout.parsed.data, (*change.at, change.key), change.value)
        assert isinstance(change.key, int)
        items = [*within[: change.key], change.value, *within[change.key :]]
        return put(layout.parsed.data, change.at, items)
    *above, last = change.at
    within = layout.value(tuple(above))
    if isinstance(within, dict):
        return put(layout.parsed.data, tuple(above), {key: within[key] for key in within if key != last})
    return put(layout.parsed.data, tuple(above), [item for index, item in enumerate(within) if index != last])


def _edits(layout: Layout, change: _Change) -> Iterator[_Edit]:
    """Edits that may make a change, the one that looks best first."""
    if change.action == "replace":
        yield from _replacements(layout, change.at, change.value)
    elif change.action == "remove":
        yield from _removals(layout, change.at)
    else:
        is_mapping = isinstance(layout.value(change.at), dict)
        for text in spellings({change.key: change.value} if is_mapping else change.value):
            entry = text[1:-1] if is_mapping else text
            yield from _insertions(layout, change.at, change.key, entry)


def _replacements(layout: Layout, at: Pointer, value: Any) -> Iterator[_Edit]:
    start, end = layout.start(at), layout.end(at)
    old = layout.source[start:end]
    for text in spellings(value, old[:1] if old[:1] in ("'", '"') else ""):
        if at in layout.parsed.keys and isinstance(layout.value(at), dict | list):
            after = layout.source.find(":", layout.key(at)[1]) + 1
            between = layout.source[after:start].rstrip()
            if re.search(r"[\r\n]", layout.source[after:start]):
                yield _Edit(after, end, f" {text}{between}")  # what stood on the lines below
        yield _Edit(start, end, text)
        yield _Edit(start, end, f" {text}")
        yield _Edit(start, end, f" {text} ")


def _insertions(layout: Layout, at: Pointer, key: str | int, entry: str) -> Iterator[_Edit]:
    children = layout.children(at)
    index = key if isinstance(key, int) else len(children)
    if layout.is_in_brackets(at):
        yield from _insertions_in_brackets(layout, at, index, entry)
    elif layout.is_inside_brackets(at):  # `[a: 1]` is a list of a mapping without braces
        start, end = layout.start(at), layout.end(at)
        yield _Edit(start, end, "{" + layout.source[start:end] + f", {entry}" + "}")
    else:
        entry = entry if isinstance(key, str) else f"- {entry}"
        indent = " " * layout.column(at)
        if index == 0:
            start = layout.start(at)
            yield _Edit(start, start, f"{entry}{layout.line_break(start)}{indent}")
            return
        end = layout.line_end(layout.end(children[index - 1]))
        yield _Edit(end, end, f"{layout.line_break(end)}{indent}{entry}")
        end = layout.end_with_blanks(children[index - 1])
        yield _Edit(end, end, f"{indent}{entry}{layout.line_break(end)}")
        yield _Edit(end, end, f"{layout.line_break(end)}{indent}{entry}")


def _insertions_in_brackets(layout: Layout, at: Pointer, index: int, entry: str) -> Iterator[_Edit]:
    source, children = layout.source, layout.children(at)
    opening, closing = layout.start(at), layout.end(at) - 1
    if not children:
        if not source[opening + 1 : closing].strip(" "):
            yield _Edit(opening + 1, closing, entry)
        yield _Edit(opening + 1, opening + 1, entry)
        yield _Edit(opening + 1, opening + 1, f"{entry} ")
        return
    neighbour = children[max(0, index - 1)]
    begin = layout.key(neighbour)[0] if neighbour in layout.parsed.keys else layout.start(neighbour)
    line = source[layout.line_start(begin) : begin]
    is_alone = not line.strip() and layout.line_start(begin) > opening
    new_line = layout.line_break(begin) + line if is_alone else " "
    if index == 0:
        yield _Edit(begin, begin, f"{entry},{new_line}")
        return
    end = layout.end(neighbour)
    comma = layout.skip_blank(end)
    has_comma = source.startswith(",", comma)
    after = comma + 1 if has_comma else end
    rest = layout.line_end(after)
    if new_line == " " or closing < rest or index < len(children):
        rest = after  # the line goes on, so there is no comment to step over
    tail = "," if has_comma else ""
    yield _Edit(after, rest, ("" if has_comma else ",") + source[after:rest] + new_line + entry + tail)
    if not has_comma:
        yield _Edit(closing, closing, f", {entry}")


def _removals(layout: Layout, at: Pointer) -> Iterator[_Edit]:
    """For an item or entry that is not the only one."""
    source = layout.source
    siblings = layout.children(at[:-1])
    index = siblings.index(at)
    begins = [_begin(layout, sibling) for sibling in siblings]
    begin, line = begins[index], layout.line_start(begins[index])
    if layout.is_inside_brackets(at):
        end = layout.end(at)
        if index + 1 < len(siblings):
            if "#" not in source[end : begins[index + 1]]:
                yield _Edit(begin, begins[index + 1], "")
            yield _Edit(begin, layout.skip_blank(end) + 1, "")
        else:
            yield _Edit(layout.end(siblings[index - 1]), end, "")
        return
    for end in (layout.line_end(layout.end(at)), layout.line_end(layout.end_with_blanks(at))):
        if source[line:begin].strip():
            yield _Edit(begin, begins[index + 1], "") if index + 1 < len(siblings) else _Edit(begin, end, "")
        elif end < len(source):
            yield _Edit(line, end + len(layout.line_break(end)), "")
        else:  # the last line, and the break before it, so that there is still none at the end
            yield _Edit(layout.line_end_before(line), end, "")


def _begin(layout: Layout, at: Pointer) -> int:
    if at in layout.parsed.keys:
        return layout.key(at)[0]
    return layout.start(at) if layout.is_inside_brackets(at) else layout.dash(at)


def _canonical(value: Any) -> str:
    """Equal for equal data only: 1, 1.0 and true are three."""
    return json.dumps(value, sort_keys=True)
