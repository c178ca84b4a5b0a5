"""From what files say that exists to what a service takes over, proven: see `adopted`.

What is somebody else's ends it before anything is written. What differs is said in the spec where a spec can
say it, else kept by the adoption's file; then the engine looks again, and the next update has to change
nothing of what is there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from catalog.document import Json
from catalog.kinds.adoption import AdoptedResource, KeptValue
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service
from pave.adopting.differences import Difference, differences
from pave.adopting.draft import AdoptionDraft
from pave.adopting.found import FoundResource
from pave.adopting.live import CloudLook, Looked, value_at
from pave.adopting.matching import Match, Matches, key_of, matches, wanted
from pave.adopting.owners import Taker, theirs, whose
from pave.adopting.report import AdoptionReport, KeptProperty, NotTaken, Planned, TakenOver
from pave.delivery.recovery.ownership import CloudId
from pave.planning.decide import decide_plan
from pave.refused import Refused
from pave.workspace import Workspace
from stacks.plan import Plan, PlannedResource, Planner
from stacks.providers.imports import parts_of
from stacks.providers.ownership import labels_of
from stacks.providers.table import TYPES
from stacks.recording.model import RecordingError
from stacks.stack import stack_of, stacks

ROUNDS = 6
"""How often the plan is matched, and the engine asked, at most: what is found in one round may lead to more
in the next, and what differs still after so many differs for good."""


class Existing(NamedTuple):
    """What files say that exists, the ids that a person has given for resources, by their names, and the
    names of those that a person says are to be `new`."""

    found: list[FoundResource]
    said: Mapping[str, str] = {}
    new: frozenset[str] = frozenset()


class Adopted(NamedTuple):
    """What came of it: the report, and what files of the catalog are to hold, by path."""

    report: AdoptionReport
    texts: Mapping[str, bytes]


def adopted(work: Workspace, service: Service, existing: Existing, look: CloudLook) -> Adopted:
    """What a service takes over at its place of what exists. Writes nothing. Raises Refused, EngineFailed and
    RecordingError."""
    stack = stack_of(service)
    draft = AdoptionDraft(work.catalog, stack)
    taker = Taker(str(stack), service.name, service.metadata.owner, service.environment.spec.project)
    before = dict(draft.entries)
    found = _matched(draft, existing)
    _require_said(existing, found)
    claimed = _claimed(draft, taker)
    refused = [*_unclear(found), *_others(found, taker, claimed)]
    asked = list(_perhaps(found, taker, claimed, existing.new))
    if refused or asked or not draft.entries:
        return Adopted(_report(draft, found, taker, refused=refused, asked=asked), {})
    looked, gone = _present(draft, look)
    refused = [*gone, *_others_by_looking(found, looked, taker, draft, look)]
    if refused:
        return Adopted(_report(draft, found, taker, refused=refused), {})
    looked, kept, wants = _settled(draft, look, looked)
    if not draft.entries.keys() - before.keys() and not draft.edits and not kept:
        draft.texts.clear()  # nothing is new
    report = _report(draft, found, taker, looked=looked, kept=wants)
    return Adopted(_judged(report, work, draft), draft.texts)


def _matched(draft: AdoptionDraft, existing: Existing) -> Matches:
    """Matches until nothing more is found: a name that is another than planned stands in others' ids."""
    while True:
        found = matches(wanted(draft.plan), existing.found, existing.said)
        entries = dict(draft.entries)
        for match in found.both:
            entry = _entry(match, entries.get((match.wanted.resource.type, match.wanted.resource.name)))
            entries[entry.type, entry.name] = entry
        if entries == draft.entries:
            return found
        draft.take_over(entries.values())


def _entry(match: Match, before: AdoptedResource | None) -> AdoptedResource:
    """What is taken over: with the name that it has, and the place, where these are others than planned."""
    resource = match.wanted.resource
    kept = [] if before is None or before.id != match.id else list(before.keeps)
    known = {each.path for each in kept}
    for name, value in parts_of(resource.type, match.id).items():
        planned = resource.inputs.get(name)
        if isinstance(planned, str) and planned != value and name not in known:
            kept.append(KeptValue(path=name, value=value))
    return AdoptedResource(type=resource.type, name=resource.name, id=match.id, keeps=kept)


def _require_said(existing: Existing, found: Matches) -> None:
    """Raises Refused for a name that is no planned resource's, and for an id that no file has."""
    used = {each.wanted.resource.name for each in found.both} | {
        key_of(each.wanted.resource) for each in found.both
    }
    for name, id_ in existing.said.items():
        if name in used:
            continue
        if not any(each.id == id_ for each in existing.found):
            raise Refused(f"--as {name}={id_}: no file has a resource with that id.")
        raise Refused(f"--as {name}={id_}: the plan has no `{name}` of that type; `pave plan` lists all.")


