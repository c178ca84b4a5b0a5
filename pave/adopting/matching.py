"""Which of what exists is which of a service's plan. Pure.

A resource is found by its type and the id by which its provider imports it; what the cloud counts, by its
title; and what a person has said is another's place, by that. Names that stand in others' ids follow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from catalog.document import Json
from pave.adopting.found import FoundResource
from stacks.plan import Plan, PlannedResource
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.imports import import_id, is_imported
from stacks.providers.table import is_counted

TITLES = ("displayName",)


class Wanted(NamedTuple):
    """A resource of a plan that may be taken over: its `expected` id is empty where it doesn't follow from
    the plan. `place` is where its provider works."""

    resource: PlannedResource
    expected: str
    place: ProviderSettings


class Match(NamedTuple):
    """A resource of a plan, and the one that exists."""

    wanted: Wanted
    found: FoundResource

    @property
    def id(self) -> str:
        """By which the provider imports it."""
        return self.found.id


class Matches(NamedTuple):
    """What belongs together; what the plan alone has; what exists alone; and of what more than one may be
    meant, with those."""

    both: list[Match]
    planned: list[Wanted]
    found: list[FoundResource]
    unclear: list[tuple[Wanted, list[FoundResource]]]


def wanted(plan: Plan) -> list[Wanted]:
    """The resources of a plan that can be imported, with their ids as far as these follow from it."""
    by_urn = {each.urn: each for each in plan.resources}
    made = []
    for each in plan.resources:
        if each.custom and not each.read and is_imported(each.type):
            settings = by_urn[each.options.provider].inputs if each.options.provider in by_urn else {}
            place = ProviderSettings(
                **{
                    name: settings[name]
                    for name in ("project", "region")
                    if isinstance(settings.get(name), str)
                }
            )
            expected = import_id(each.type, _resolved(each, by_urn, place), place)
            made.append(Wanted(each, expected, place))
    return made


def _resolved(
    resource: PlannedResource, by_urn: Mapping[str, PlannedResource], place: ProviderSettings
) -> Json:
    """Its inputs, where an input that only an update knows is the id of what it stands for."""
    return {name: _known(value, by_urn, place) for name, value in resource.inputs.items()}


def _known(value: Any, by_urn: Mapping[str, PlannedResource], place: ProviderSettings) -> Any:
    if isinstance(value, dict) and (urns := value.get("$unknown")):
        ids = [identity(by_urn[urn].type, by_urn[urn].inputs, place) for urn in urns if urn in by_urn]
        return next(filter(None, ids), None)
    return value


def matches(
    wishes: Sequence[Wanted], existing: Iterable[FoundResource], said: Mapping[str, str] = {}
) -> Matches:
    """What of `existing` is what of a plan. `said` are ids that a person has given, by the name of a
    resource; or by `type::name`, where several are called so."""
    there = list({(each.type, each.id): each for each in existing}.values())
    both: list[Match] = []
    unclear: list[tuple[Wanted, list[FoundResource]]] = []
    rest: list[Wanted] = []
    for wish in wishes:
        told = _told(wish.resource, there, said)
        candidates = [each for each in there if _is_meant(wish, each, told)]
        if len(candidates) == 1:
            both.append(Match(wish, _typed(candidates[0], wish)))
        elif candidates:
            unclear.append((wish, candidates))
        else:
            rest.append(wish)
    used = {each.found.id for each in both}
    left = [each for each in there if each.id not in used]
    return Matches(both, rest, left, unclear)


def key_of(resource: PlannedResource) -> str:
    """`type::name`, by which a person can mean one of several of that name."""
    return f"{resource.type}::{resource.name}"


def _told(resource: PlannedResource, there: Sequence[FoundResource], said: Mapping[str, str]) -> str | None:
    """The id that a person has given for a resource: by its name alone, that of one of its type."""
    told = said.get(resource.name)
    is_of_type = any(each.id == told and each.type in {"", resource.type} for each in there)
    return said.get(key_of(resource)) or (told if is_of_type else None)


def _is_meant(wish: Wanted, found: FoundResource, told: str | None) -> bool:
    resource = wish.resource
    if found.type not in {"", resource.type}:
        return False
    if told is not None:
        return found.id == told
    if is_counted(resource.type):
        title = next((resource.inputs.get(name) for name in TITLES), None)
        return found.type == resource.type and isinstance(title, str) and found.title == title
    return wish.expected != "" and found.id == wish.expected


def _typed(found: FoundResource, wish: Wanted) -> FoundResource:
    return found if found.type else msgspec.structs.replace(found, type=wish.resource.type)
