"""What a stack would register, in counts and against an earlier revision of the repository."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pave.git import checked_out
from pave.reviewing.changes import Action, Property, ResourceChange, dotted
from pave.reviewing.changes import differences as differing
from pave.workspace import HOME
from stacks.plan import Plan, PlannedResource
from stacks.properties import UNKNOWN
from stacks.providers.effects import of_deletion, of_replacement, of_update
from stacks.providers.table import holds_data, replaces


class NoEarlierPlan(Exception):
    """An earlier revision gives no plan of a stack: what is wrong there."""


def physical(plan: Plan) -> list[PlannedResource]:
    """The resources that exist in a cloud or a cluster: no components, providers or look-ups."""
    return [r for r in plan.resources if r.custom and not r.read and not r.type.startswith("pulumi:")]


def counts(plan: Plan) -> dict[str, int]:
    """Physical resources by type, the most frequent first."""
    found = Counter(resource.type for resource in physical(plan))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def protected(plan: Plan) -> list[str]:
    """Names of the physical resources that the engine refuses to delete."""
    return [resource.name for resource in physical(plan) if resource.options.protect]


def differences(before: Plan, after: Plan) -> list[ResourceChange]:
    """What changes from one plan to another, in the order in which an update would do it. Like a preview's,
    but with no state: what only the cloud knows is unknown in both, so it may differ or not."""
    old, new = ({resource.urn: resource for resource in physical(plan)} for plan in (before, after))
    levels = {**before.levels, **after.levels}
    found: list[ResourceChange] = []
    for urn in sorted(old.keys() | new.keys(), key=lambda urn: (levels[urn], urn)):
        if urn in old and urn in new:
            found += _difference(old[urn], new[urn])
        else:
            found.append(_change("create" if urn in new else "delete", new.get(urn) or old[urn]))
    gone = [change for change in found if change.action == "delete"]
    return [change for change in found if change.action != "delete"] + gone[::-1]


def _difference(old: PlannedResource, new: PlannedResource) -> Iterator[ResourceChange]:
    """The change of one resource, if there is any."""
    changed = list(differing(_leaves(old.inputs), _leaves(new.inputs)))
    before, after = _engine_inputs(old.inputs), _engine_inputs(new.inputs)
    replacing = set(replaces(new.type, before, after, [path for path, *_ in changed]))
    properties = [
        Property(dotted(path), _shown(one), _shown(other), replaces=path in replacing)
        for path, one, other in changed
    ]
    for name in ("protect", "retain_on_delete"):
        was, becomes = (getattr(each.options, name) for each in (old, new))
        if was != becomes:
            properties.append(Property(f"options.{name}", was, becomes))
    if properties:
        because = sorted(dotted(path) for path in replacing)
        action: Action = "replace" if replacing else "update"
        done = (
            of_replacement(new.type, ", ".join(because)) if replacing else of_update(new.type, before, after)
        )
        yield msgspec.structs.replace(
            _change(action, new), properties=properties, because=because, consequences=done
        )


def _change(action: Action, resource: PlannedResource) -> ResourceChange:
    options = resource.options
    return ResourceChange(
        action=action,
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        id="",
        stateful=holds_data(resource.type) or options.protect or options.retain_on_delete,
        protected=options.protect,
        retained=options.retain_on_delete,
        properties=[],
        because=[],
        origin=resource.origin,
        consequences=of_deletion(resource.type) if action == "delete" else [],
    )


class _Later(NamedTuple):
    """What only an update knows, and what it depends on: another of these may be another value."""

    urns: tuple[str, ...]


def _leaves(value: Any) -> Any:
    """A plan's value with each unknown one as a whole, so that what it depends on isn't compared by parts."""
    if isinstance(value, dict):
        if "$unknown" in value:
            return _Later(tuple(value["$unknown"]))
        return {name: _leaves(item) for name, item in value.items()}
    return [_leaves(item) for item in value] if isinstance(value, list) else value


def _engine_inputs(value: Any) -> Any:
    """A plan's value with the engine's mark of what is unknown."""
    if isinstance(value, dict):
        return (
            UNKNOWN if "$unknown" in value else {name: _engine_inputs(item) for name, item in value.items()}
        )
    return [_engine_inputs(item) for item in value] if isinstance(value, list) else value


def _shown(value: Any) -> Any:
    if isinstance(value, _Later):
        return "[unknown]"
    if isinstance(value, dict):
        return "[secret]" if "$secret" in value else {name: _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def plan_at(revision: str, catalog: Path, stack: str) -> Plan:
    """The plan that an earlier revision of the catalog's repository gives for a stack; an empty one if it
    had no such stack.

    Where the revision holds the program, the revision's own program is run, else this one on the
    revision's catalog. No state and no credentials: it is recorded like any plan. Raises NoEarlierPlan, and
    Refused for what is no revision."""
    with checked_out(revision, catalog) as (there, earlier):
        own = there if (there / "stacks" / "plan.py").is_file() else HOME
        arguments = ["plan", stack, "--catalog", str(earlier), "--format", "json"]
        environment = {**os.environ, "PYTHONPATH": str(own), "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(
            [sys.executable, "-m", "pave", *arguments],
            cwd=own,
            env=environment,
            capture_output=True,
            check=False,
        )
    if run.returncode == 2 and b"There is no stack" in run.stderr:
        return Plan(stack, [])
    report = _report(run)
    if report["plan"] is None:
        wrong = [*report["unusable"], *report["problems"], *filter(None, [report["failure"]])]
        raise NoEarlierPlan(" ".join(f"{each['document']}: {each['message']}" for each in wrong))
    return msgspec.convert(report["plan"], Plan)


def _report(run: subprocess.CompletedProcess[bytes]) -> Any:
    """What a run of `pave plan --format json` has printed. Raises NoEarlierPlan when that is no report."""
    try:
        return json.loads(run.stdout)
    except ValueError as error:
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise NoEarlierPlan(said[-1] if said else f"exit {run.returncode}") from error
