"""A new service as somebody asks for it, and the draft that answers to that in a catalog."""

import copy
import math
from typing import Any, NamedTuple

from catalog.document import Document, Json, readable
from catalog.nearest import did_you_mean
from components.design.service import designed
from pave.drafting.saving import ground
from pave.drafting.service import Draft, fresh, like
from pave.refused import Refused
from pave.workspace import Workspace


class ServiceRequest(NamedTuple):
    """What somebody said of a new service; what is None has its default. `model` is the service whose shape
    it takes over."""

    name: str
    owner: str | None = None
    tier: str | None = None
    stage: str | None = None
    model: str | None = None


def draft_service(work: Workspace, asked: ServiceRequest) -> dict[str, Draft]:
    """The draft by its path in the catalog of a workspace. Raises Refused for a name that is taken, a team or
    a model that isn't there, and for a catalog in which nothing can be."""
    path = f"services/{asked.name}.yaml"
    _refuse_if_taken(work, asked.name)
    start = ground(work)
    if asked.model is not None:
        owner = None if asked.owner is None else _team(work, asked.owner)
        model, left = _without_secrets(work, work.document(asked.model))
        promise = _reachable(work, asked.model)
        draft = like(model, asked.name, owner, asked.tier, asked.stage, start, promise)
        return {path: draft._replace(left_out=[*draft.left_out, *left])}
    team = _team(work, asked.owner)
    stage = asked.stage or _first_stage(asked.tier)
    return {path: fresh(asked.name, team, asked.tier or "standard", stage, start)}


def _without_secrets(work: Workspace, model: Document) -> tuple[Json, list[str]]:
    """A service's file as data, without the variables that hold a secret, and what that leaves out, in words.
    Raises Refused for a secret that stands anywhere else, or where it can't be told what is one."""
    places = work.quoting.secrets(model.path)
    if places is None:
        raise Refused(f"What of {model.path} is secret can't be told, so nothing is taken over from it.")
    data, left = copy.deepcopy(model.data), []
    for at in reversed(places):  # from the end: what is taken out moves what comes after it
        if at[-1] == "value" and "environment" in at:
            variables: Any = data
            for step in at[:-2]:
                variables = variables[step]
            gone = variables.pop(at[-2])
            left.append(f"variable {gone['name']}, which holds a secret in plain text")
        elif at[0] == "spec":
            where = readable(at, model.data)
            raise Refused(
                f"{model.path} holds a secret at `{where}`: take it out there before another has it."
            )
    return data, left


def _reachable(work: Workspace, model: str) -> float | None:
    """The percentage that a service's SLAs amount to, in hundredths, where it promised more."""
    found = designed(work.catalog, work.service(model, None)).availability
    return None if found.designed >= found.promised else math.floor(100.0 * found.designed) / 100.0


def _first_stage(tier: str | None) -> str:
    """What the business can't do without is no experiment."""
    return "beta" if tier == "critical" else "experiment"


def _refuse_if_taken(work: Workspace, name: str) -> None:
    known = work.catalog.documents["Service"].get(name)
    path = work.root / (known.path if known else f"services/{name}.yaml")
    if known or path.exists():
        raise Refused(f"{path} is there already. Choose another name, or edit it.")


def _team(work: Workspace, asked: str | None) -> str:
    known = sorted(work.catalog.documents["Team"])
    if asked in known or (asked is None and len(known) == 1):
        return asked or known[0]
    if asked is None:
        raise Refused(f"Say who owns it: --owner TEAM. Teams: {', '.join(known)}.")
    hint = did_you_mean(asked, known, "Teams")
    raise Refused(f"There is no team `{asked}` in {work.root}. {hint}")
