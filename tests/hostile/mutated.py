"""Documents of every kind, changed at random where their structure is: fields of other types, without a part,
with another document's, twice; and the text around it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from catalog.validation import kind_folders
from catalog.yaml.text import parse

HOME = Path(__file__).resolve().parents[2]

Place = tuple[Any, Any]
"""A mapping or a list, and a key or an index in it."""

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.0, 0.5, 1e3, 8080.0, -0.0, 99.9999, 100, 2**31, 2**53, 1e308, 5e-324),
    *("", " ", "a", "no", "1", "0x1F", "~", "null", "a\nb", "\u00e9", "\U0001f600", "\x1b[2J", "x" * 3000),
    *("9999-12-31", "0001-01-01", "2026-02-30", "2026-11-21", "1969-12-31", "* * * * *", "0 0 31 2 *"),
    *(
        "production",
        "staging",
        "shop",
        "web",
        "db",
        "/*",
        "/",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::/0",
        "1.2.3.4/33",
    ),
    *("../../etc/passwd", "https://example.com/", "{{ x }}", "${HOME}", "*", "&a", "!t", "a.b[c]", "spec"),
)
"""What somebody may write anywhere, or a program with a fault."""


class Dice(Random):
    """Chance that comes out the same for the same seed. Nothing that is drawn here is a secret."""


def originals() -> list[dict[str, Any]]:
    """Sound and unsound documents of every kind: what is shipped, and what rules and tricks are tried on."""
    files = [
        *sorted((HOME / "catalog").glob("*/*.yaml")),
        *sorted((HOME / "policies/rules").glob("*/*/*.yaml")),
        HOME / "tests/mistakes/base/service.yaml",
    ]
    found = [parse(file.read_bytes(), file.name).data for file in files]
    scarce = [each for each in found if each["kind"] != "Service"]
    return [*found, *scarce * 3]


def mutant(dice: Dice, known: list[dict[str, Any]]) -> tuple[str, bytes]:
    """The file of a changed document in a catalog, and its text."""
    document = json.loads(json.dumps(dice.choice(known)))
    path = f"{kind_folders()[document['kind']]}/{document['metadata']['name']}.yaml"
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5))):
        places = list(_places(document))
        if places:
            dice.choice(CHANGES)(dice, *dice.choice(places), known)
    text = json.dumps(document, ensure_ascii=dice.random() < 0.5, indent=dice.choice((None, 1)))
    if dice.random() < 0.1:
        text = _torn(dice, text)
    return path, text.encode("utf-8", "surrogatepass")


def extremes(number: float | str) -> Iterator[tuple[str, bytes]]:
    """For each numeric field of each kind, the file of a document that says `number` there, and its text."""
    seen = set()
    for document in originals():
        for field, within, step in list(_numbers(document)):
            if (document["kind"], field) not in seen:
                seen.add((document["kind"], field))
                before, within[step] = within[step], number
                path = f"{kind_folders()[document['kind']]}/{document['metadata']['name']}.yaml"
                yield path, json.dumps(document).encode()
                within[step] = before


def _numbers(value: Any, field: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The numbers within a value: the field's name with those above it, and the place."""
    for within, step in _steps(value):
        below = field if isinstance(within, list) else f"{field}.{step}"
        if isinstance(within[step], int | float) and not isinstance(within[step], bool):
            yield below, within, step
        yield from _numbers(within[step], below)


def _places(value: Any) -> Iterator[Place]:
    for within, step in _steps(value):
        yield within, step
        yield from _places(within[step])


def _steps(value: Any) -> Iterator[Place]:
    steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return ((value, step) for step in steps)


def _other(dice: Dice, within: Any, step: Any, _: Any) -> None:
    within[step] = dice.choice(VALUES)


def _gone(_dice: Dice, within: Any, step: Any, _: Any) -> None:
    del within[step]


def _twice(_dice: Dice, within: Any, step: Any, _: Any) -> None:
    if isinstance(within, list):
        within.insert(step, json.loads(json.dumps(within[step])))
    else:
        within[f"{step}s"] = within[step]


def _renamed(dice: Dice, within: Any, step: Any, _: Any) -> None:
    if isinstance(within, dict):
        index = dice.randrange(len(step) + 1)
        within[step[:index] + dice.choice("aeX_ \u0000") + step[index + dice.randrange(2) :]] = within.pop(
            step
        )


def _wrapped(dice: Dice, within: Any, step: Any, _: Any) -> None:
    within[step] = dice.choice(
        ([within[step]], {"name": within[step]}, [[within[step]]], [None, within[step]])
    )


def _emptied(dice: Dice, within: Any, step: Any, _: Any) -> None:
    within[step] = dice.choice(([], {}, [[]], [{}], [None]))


def _borrowed(dice: Dice, within: Any, step: Any, known: list[dict[str, Any]]) -> None:
    giver, at = dice.choice(list(_places(dice.choice(known))))
    within[step] = json.loads(json.dumps(giver[at]))


def _same_field(dice: Dice, within: Any, step: Any, known: list[dict[str, Any]]) -> None:
    """What another document says in the field of that name."""
    found = [giver[at] for giver, at in _places(dice.choice(known)) if at == step]
    if found:
        within[step] = json.loads(json.dumps(dice.choice(found)))


def _scaled(dice: Dice, within: Any, step: Any, _: Any) -> None:
    value = within[step]
    if isinstance(value, int | float) and not isinstance(value, bool):
        within[step] = dice.choice((value * 1000, value / 1000, -value, value + 1, value - 1, float(value)))
    elif isinstance(value, str):
        within[step] = dice.choice(
            (value.upper(), value + " ", value * 9, value[1:], value[::-1], f"{value}-1")
        )
    elif isinstance(value, list):
        within[step] = value * dice.choice((0, 2, 40))


CHANGES: tuple[Callable[[Dice, Any, Any, Any], None], ...] = (
    *(_other, _other, _gone, _gone, _twice, _renamed, _wrapped, _emptied, _borrowed, _same_field),
    *(_same_field, _scaled, _scaled),
)


def _torn(dice: Dice, text: str) -> str:
    """The text with a piece of it gone, double, or something else."""
    begin = dice.randrange(len(text))
    end = min(len(text), begin + dice.choice((0, 1, 1, 3, 20)))
    put = dice.choice(
        ("", text[begin:end] * 2, "\n", "\t", "\x00", "\ufeff", "---\n", "...", "#", ": ", "\ud800")
    )
    return text[:begin] + put + text[end:]
