"""What a stack would register, in counts and against an earlier revision of the repository."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import msgspec

from catalog.document import Origin
from pave.options import Refused
from policies.decision import Decision
from stacks.plan import Plan, PlannedResource

STATEFUL = {
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:sql/database:Database",
    "gcp:redis/instance:Instance",
    "gcp:secretmanager/secret:Secret",
    "gcp:storage/bucket:Bucket",
    "gcp:dns/managedZone:ManagedZone",
    "gcp:container/cluster:Cluster",
    "gcp:compute/instance:Instance",
}
"""Types whose loss loses data, or the thing that everything else stands on."""


class Difference(msgspec.Struct, frozen=True, rename="camel"):
    """One resource that differs between two plans. `properties` are dotted names of inputs and options
    that differ; `origin` is where the owner's line stands."""

    action: Literal["create", "update", "delete"]
    urn: str
    type: str
    name: str
    stateful: bool
    properties: list[str]
    origin: Origin | None


class PlanReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave plan --format json` prints. `counts` are resources by type, without components and
    providers; `differences` is None unless an earlier revision was asked for."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["PlanReport"] = "PlanReport"
    stack: str
    counts: dict[str, int]
    protected: list[str]
    plan: Plan
    decision: Decision
    against: str | None = None
    differences: list[Difference] | None = None


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
    stateful = resource.type in STATEFUL
    return Difference(
        action, resource.urn, resource.type, resource.name, stateful, properties, resource.origin
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
    revision's catalog. No state and no credentials: it is recorded like any plan. Raises Refused."""
    root = _git(catalog, "rev-parse", "--show-toplevel").decode().strip()
    inside = catalog.resolve().relative_to(root)
    archive = _git(Path(root), "archive", "--format=tar", _commit(Path(root), revision))
    with tempfile.TemporaryDirectory(prefix="pave-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        there = Path(folder)
        own = (
            there if (there / "stacks" / "recorder.py").is_file() else Path(__file__).resolve().parent.parent
        )
        command = [
            sys.executable,
            "-m",
            "pave",
            "plan",
            stack,
            "--catalog",
            str(there / inside),
            "--format",
            "json",
        ]
        environment = {**os.environ, "PYTHONPATH": str(own), "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(command, cwd=own, env=environment, capture_output=True, check=False)
    if run.returncode == 2 and b"There is no stack" in run.stderr:
        return []
    if run.returncode not in (0, 1):
        raise Refused(
            f"The plan of {stack} at {revision} can't be made: {run.stderr.decode(errors='replace').strip()}"
        )
    report = json.loads(run.stdout)
    return msgspec.convert(report["plan"]["resources"], list[PlannedResource])


def _commit(root: Path, revision: str) -> str:
    return (
        _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        .decode()
        .strip()
    )


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise Refused("`--against` needs git, which is not installed.") from error
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip() or f"git {arguments[0]} found nothing"
        raise Refused(f"git can't read that revision of {folder}: {said}")
    return run.stdout
