"""What is wrong with a text, in words for the person who wrote it.

Two kinds of wrong: YAML that is not for catalogs (aliases, tags, look-alikes of spaces), refused event by
event; and text that is no YAML, where the parser says only where it gave up and in which of its own states.
What has gone wrong there is often something else, and further up. Only `catalog.yaml.events` imports this.
"""

import re
from typing import Any, NamedTuple, NoReturn

from yaml import MarkedYAMLError
from yaml.events import AliasEvent, ScalarEvent

from catalog.yaml.fault import TextError, position, printable, shown

# Letters for YAML that people take for the space that separates or indents.
_SPACES = "\xa0\u1680\u2000-\u200b\u202f\u205f\u3000"
_SURROGATE = re.compile("[\ud800-\udfff]")  # from an escape; libyaml refuses it itself
_MISLEADING_SPACE = re.compile(f"(^[-?]?|:)[{_SPACES}]|[{_SPACES}]$")

EMPTY = ("the document is empty", "Write its `key: value` lines, or delete the file.")
DIRECTIVE = ("`%` directives are not supported: all is YAML 1.2", "Delete the lines that start with `%`.")
NO_COLON = (
    "this line is not `key: value`",
    "Write a colon and a space after the key; indent the line if it continues the text above.",
)
BAD_ESCAPE = (
    "in double quotes a backslash starts an escape, and here it gives no character",
    "Use single quotes if a backslash is meant, else write the character itself.",
)


def refuse_root(event: Any, source: str) -> NoReturn:
    """Refuses a document whose root, which starts with `event`, is no mapping."""
    refuse_properties(event, source)
    found = "a list"
    if type(event) is ScalarEvent:
        if not event.value and not event.style:
            raise TextError(0, *EMPTY)
        refuse_misleading_characters(event, source)
        found = f"the single value {shown(event.value)}"
    what = f"the document is {found}, not a mapping of keys to values"
    raise TextError(event.start_mark.index, what, "Write `key: value` lines, with a space after each colon.")


HARMLESS = 8
"""Characters that are no secret."""

_PROPERTIES = {"*": "alias", "&": "anchor", "!": "tag"}


def refuse_properties(event: Any, source: str) -> None:
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
    named = shown(word) if len(word) <= HARMLESS else f"`{sign}…`"  # a password may begin with it
    what = f"{_PROPERTIES.get(sign, 'property')} {named} is not supported: {why}"
    raise TextError(index, what, f"Write only the value; quote it if it is text that starts with `{sign}`.")


def refuse_misleading_characters(event: Any, source: str) -> None:
    """Refuses a scalar with half a character, or with a look-alike of a space where a space would count."""
    index = event.start_mark.index
    if event.style == '"' and _SURROGATE.search(event.value):
        raise TextError(index, *BAD_ESCAPE)
    if not event.style and (found := _MISLEADING_SPACE.search(event.value)):
        raise _misleading_space(source.index(found.group(), index) + len(found.group()) - 1, source)


def refuse_complex_key(event: Any, source: str) -> NoReturn:
    """Refuses what starts with `event` where a plain key must be."""
    refuse_properties(event, source)
    what = "a list, mapping or text block stands where a key must be"
    fix = "Write a plain key; quote a `{{ template }}` and text that starts with `[` or `{`."
    raise TextError(event.start_mark.index, what, fix)


def _misleading_space(index: int, source: str) -> TextError:
    what = f"U+{ord(source[index]):04X} looks like a space and is none for YAML"
    return TextError(index, what, "Type a space, or quote the text if it is meant.")


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
    _Cause("quoted scalar", False, *BAD_ESCAPE),
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
        *NO_COLON,
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
        "block collection",
        False,
        "this line is neither part of the entry above nor one of its own beside that of line {line}",
        "Indent it like the key behind the `-` of the entry that it belongs to; or begin one of its own, "
        "with `- ` in column {column}.",
    ),
    _Cause(
        "block mapping",
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
    _Cause("directive|incompatible YAML", True, *DIRECTIVE),
    _Cause(
        "", False, "this is not YAML", "Look at indentation, quotes and brackets here and on the line above."
    ),
)


def explain_syntax(error: MarkedYAMLError, source: str) -> TextError:
    """What an error of the parser means, and where the mistake is."""
    if source.startswith("%"):
        return TextError(0, *DIRECTIVE)
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
    if earlier := _mistake_above(said, index, source):
        return earlier
    cause = next(cause for cause in _CAUSES if re.search(cause.said, said))
    if cause.at_start:
        index = start.index
    line, column = position(source, start.index)
    details = {"character": printable(source[index : index + 1]), "line": line, "column": column}
    return TextError(index, cause.what.format(**details), cause.fix.format(**details))


def _mistake_above(said: str, index: int, source: str) -> TextError | None:
    """What the parser trips over only later: a line without its colon, one that is indented otherwise than
    the next, a quote that some other one closes."""
    lines = re.split("\r\n|[\r\n]", source[:index])
    row, above = len(lines) - 1, len(lines) - 2
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0:
        return None
    here = re.split("[\r\n]", source[index:], maxsplit=1)[0]
    line = lines[row] + here
    indents = [len(text) - len(text.lstrip()) for text in (lines[above], line)]
    start = index - sum(len(text) + 1 for text in lines[above + 1 :])  # of CR LF, a character too far
    if "mapping values" in said and indents[0] == indents[1] and not _HOLDS_A_KEY.search(lines[above]):
        return TextError(max(start - len(lines[above].strip()), 0), *NO_COLON)
    if re.search("block (mapping|collection).*on a new line", said) and indents[0] > indents[1]:
        what = f"this line begins in column {indents[1] + 1}, and the one above in column {indents[0] + 1}"
        return TextError(index, what, "Entries of one mapping begin in one column: line them up.")
    if re.search("block (mapping|collection).*inside a line", said) and (quote := source[index - 1]) in "'\"":
        for number, text in enumerate(lines[:row]):
            if text.count(quote) % 2:
                opened = source.index(text) + text.index(quote)
                what = f"the quote opened here is closed on line {row + 1} only"
                fix = f"Close it on line {number + 1}."
                return TextError(opened, what, fix)
    return None


_HOLDS_A_KEY = re.compile(r":(\s|$)|^\s*[-#]")


def _find_misleading_blank(source: str, index: int) -> TextError | None:
    """A tab, or a look-alike of a space, that makes the line of `index` mean something else than it shows."""
    begin = index - len(re.split("[\r\n]", source[:index])[-1])
    line = re.split("[\r\n]", source[begin:], maxsplit=1)[0]
    tab = index if source.startswith("\t", index) else begin + len(line) - len(line.lstrip(" -"))
    if source.startswith("\t", tab):
        return TextError(tab, "a tab, and YAML indents with spaces only", "Type spaces.")
    if space := re.match(f"[^'\"]*?(^ *[-?]?|:)(?=[{_SPACES}])", line):
        return _misleading_space(begin + space.end(), source)
    return None
