"""The gate of new versions: what took itself back gets none until somebody has looked, and none comes where
there would be no way back; whoever applies it.

Only the cluster knows how a version ended. It is asked when an update changes an image, and told then what it
would forget by it: which versions ran, and how one was taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pulumi

from catalog.document import Json
from catalog.kinds.service import Service
from catalog.yaml.fault import visible
from stacks.budgets.running import Running, change, fingerprints
from stacks.gate.previous import NobodyKnows, outputs_before, outputs_of
from stacks.gate.seal import OUTPUT
from stacks.plan import Plan, PlannedResource
from stacks.providers.kubernetes import ROLLOUT
from stacks.rollouts.changing import remembering
from stacks.rollouts.cluster import NoCluster, RemoteCluster
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.objects import name_of
from stacks.rollouts.own_cluster import Clusters
from stacks.rollouts.permitting import new_version
from stacks.rollouts.reading import workloads
from stacks.stack import foundation_stack

ENDPOINT = "cluster_dns_endpoint"
"""The output of a foundation (`stacks.programs.outputs`)."""

UNKNOWN = "A rollback passes all the same. In an incident, break the glass (stacks/README.md)."


class ComingVersion(NamedTuple):
    """Of a workload that the update brings an image to: what is planned, how it goes, and its object."""

    planned: PlannedResource
    now: WorkloadRollout
    thing: Json


class NewVersions:
    """The new versions that an update of a service to `plan` brings, where `before` is what runs as the last
    update left it (None: nobody knows). `clusters` is how its cluster is asked, None where there is none."""

    def __init__(
        self, service: Service, plan: Plan, before: Running | None, clusters: Clusters | None
    ) -> None:
        self._service = service
        self._clusters = clusters
        self._cluster: RemoteCluster | None = None
        owned = {each.name for each in service.spec.workloads if each.image_owner == "pipeline"}
        self._planned = {
            str(each.inputs["metadata"]["name"]): each
            for each in plan.resources
            if each.type == ROLLOUT and each.inputs["metadata"]["name"] not in owned
        }
        found = None if before is None else change(before, fingerprints(plan))
        self.is_rollback = found is not None and found.is_rollback
        is_first = before is not None and not before.now
        self._brings = not is_first and (found is None or "image" in found.aspects)

    def ask(self, monitor: Any) -> list[ComingVersion]:
        """How the workloads go to which the update brings an image. `monitor` is the SDK's stub of the
        engine. Raises NoCluster."""
        if self._clusters is None or not self._brings or not self._planned:
            return []
        self._cluster = self._clusters(_endpoint(monitor, self._service))
        objects = self._cluster.objects(self._service.full_name)
        things = {name_of(each): each for each in objects.rollouts}
        return [
            ComingVersion(self._planned[now.workload], now, things[now.workload])
            for now in workloads(objects, _now())
            if now.kind == "Rollout" and now.workload in self._planned
        ]

    def against(self, asked: Sequence[ComingVersion]) -> list[str]:
        """What speaks against it, with what leads on: lines."""
        called = f"{self._service.name} --env {self._service.place}"
        found = []
        for each in asked:
            template = each.planned.inputs["spec"]["template"]
            new = new_version(template, each.now, called, is_rollback=self.is_rollback)
            if new.why is not None:
                found.append(f"{each.now.workload} {new.why}.\n{new.fix}")
        return found

    def remember(self, asked: Sequence[ComingVersion]) -> None:
        """Writes down what the cluster forgets when this is applied. Raises NoCluster."""
        assert self._cluster is not None
        self._cluster.make(each for one in asked for each in remembering(one.thing, one.now))


def require_permitted(
    found: NewVersions, stack: str, monitor: Any, *, has_glass: bool, is_update: bool
) -> None:
    """Returns when the new versions may come. Raises pulumi.RunError where they may not, and also where
    nobody knows in an update that is no rollback; a broken glass passes both, and says so."""
    try:
        asked = found.ask(monitor)
    except NoCluster as error:
        what = f"Nobody knows whether a version of {stack} waits for somebody to look at it: {error}"
        if has_glass or found.is_rollback or not is_update:
            pulumi.log.warn(visible(what))
            return
        raise pulumi.RunError(visible(f"BLOCKED  {what}\n{UNKNOWN}")) from None
    against = found.against(asked)
    if against and not has_glass:
        raise pulumi.RunError(visible("\n".join([f"BLOCKED  {stack} gets no new version", *against])))
    for each in against:
        pulumi.log.warn(visible(f"Passed by the broken glass: {each}"))
    if is_update and asked:
        try:
            found.remember(asked)
        except NoCluster as error:
            pulumi.log.warn(visible(f"What runs until now could not be written down: {error}"))


def remind(found: NewVersions, monitor: Any) -> None:
    """Says in a rollback which waivers have let through what it takes back."""
    if not found.is_rollback:
        return
    try:
        sealed = outputs_before(monitor).get(OUTPUT) or {}
    except NobodyKnows:
        return
    needed = (sealed.get("decision") or {}).get("waived") or ()
    if needed:
        names = ", ".join(str(each) for each in needed)
        pulumi.log.warn(
            visible(f"This takes back what waivers have let through; look at them again: {names}.")
        )


def _endpoint(monitor: Any, service: Service) -> str:
    foundation = str(foundation_stack(service.environment.name))
    try:
        found = outputs_of(monitor, foundation).get(ENDPOINT)
    except NobodyKnows as error:
        raise NoCluster(f"{foundation} doesn't say where the cluster is: {error}.") from error
    if not isinstance(found, str) or not found:
        raise NoCluster(f"{foundation} doesn't say where the cluster is.")
    return found


def _now() -> datetime:
    return datetime.now(UTC)
