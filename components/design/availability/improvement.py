"""Single changes to a spec that could raise its availability; trying them out is left to the caller."""

from collections.abc import Iterator
from typing import Any

from catalog.kinds.service import Service
from catalog.stores.database import Database
from catalog.yaml.parsed import Pointer

PROGRESSIVE = {"steps": [5, 25, 50, 100], "rollback": "automatic"}


def single_changes(service: Service, written: dict[str, Any]) -> Iterator[tuple[Pointer, Any]]:
    """(where, what to write there) for each change that the paved road has an answer for.

    `written` is the owner's document: positions are its own."""
    spec = service.spec
    for i, store in enumerate(spec.stores):
        at: Pointer = ("spec", "stores", i)
        if getattr(store, "availability", None) == "zonal":
            yield (*at, "availability"), "regional"
        if isinstance(store, Database) and store.edition == "enterprise":
            yield (*at, "edition"), "enterprise-plus"
        if store.need == "hard" and not isinstance(store, Database):
            yield (*at, "need"), "soft"
    for i, dependency in enumerate(spec.dependencies):
        if dependency.need == "hard":
            yield ("spec", "dependencies", i, "need"), "soft"
    rollout = spec.rollout
    has_steps = service.environment.spec.cluster.rollouts is not None
    if has_steps and (rollout.rollback == "manual" or rollout.steps[0] > 5):
        yield ("spec", "rollout"), {**written["spec"].get("rollout", {}), **PROGRESSIVE}
    for i, workload in enumerate(spec.workloads):
        if workload.runtime == "kubernetes" and workload.kind == "web":
            zones = len(service.environment.spec.zones)
            if workload.replicas.min is not None and workload.replicas.min < zones:
                yield ("spec", "workloads", i, "replicas", "min"), zones
