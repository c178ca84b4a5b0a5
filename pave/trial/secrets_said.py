"""Secrets that stand in a service's file, where only their names should: a trial's file has none of them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from catalog.kinds.service import Service
from catalog.yaml.parsed import Pointer


class SecretsSaid(NamedTuple):
    """The `variables`, by name, that hold a secret, and the `words` of command lines that are one."""

    variables: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def secrets_said(service: Service, places: Iterable[Pointer]) -> SecretsSaid:
    """The secrets at some places of a service that a container would be told."""
    variables: set[str] = set()
    words: set[str] = set()
    for place in places:
        value: Any = msgspec.to_builtins({"spec": service.spec})
        around: list[Any] = []
        if place[:1] != ("spec",):
            continue
        for step in place:
            around.append(value)
            value = value[int(step) if isinstance(value, list) else step]
        holder = around[-1]
        if isinstance(holder, dict) and "name" in holder and place[-1] == "value":
            variables.add(holder["name"])
        elif isinstance(holder, list) and isinstance(value, str):
            words.add(value)
    return SecretsSaid(frozenset(variables), frozenset(words))
