"""The data of one YAML document and where its parts are, from the events of PyYAML's parser, which uses
libyaml where PyYAML has it. PyYAML's loaders are not used: they speak YAML 1.1 and keep the last of two equal
keys.

`catalog.yaml.text` imports this when it first parses: PyYAML takes as long as a catalog that was read before.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from catalog.yaml.fault import TextError, shown
from catalog.yaml.lenient import (
    Indent,
    refuse_lenient_scalar,
    refuse_shallow_brackets,
    refuse_touching_comment,
)
from catalog.yaml.parsed import MAX_DEPTH, MAX_NODES, MAX_SCALAR_CHARACTERS, Mark, Parsed, Pointer
from catalog.yaml.scalars import NEVER_PLAIN_KEYS, NUMBER_STARTS, require_string_key, resolve
from catalog.yaml.syntax import (
    BAD_ESCAPE,
    DIRECTIVE,
    EMPTY,
    explain_syntax,
    refuse_complex_key,
    refuse_misleading_characters,
    refuse_properties,
    refuse_root,
)

_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_COLON = re.compile("[ \t]*:")


def events_of(source: str) -> "Events":
    """What a text says. Raises TextError for one that is not a single document as catalogs have them."""
    parser = _PARSER(source)
    try:
        return _build(parser.get_event, source)
    except yaml.MarkedYAMLError as error:
        raise explain_syntax(error, source) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML's own scanner lets chr() fail on an escape that is too large; libyaml explains it itself.
        index = parser.get_mark().index if hasattr(parser, "get_mark") else 0
        raise TextError(index, *BAD_ESCAPE) from None
    finally:
        parser.dispose()


def _build(next_event: Callable[[], Any], source: str) -> "Events":
    """What the parser's events say. Raises TextError, and whatever the parser does."""
    next_event()  # the start of the stream
    start = next_event()
    if type(start) is StreamEndEvent:
        raise TextError(0, *EMPTY)
    if source.startswith("%", start.start_mark.index):
        raise TextError(start.start_mark.index, *DIRECTIVE)
    root = next_event()
    if type(root) is not MappingStartEvent:
        refuse_root(root, source)
    builder = Events(next_event, source, root)
    next_event()  # the end of the document
    end = next_event()
    if type(end) is not StreamEndEvent:
        what = "a second document starts here"
        raise TextError(end.start_mark.index, what, "Keep one document in each file.")
    return builder


class Events:
    """Collects the data of one document, event by event, and the events of its values and keys, in the order
    of the text."""

    def __init__(self, next_event: Callable[[], Any], source: str, root: Any) -> None:
        self._values: list[Any] = []
        self._keys: list[Any] = []
        self._next_event = next_event
        self._source = source
        self._end: Any = root
        self.data: dict[str, Any] = self._value(root, 0, None, -1)

    def placed(self) -> Parsed:
        """The data with the position of each of its parts."""
        parsed = Parsed(self.data, {}, {})
        self._place(self.data, (), None, iter(self._values), iter(self._keys), parsed)
        return parsed

    def _place(
        self, value: Any, at: Pointer, key: Any, values: Iterator[Any], keys: Iterator[Any], parsed: Parsed
    ) -> None:
        event = next(values)
        if type(event) is ScalarEvent:
            is_left_out = key is not None and not event.value and not event.style
            mark = _left_out_after(key.end_mark, self._source) if is_left_out else _mark(event)
            parsed.values[at] = mark
            return
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        parsed.values[at] = Mark(line, column, line, column)
        if isinstance(value, list):
            for index, item in enumerate(value):
                self._place(item, (*at, index), None, values, keys, parsed)
            return
        for name, item in value.items():
            own = next(keys)
            parsed.keys[*at, name] = _mark(own)
            self._place(item, (*at, name), own, values, keys, parsed)

    def _value(self, event: Any, depth: int, key: Any, within: Indent) -> Any:
        """The value that starts with `event` within a block; `key` is the event of its key, if it has one."""
        if len(self._values) >= MAX_NODES:
            what = f"more than {MAX_NODES} values in one document"
            raise TextError(event.start_mark.index, what, "Split it into several documents.")
        self._values.append(event)
        kind = type(event)
        if kind is ScalarEvent:
            self._check(event)
            text: str = event.value
            refuse_lenient_scalar(event, self._source, within)
            if event.style:
                return text
            if not text and key is not None:
                _left_out_after(key.end_mark, self._source)
            return resolve(text, event.start_mark.index)
        refuse_properties(event, self._source)
        if depth >= MAX_DEPTH:
            what = f"nested more than {MAX_DEPTH} levels deep"
            raise TextError(event.start_mark.index, what, "Flatten the document.")
        start = event.start_mark
        inner = None if event.flow_style else start.column
        collect: Any = self._mapping if kind is MappingStartEvent else self._sequence
        value = collect(depth + 1, inner)
        if event.flow_style:
            end = self._end.end_mark
            refuse_touching_comment(end.index, self._source)
            if within is not None and end.line > start.line:
                refuse_shallow_brackets(start.index, end.index, self._source, within)
        return value

    def _mapping(self, depth: int, within: Indent) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        first: dict[str, Any] = {}
        next_event = self._next_event
        while type(event := next_event()) is not MappingEndEvent:
            if type(event) is not ScalarEvent or event.style in ("|", ">"):
                refuse_complex_key(event, self._source)
            key: str = event.value
            start: Any = event.start_mark
            self._check(event)
            if within is None:
                refuse_lenient_scalar(event, self._source, within)
            if not event.style and (key in NEVER_PLAIN_KEYS or key[0] in NUMBER_STARTS):
                require_string_key(key, start.index)
            if key in first:
                line = first[key].start_mark.line + 1
                what = f"key {shown(key)} is on line {line} already, and only one could count"
                raise TextError(start.index, what, "Delete or rename one of the two.")
            first[key] = event
            self._keys.append(event)
            entries[key] = self._value(next_event(), depth, event, within)
        self._end = event
        return entries

    def _sequence(self, depth: int, within: Indent) -> list[Any]:
        items: list[Any] = []
        while type(event := self._next_event()) is not SequenceEndEvent:
            items.append(self._value(event, depth, None, within))
        self._end = event
        return items

    def _check(self, event: Any) -> None:
        """Makes sure that a scalar is its text and nothing else."""
        if event.tag is not None or event.anchor is not None:
            refuse_properties(event, self._source)
        if len(event.value) > MAX_SCALAR_CHARACTERS:
            what = f"text of more than {MAX_SCALAR_CHARACTERS} characters"
            raise TextError(event.start_mark.index, what, "Shorten it, or keep it outside the catalog.")
        if not event.value.isascii():
            refuse_misleading_characters(event, self._source)


def _mark(event: Any) -> Mark:
    start, end = event.start_mark, event.end_mark
    return Mark(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


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