def _claimed(draft: AdoptionDraft, taker: Taker) -> dict[tuple[str, str], str]:
    """What other stacks of the catalog would make in the same project, by type and id."""
    planner, found = Planner(draft.catalog), dict[tuple[str, str], str]()
    for stack in stacks(draft.catalog):
        environment = draft.catalog.find(Environment, stack.environment)
        if stack == draft.stack or environment is None or environment.spec.project != taker.project:
            continue
        try:
            plan = planner.plan(stack)
        except RecordingError:
            continue
        for each in wanted(plan):
            if each.expected and each.place.project == taker.project:
                found[each.resource.type, each.resource.options.import_id or each.expected] = str(stack)
    return found


def _unclear(found: Matches) -> Iterator[NotTaken]:
    for wish, candidates in found.unclear:
        ids = ", ".join(each.id for each in candidates)
        name = wish.resource.name
        why = f"{len(candidates)} may be `{name}`: {ids}. Say which: --as {name}=ID"
        yield NotTaken(wish.resource.type, candidates[0].id, candidates[0].where, why, name)


def _others(found: Matches, taker: Taker, claimed: Mapping[tuple[str, str], str]) -> Iterator[NotTaken]:
    for match in found.both:
        why = theirs(match.found, taker)
        if (stack := claimed.get((match.found.type, match.id))) is not None:
            why = f"it is {stack}'s: the catalog says that it makes it"
        if why:
            yield _not_taken(match, why)


def _perhaps(
    found: Matches, taker: Taker, claimed: Mapping[tuple[str, str], str], new: frozenset[str]
) -> Iterator[NotTaken]:
    """What would be created though it can't be made again as it was, and though something of its kind exists
    that nobody else's mark is on: is it that? What stands in another such resource comes with that."""
    missing = {each.resource.type for each in found.planned}
    for wish in found.planned:
        resource = wish.resource
        row = TYPES[resource.type]
        if not row.is_stateful or missing & {*row.needs.values()}:
            continue
        if new & {resource.name, key_of(resource)}:
            continue
        for each in found.found:
            is_free = not theirs(each, taker) and (each.type, each.id) not in claimed
            if each.type == resource.type and is_free:
                name = resource.name
                why = f"is it `{name}`? --as {name}={each.id} takes it over, --new {name} makes another"
                yield NotTaken(each.type, each.id, each.where, why, name)


def _not_taken(match: Match, why: str) -> NotTaken:
    return NotTaken(match.found.type, match.id, match.found.where, why, match.wanted.resource.name)


def _present(draft: AdoptionDraft, look: CloudLook) -> tuple[Looked, list[NotTaken]]:
    """A look at all that is to be taken over, and what of it can't be read: that isn't taken over. Raises
    Refused for an error of something else."""
    gone: list[NotTaken] = []
    while True:
        looked = look.at(draft.catalog)
        entries = dict(draft.entries)
        for resource in draft.plan.resources:
            if (said := looked.errors.get(resource.urn)) is None:
                continue
            entry = entries.pop((resource.type, resource.name), None)
            if entry is None:
                raise Refused(f"{resource.name} ({resource.type}) can't be previewed: {said}")
            gone.append(NotTaken(entry.type, entry.id, "the cloud", f"it can't be read: {said}", entry.name))
        if len(entries) == len(draft.entries) or not entries:
            return looked, gone
        draft.take_over(entries.values())


def _others_by_looking(
    found: Matches, looked: Looked, taker: Taker, draft: AdoptionDraft, look: CloudLook
) -> Iterator[NotTaken]:
    """What the cloud itself says is others', or another stack's state does."""
    around = look.around(draft.catalog)
    by_urn = {match.wanted.resource.urn: match for match in found.both}
    for urn, live in looked.there.items():
        match = by_urn.get(urn)
        if match is None:
            continue
        why = whose(labels_of({**live.inputs, **live.outputs}), taker, match.found.manager)
        scope = str(live.outputs.get("project") or match.wanted.place.project)
        at = CloudId(scope, match.wanted.resource.type, live.id)
        holder = around.holders.get(at)
        if holder is not None and holder != (taker.stack, urn):
            why = f"{holder[0]} manages it"
        elif around.unread:
            why = f"it might be another stack's: the states of {', '.join(around.unread)} can't be read"
        if why:
            yield _not_taken(match, why)


def _settled(
    draft: AdoptionDraft, look: CloudLook, looked: Looked
) -> tuple[Looked, bool, dict[tuple[str, str], dict[str, Difference]]]:
    """Says in the spec, or keeps, what differs, until nothing does. Whether anything is kept that wasn't, and
    what of each resource."""
    wants: dict[tuple[str, str], dict[str, Difference]] = {}
    is_new = False
    for _ in range(ROUNDS):
        resources = {each.urn: each for each in draft.plan.resources}
        changed = False
        for urn, live in sorted(looked.there.items()):
            for difference in differences(live):
                resource = resources[urn]
                if draft.say(resource, difference):
                    changed = True
                elif (kept := difference.kept) is not None:
                    changed |= _keep(draft, resource, kept)
                    wants.setdefault((resource.type, resource.name), {})[difference.path] = difference
                    is_new = True
        if not changed:
            break
        looked = look.at(draft.catalog)
    return looked, is_new, wants


