"""How what exists differs from what a plan would make of it, as properties that may be kept. Pure."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.kinds.adoption import KeptValue
from catalog.yaml.parsed import Pointer
from pave.adopting.live import LiveResource, value_at
from pave.delivery.recovery.ownership import HIDDEN
from stacks.properties import is_unknown, revealed

_STEP = re.compile(r"[A-Za-z0-9_-]+")


class Difference(NamedTuple):
    """A property in which a resource is otherwise: what it `is`, and what the plan `wants`; None for what
    isn't there."""

    path: str
    is_: Any
    wants: Any

    @property
    def steps(self) -> tuple[str, ...]:
        """What leads to it."""
        return tuple(self.path.split("."))

    @property
    def kept(self) -> KeptValue | None:
        """It as what stays; None for a secret, which no file says."""
        if has_secret(self.is_):
            return None
        return KeptValue(path=self.path, value=self.is_)


def differences(live: LiveResource) -> list[Difference]:
    """Each difference once, as deep as both are objects, and a list as a whole. Where a whole object is
    missing there, that is the difference."""
    found: dict[str, Difference] = {}
    for path in live.differing:
        at = _named(path, live)
        if at:
            name = ".".join(at)
            found[name] = Difference(name, value_at(live.inputs, at), value_at(live.wanted, at))
    return [each for name, each in sorted(found.items()) if not any(_is_below(name, one) for one in found)]


def _named(path: Pointer, live: LiveResource) -> tuple[str, ...]:
    """As much of a path as a file can name, and as leads to something there. Labels are one thing."""
    steps: list[str] = []
    for step in path:
        if not isinstance(step, str) or not _STEP.fullmatch(step) or step.startswith("__"):
            break
        steps.append(step)
        if value_at(live.inputs, tuple(steps)) is None or step.lower().endswith("labels"):
            break
    return tuple(steps)


def _is_below(name: str, other: str) -> bool:
    return name.startswith(f"{other}.")


def has_secret(value: Any) -> bool:
    """Whether any part of a value is a secret, or isn't known."""
    return any(each == HIDDEN or is_unknown(each) for each in _leaves(value))


def _leaves(value: Any) -> Iterator[Any]:
    value = revealed(value)
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value
