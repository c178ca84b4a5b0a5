"""Changes and refusals as lines of text, each with the place in the catalog that asks for it."""

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.document import Origin, pointer_of
from catalog.loader import Catalog
from pave.reviewing.changes import Action, Changes, Property, ResourceChange
from pave.reviewing.guards import Refusal
from policies.wording import Line, Style, labelled
from stacks.providers.table import holds_data

SIGNS: Mapping[Action, str] = {"import": "=", "create": "+", "update": "~", "replace": "±", "delete": "-"}
STYLES: Mapping[Action, Style] = {
    "import": "plain",
    "create": "good",
    "update": "plain",
    "replace": "bad",
    "delete": "bad",
}
PROPERTIES = 8
"""Properties shown of a resource."""
VALUE = 48
"""Characters shown of a value."""
BEFORE = 8
"""Characters shown before the first that differs, of two values that begin alike."""
INDENT = " " * 6
KINDS: Mapping[str, str] = {
    "impossible": "can't be done",
    "irreversible": "can't be undone",
    "interruption": "interrupts",
    "restart": "restarts",
    "replace": "replaces",
    "rerouting": "leads elsewhere",
}
"""What a consequence is, in words."""

Locator = Callable[[Origin | None], str]
"""Gives an origin as `file:line:column`, which editors open; empty for None."""


def places(catalog: Catalog, called: Callable[[str], str]) -> Locator:
    """What gives the places of origins in a catalog. `called` gives the path of a document as the reader sees
    it."""

    def place(origin: Origin | None) -> str:
        if origin is None:
            return ""
        try:
            document = catalog.file(origin.document)
        except KeyError:
            return f"{called(origin.document)}, which is gone"
        mark, _ = document.mark(pointer_of(origin.pointer, document.data))
        return f"{called(origin.document)}:{mark.line}:{mark.column}"

    return place


def describe_changes(changes: Changes, place: Locator, width: int) -> Iterator[Line]:
    """The changes in the order in which they are made, and where the way back ends.

    Updates, replacements and deletions of stateful resources come one by one; other deletions, and creations,
    in a line for each place in the catalog that asks for them, where the first of them is made."""
    together: dict[tuple[str, str], list[ResourceChange]] = {}
    for change in changes.found:
        is_alone = change.action in {"update", "replace"} or (change.action == "delete" and change.stateful)
        key = ("", change.urn) if is_alone else (change.action, place(change.origin))
        together.setdefault(key, []).append(change)
    can_go_back = are_deleted = True
    for number, found in enumerate(together.values()):
        if can_go_back and any(change.is_irreversible for change in found):
            can_go_back = False
            yield Line("bad", "  ── from here on there is no way back ──")
        if are_deleted and found[0].action == "delete":
            are_deleted = False
            if number:
                yield Line("faint", "  then, when all of that is done:")
        one_by_one = found[0].action in {"update", "replace"} or found[0].stateful
        yield from (
            _describe(found[0], place)
            if len(found) == 1 and one_by_one
            else _describe_all(found, place, width)
        )
        yield from _consequences(found, width)


def _describe_all(found: Sequence[ResourceChange], place: Locator, width: int) -> Iterator[Line]:
    action = found[0].action
    rows = textwrap.wrap(_kinds(found), width - 11, break_long_words=False, break_on_hyphens=False)
    yield Line(STYLES[action], f"  {SIGNS[action]} {action} {rows[0]}")
    yield from (Line(STYLES[action], f"{INDENT}{row}") for row in rows[1:])
    if where := place(found[0].origin):
        yield Line("place", f"{INDENT}{where}")


def _describe(change: ResourceChange, place: Locator) -> Iterator[Line]:
    words = f"{change.action} {called(change)}{held(change)}"
    yield Line(STYLES[change.action], f"  {SIGNS[change.action]} {words}")
    yield from properties(change.properties)
    if change.because and not any(item.replaces for item in change.properties):
        yield Line("plain", f"{INDENT}because its {' and '.join(change.because)} is replaced")
    where = place(change.origin)
    if where:
        yield Line("place", f"{INDENT}{where}")