def _keep(draft: AdoptionDraft, resource: PlannedResource, kept: KeptValue) -> bool:
    """Whether a property is kept that wasn't."""
    entry = draft.entries[resource.type, resource.name]
    others = [
        each for each in entry.keeps if each.path != kept.path and not each.path.startswith(f"{kept.path}.")
    ]
    if kept in entry.keeps:
        return False
    keeps = sorted([*others, kept], key=lambda each: each.path)
    entries = {**draft.entries, (entry.type, entry.name): msgspec.structs.replace(entry, keeps=keeps)}
    draft.take_over(entries.values())
    return True


def _report(
    draft: AdoptionDraft,
    found: Matches,
    taker: Taker,
    refused: Iterable[NotTaken] = (),
    asked: Iterable[NotTaken] = (),
    looked: Looked | None = None,
    kept: Mapping[tuple[str, str], Mapping[str, Difference]] = {},
) -> AdoptionReport:
    plan = draft.plan
    by_key = {(match.wanted.resource.type, match.wanted.resource.name): match for match in found.both}
    managed = frozenset[str]() if looked is None else looked.managed
    unkept = {(each.type, each.name): each.inputs for each in draft.plan_without_keeping.resources}
    taken, differing = [], []
    for each in plan.resources:
        entry = draft.entries.get((each.type, each.name))
        if entry is None:
            continue
        match = by_key.get((each.type, each.name))
        wants = kept.get((each.type, each.name), {})
        taken.append(
            TakenOver(
                each.type,
                each.name,
                entry.id,
                match.found.where if match is not None else "taken over before",
                [_kept(one, wants, unkept.get((each.type, each.name), {})) for one in entry.keeps],
                each.urn in managed,
            )
        )
        if looked is not None and (live := looked.there.get(each.urn)) is not None:
            differing += [f"{each.name}: {one.path}" for one in differences(live)]
    if looked is not None:
        differing += looked.changing
    left, others = _leftover(found, taker)
    return AdoptionReport(
        service=draft.service,
        environment=draft.stack.place,
        stack=str(draft.stack),
        taken=taken,
        edits=draft.edits,
        refused=list(refused),
        asked=list(asked),
        created=[] if looked is None else _created(plan, looked),
        left=left,
        others=others,
        mentions=_mentions(draft, plan),
        differing=differing,
        hand_over=[match.found.where for match in found.both if match.found.manager == "Terraform"],
        proof="none" if looked is None else "differs" if differing else "no-op",
    )


def _kept(one: KeptValue, wants: Mapping[str, Difference], unkept: Json) -> KeptProperty:
    would_be = wants[one.path].wants if one.path in wants else value_at(unkept, one.steps)
    return KeptProperty(one.path, one.value, would_be)


def _created(plan: Plan, looked: Looked) -> list[Planned]:
    return [Planned(each.type, each.name) for each in plan.resources if each.urn in looked.created]


def _leftover(found: Matches, taker: Taker) -> tuple[list[NotTaken], dict[str, int]]:
    """What exists and is nothing of the plan: what looks like the service's, and how much is whose else."""
    left: list[NotTaken] = []
    others: dict[str, int] = {}
    for each in found.found:
        why = theirs(each, taker)
        last = each.id.rpartition("/")[2].rpartition(" ")[2]
        is_ours = each.labels.get("service") == taker.service or taker.service in {last, each.title}
        if not why and (is_ours or last.startswith(f"{taker.service}-")):
            what = "pave makes none of that kind" if not each.type else "nothing in the plan is it"
            left.append(NotTaken(each.kind or each.type, each.id, each.where, what))
        else:
            group = why.partition(":")[0].removeprefix("it is ") if why else "of nobody who is named"
            others[group] = others.get(group, 0) + 1
    return left, others


def _mentions(draft: AdoptionDraft, plan: Plan) -> list[str]:
    """Where the plan calls something that is taken over by the name that it would have had."""
    renamed = {
        entry.name: kept.value
        for entry in draft.entries.values()
        for kept in entry.keeps
        if kept.path in {"name", "accountId", "secretId", "instanceId"} and kept.value != entry.name
    }
    found = []
    for each in plan.resources:
        text = msgspec.json.encode(each.inputs).decode()
        for planned, real in renamed.items():
            if each.custom and f"/{planned}" in text and planned != each.name:
                found.append(f"{each.name} ({each.type}) says {planned}, which is {real}")
    return found


def _judged(report: AdoptionReport, work: Workspace, draft: AdoptionDraft) -> AdoptionReport:
    """The same with what the rules say of the next update."""
    judging = Workspace(work.root, work.today, None, work.rules, lambda *_: draft.catalog)
    decision = decide_plan(judging, draft.stack)[1]
    return msgspec.structs.replace(report, gate="allowed" if decision.allowed else "blocked")
