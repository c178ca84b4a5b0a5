"""A reviewed plan: a preview, sealed with a digest, so that exactly its changes are made or none.

It is a JSON file. It holds no secret: values that are secret are marked, and the engine's plan in it has them
encrypted with the stack's key."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from catalog.document import Json
from pave.refused import Refused
from pave.reviewing.changes import ResourceChange


class Stale(Exception):
    """A reviewed plan that may no longer be applied: the message says why."""


class Basis(msgspec.Struct, frozen=True, rename="camel"):
    """What a plan was made from: the digests of the recorded plan (`asked`) and of the state, the revision of
    the rules and the version of the CLI (`tool`). `commit` is the catalog's, for people; None outside of
    git."""

    asked: str
    rules: str
    state: str
    tool: str
    commit: str | None = None


class ReviewedPlan(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A saved preview. `made` is when, in UTC; `refresh` says that it was compared with the cloud.

    `engine` is the engine's own plan, which an update is constrained to. `digest` is over all other fields,
    empty until the plan is sealed."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["ReviewedPlan"] = "ReviewedPlan"
    stack: str
    cloud: str
    made: datetime
    basis: Basis
    refresh: bool
    changes: list[ResourceChange]
    engine: Json
    digest: str = ""


def sealed(plan: ReviewedPlan) -> ReviewedPlan:
    """The plan with its digest filled in."""
    return msgspec.structs.replace(plan, digest=_digest_of(plan))


def encode(plan: ReviewedPlan) -> str:
    """The plan as the JSON text of its file."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1).decode() + "\n"


def read_plan(path: Path) -> ReviewedPlan:
    """The plan in a file. Raises Refused when it can't be read, or its digest doesn't fit."""
    try:
        plan = msgspec.json.decode(path.read_bytes(), type=ReviewedPlan)
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise Refused(f"{path} is no reviewed plan of `pave preview --save`: {error}.") from error
    if plan.digest != _digest_of(plan):
        raise Refused(f"{path} was changed after it was made: its digest doesn't fit. Make a new one.")
    return plan


def check_made_for(plan: ReviewedPlan, stack: str, cloud: str) -> None:
    """Raises Refused for a plan of another stack or cloud."""
    for name, value in {"stack": stack, "cloud": cloud}.items():
        if getattr(plan, name) != value:
            raise Refused(f"The plan was made for the {name} {getattr(plan, name)}, and this is {value}.")


def check_age(plan: ReviewedPlan, now: datetime, longest: timedelta) -> None:
    """Raises Stale for a plan that is older than `longest`, or made in the future."""
    age = now - plan.made
    if age > longest:
        raise Stale(f"It was made {_hours(age)} ago, and {_hours(longest)} is the longest (--max-age).")
    if age < timedelta(minutes=-5):  # clocks of two machines
        raise Stale(f"It was made at {plan.made:%Y-%m-%d %H:%M} UTC, which is yet to come.")


def check_basis(plan: ReviewedPlan, basis: Basis) -> None:
    """Raises Stale for a plan that was made from another recorded plan, state or rules, or by another CLI."""
    drifted = [words for name, words in _BASES.items() if getattr(plan.basis, name) != getattr(basis, name)]
    if drifted:
        raise Stale(" ".join(drifted))


def check_changes(plan: ReviewedPlan, changes: list[ResourceChange]) -> None:
    """Raises Stale for a plan whose changes differ from those of a preview now."""
    if _by_urn(plan.changes) == _by_urn(changes):  # deletions at once come in any order
        return
    before, now = _urns(plan.changes), _urns(changes)
    named = sorted(before ^ now) or sorted(before)
    raise Stale(f"Other changes than those would be made now, of {', '.join(named[:3])} for one.")


_BASES = {
    "asked": "The catalog asks for something else now.",
    "rules": "The rules are others now.",
    "state": "The stack was updated since.",
    "tool": "The Pulumi CLI is another one.",
}


def digest(value: Any) -> str:
    """The SHA-256 of a value as JSON, whatever the order of its keys."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def state_digest(deployment: Mapping[str, Any] | None) -> str:
    """The SHA-256 of a stack's state: its resources and pending operations, without times."""
    found = deployment or {}
    return digest([found.get("resources") or [], found.get("pending_operations") or []])


def utc(now: datetime) -> datetime:
    """A time as a plan holds it: UTC, whole seconds."""
    return now.astimezone(UTC).replace(microsecond=0)


def _digest_of(plan: ReviewedPlan) -> str:
    return f"sha256:{digest(msgspec.structs.replace(plan, digest=''))}"


def _urns(changes: list[ResourceChange]) -> set[str]:
    return {change.urn.rpartition("::")[2] for change in changes}


def _by_urn(changes: list[ResourceChange]) -> bytes:
    return msgspec.json.encode(sorted(changes, key=lambda change: change.urn))


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3600:.1f} h".replace(".0 h", " h")
