"""The way back from a release: whether there is one, and how a rollout is told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from catalog.document import Json
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Workload
from catalog.nearest import did_you_mean
from catalog.stores.database import Database
from components.design.rollout.irreversible import irreversible
from components.workloads.annotations import HELD, HOLDS, IRREVERSIBLE
from pave.refused import Refused
from pave.rollouts.deciding import ImageAnswer
from stacks.rollouts.changing import ObjectChange, path_of
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.objects import annotation


class WayBack(NamedTuple):
    """Back from a release: the `stores` that it changes for good, whether its spec has it go back by itself
    (`automatic`), and whether `images` that it could go back to are there. `is_stable`: it is itself what all
    copies are of, and comes as that is."""

    stores: Sequence[str]
    automatic: bool
    images: Mapping[str, ImageAnswer]
    is_stable: bool = False

    def for_images(self, images: Sequence[str], now: WorkloadRollout) -> "WayBack":
        """That of a version of a workload with just these images."""
        if now.stable is None or now.stable.images != images:
            return self
        return self._replace(stores=now.stable.irreversible, is_stable=True)

    def barred(self, now: WorkloadRollout) -> str | None:
        """Why a workload's next version must not go back by itself, a clause; None where it may. A version
        that follows on one with no way back, before that is everywhere, has none either."""
        if self.is_stable:
            return None
        if stores := self.all_stores(now):
            return f"what is done to {', '.join(stores)} can't be undone"
        stable = [] if now.stable is None else now.stable.images
        gone = next((each for each in stable if self.images.get(each) == "no"), None)
        return None if gone is None else f"{gone}, which it would go back to, isn't there any more"

    def all_stores(self, now: WorkloadRollout) -> list[str]:
        """The stores that the next version, or one since the stable one, changes for good."""
        return sorted({*self.stores, *(() if self.is_stable else now.irreversible)})


def way_back(
    service: Service, workload: str, said: Sequence[str], images: Mapping[str, ImageAnswer]
) -> WayBack:
    """The way back from a release of a workload, by its spec and by what is `said` of it: names of databases.
    Raises Refused for one that the service doesn't have."""
    databases = [each.name for each in service.spec.stores if isinstance(each, Database)]
    for name in said:
        if name not in databases:
            hint = did_you_mean(name, databases, "Databases")
            raise Refused(f"There is no database `{name}` of {service.name}. {hint}")
    spec: Workload = next(each for each in service.spec.workloads if each.name == workload)
    stores = sorted({*said, *irreversible(service, spec)})
    return WayBack(stores, service.spec.rollout.rollback == "automatic", images)


def of_the_rollout(thing: Json, now: WorkloadRollout, way: WayBack) -> list[ObjectChange]:
    """What changes of the rollout itself: whether it goes back by itself."""
    if now.kind != "Rollout":
        return []
    is_barred = way.barred(now) is not None
    turns_back, holds = way.automatic and not is_barred, HOLDS if is_barred else None
    body: Json = {}
    if bool(thing["spec"].get("progressDeadlineAbort")) != turns_back:
        body["spec"] = {"progressDeadlineAbort": turns_back}
    if annotation(thing, HELD) != holds:
        body["metadata"] = {"annotations": {HELD: holds}}
    return [ObjectChange(path_of(thing, "Rollout"), body)] if body else []


def of_the_pods(thing: Json, now: WorkloadRollout, way: WayBack) -> Iterator[Json]:
    """What changes of the pods' template: parts of a JSON patch."""
    known = (thing["spec"]["template"].get("metadata") or {}).get("annotations") or {}
    at, stores = "/spec/template/metadata/annotations", ",".join(way.all_stores(now))
    path = f"{at}/{IRREVERSIBLE.replace('/', '~1')}"
    if stores == known.get(IRREVERSIBLE, ""):
        return
    if not stores:
        yield {"op": "remove", "path": path}
        return
    if not known:
        yield {"op": "add", "path": at, "value": {}}
    yield {"op": "add", "path": path, "value": stores}
