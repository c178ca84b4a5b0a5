"""What a stack would register, in counts and against an earlier revision of the repository."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec

from pave.git import checked_out
from pave.reports.model import Difference
from pave.workspace import HOME
from stacks.plan import Plan, PlannedResource
from stacks.providers.table import holds_data


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


def differences(before: Iterable[PlannedResource], after: Iterable[PlannedResource]) -> list[Difference]:
    """What changes from one plan to another: deletes first, then updates and creates, each by URN."""
    old = {resource.urn: resource for resource in before}
    new = {resource.urn: resource for resource in after}
    found = [_difference("delete", old[urn], []) for urn in sorted(old.keys() - new.keys())]
    for urn in sorted(old.keys() & new.keys()):
        changed = _changed(old[urn], new[urn])
        if changed:
            found.append(_difference("update", new[urn], changed))
    return found + [_difference("create", new[urn], []) for urn in sorted(new.keys() - old.keys())]


def _difference(
    action: Literal["create", "update", "delete"], resource: PlannedResource, properties: list[str]
) -> Difference:
    return Difference(
        action,
        resource.urn,
        resource.type,
        resource.name,
        holds_data(resource.type),
        properties,
        resource.origin,
    )


def _changed(old: PlannedResource, new: PlannedResource) -> list[str]:
    was = {"inputs": old.inputs, "options": msgspec.to_builtins(old.options)}
    now = {"inputs": new.inputs, "options": msgspec.to_builtins(new.options)}
    paths = _paths(was, now, ())
    return sorted({".".join(path).removeprefix("inputs.") for path in paths if path[1:2] != ("origin",)})


def _paths(was: Any, now: Any, at: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict) and "$unknown" not in was.keys() | now.keys():
        for key in sorted(was.keys() | now.keys()):
            yield from _paths(was.get(key), now.get(key), (*at, key))
    else:
        yield at


def plan_at(revision: str, catalog: Path, stack: str) -> list[PlannedResource]:
    """The plan that an earlier revision of the catalog's repository gives for a stack; nothing if it had
    no such stack.

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
        return []
    report = _report(run)
    if report["plan"] is None:
        wrong = [*report["unusable"], *report["problems"], *filter(None, [report["failure"]])]
        raise NoEarlierPlan(" ".join(f"{each['document']}: {each['message']}" for each in wrong))
    return msgspec.convert(report["plan"]["resources"], list[PlannedResource])


def _report(run: subprocess.CompletedProcess[bytes]) -> Any:
    """What a run of `pave plan --format json` has printed. Raises NoEarlierPlan when that is no report."""
    try:
        return json.loads(run.stdout)
    except ValueError as error:
        said = run.stderr.decode(errors="replace").strip().splitlines()
        raise NoEarlierPlan(said[-1] if said else f"exit {run.returncode}") from error