def _consequences(found: Sequence[ResourceChange], width: int) -> Iterator[Line]:
    """What changes do beside what they say, each once with the resources that it holds of."""
    of: dict[tuple[str, str, str, str], list[str]] = {}
    for change in found:
        for one in change.consequences:
            of.setdefault((one.kind, one.what, one.who, one.source), []).append(change.name)
    for (kind_, what, who, source), names in of.items():
        whose = f"{', '.join(map(plain, names))}: " if len(found) > 1 else ""
        text = plain(f"! {KINDS[kind_]}: {whose}{what}. Noticed by {who}.")
        style: Style = "bad" if kind_ in {"impossible", "irreversible"} else "plain"
        for row in textwrap.wrap(text, width - len(INDENT), break_long_words=False, break_on_hyphens=False):
            yield Line(style, f"{INDENT}{row}")
        yield Line("faint", f"{INDENT}  {source}")


def properties(found: Sequence[Property]) -> Iterator[Line]:
    """A line for each value that differs, for `PROPERTIES` at most."""
    for item in found[:PROPERTIES]:
        yield Line("plain", f"{INDENT}{difference(item)}{'  (replaces)' if item.replaces else ''}")
    if len(found) > PROPERTIES:
        yield Line("faint", f"{INDENT}and {len(found) - PROPERTIES} more")


def held(change: ResourceChange) -> str:
    """`  (holds data, protected, retained)` as far as that holds of a resource, else nothing."""
    notes = ["holds data"] if holds_data(change.type) else []
    notes += [word for word in ("protected", "retained") if getattr(change, word)]
    return f"  ({', '.join(notes)})" if notes else ""


def describe_refusal(refusal: Refusal, where: str, width: int) -> Iterator[Line]:
    """A refusal as lines: what, why, and what to do instead. `where` is the place that asks for it, or
    empty."""
    yield Line("bad", f"✗ {refusal.guard}")
    if where:
        yield Line("place", f"  {where}")
    for label, text in (("what", refusal.what), ("why", refusal.why), ("fix", refusal.instead)):
        yield from labelled(label, text, width)


def tally(changes: Changes) -> str:
    """The counts of a preview: `1 to update, 116 unchanged`, and before that what is left for later."""
    parts = [f"{changes.count(action)} to {action}" for action in SIGNS if changes.count(action)]
    later = [f"{changes.later} left for later"] if changes.later else []
    return ", ".join([*parts, *later, f"{changes.unchanged} unchanged"])


def called(change: ResourceChange) -> str:
    """A resource by its type and name: `sql DatabaseInstance customersdot-db-g1`."""
    return f"{kind(change.type)} {plain(change.name)}"


def kind(type_: str) -> str:
    """A type token for people: `sql DatabaseInstance`, `kubernetes Deployment`."""
    package, module, name = type_.split(":")
    return f"{package if package == 'kubernetes' else module.partition('/')[0]} {name}"


def difference(item: Property) -> str:
    """One changed property: `settings.diskSize: 500 → 600`."""
    if item.before is None and item.after is None:
        return f"{plain(item.path)} changes"
    before, after = value(item.before), value(item.after)
    if before == after:  # cut before they differ, as two digests of one image would be
        one, other = (json.dumps(found, ensure_ascii=False) for found in (item.before, item.after))
        same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        before, after = (value(found, start=max(same - BEFORE, 0)) for found in (item.before, item.after))
    return f"{plain(item.path)}: {before} → {after}"


def value(found: Any, longest: int = VALUE, start: int = 0) -> str:
    """A value as JSON on one line, from the character `start` on; cut when it is long."""
    if found is None:
        return "(none)"
    if found in ("[secret]", "[unknown]"):
        return "(secret)" if found == "[secret]" else "(known later)"
    text = json.dumps(found, ensure_ascii=False)
    text = plain(f"…{text[start:]}" if start else text)
    return cut(text, longest)


def cut(text: str, longest: int) -> str:
    """A text of at most so many characters, cut between two words unless the last is very long."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    between = max(kept.rfind(" "), kept.rfind(",") + 1)
    return f"{kept[:between] if between > longest // 3 else kept}…"


def plain(text: str) -> str:
    """Text with every control character written as its code, so that it can't change the terminal."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def _kinds(changes: Sequence[ResourceChange]) -> str:
    """`sql DatabaseInstance db, 4 × sql User`."""
    by_kind: dict[str, list[ResourceChange]] = {}
    for change in changes:
        by_kind.setdefault(kind(change.type), []).append(change)
    return ", ".join(
        f"{len(found)} × {name}" if len(found) > 1 else called(found[0]) for name, found in by_kind.items()
    )
