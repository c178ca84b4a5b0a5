"""Whether a name that the stack would take is free, or its own."""

from collections.abc import Iterator

from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from pave.reviewing.advice import advice
from stacks.plan import PlannedResource
from stacks.providers.ownership import owner_in, owner_of
from stacks.providers.table import TYPES
from stacks.recording.model import Resource


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each resource with a name of its own that is not in the stack's state.

    What bears the stack's label, or what its back end says an update was about to create when it was cut off,
    was begun by it: `pave up` takes it over. What stands in something that isn't there yet, as a user in a
    database instance, can't be there."""
    new = {each.type for each in planned.google() if each.urn not in planned.managed}
    for resource in planned.google():
        id_, row = planned.id_of(resource), TYPES.get(resource.type)
        if resource.urn in planned.managed or not id_ or row is None or not is_named(resource):
            continue
        if resource.options.import_id:
            continue  # it is taken over
        if new & {*row.needs.values()}:
            continue
        subject = f"{resource.type} {id_}"
        try:
            there = cloud.find(resource.type, id_, planned.place(resource).project)
        except NoAnswer as error:
            yield PreflightFinding("names", subject, "undecided", str(error), f"Look whether there is {id_}.")
            continue
        of = owner_in(there) if there is not None else None
        if there is None:
            yield PreflightFinding("names", subject, "ok", "is free")
        elif of == owner_of(planned.stack) or (of is None and resource.urn in planned.begun):
            yield PreflightFinding("names", subject, "ok", "is there, and was begun by this stack")
        else:
            what = f"is there already{f', of stack {of}' if of else ', and bears no label of this stack'}"
            yield PreflightFinding("names", subject, "no", what, _way_out(planned, resource, of))


def _way_out(planned: PlannedStack, resource: PlannedResource, of: str | None) -> str:
    """What to do about a name that is taken: as `pave recover` adopts only what is proven to be the stack's,
    which a label does, it is advised only where that helps."""
    if TYPES[resource.type].is_forever:
        return advice(f"{planned.id_of(resource)} already exists")
    if of is not None:
        return f"Leave it to {of}, and rename what {planned.stack} would make there."
    look = "Look who made it. If nobody uses it, delete it; else rename what would be made there"
    if owner_in(resource.inputs) is None:
        return f"{look}."
    ours = f"label it stack={owner_of(planned.stack)}, then pave recover {planned.stack}"
    return f"{look}; or, if it is this stack's all the same, {ours} --adopt {resource.name}."


def is_named(resource: Resource) -> bool:
    """Whether its name was chosen: a grant or an API has none, and twice is no harm."""
    is_grant = resource.type.lower().endswith("iammember")
    return not is_grant and any(
        isinstance(resource.inputs.get(field), str) for field in ("name", "secretId", "accountId")
    )
