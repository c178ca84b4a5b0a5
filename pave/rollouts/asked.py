"""One service's rollouts at one place: its workloads by its spec, and what the cluster has of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from time import sleep
from typing import NamedTuple

from catalog.document import Json
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service
from catalog.loader import Catalog
from catalog.nearest import did_you_mean
from catalog.place import place_of
from components.design.naming import OWNER, owner_label, resource_name
from pave.refused import Refused
from pave.rollouts.deciding import PersonsWord, RolloutDecision
from pave.rollouts.finding import by_google, by_kubeconfig
from pave.rollouts.hearing import is_heard
from pave.rollouts.report import RolloutReport
from stacks.rollouts.cluster import NoCluster, RemoteCluster
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.objects import RolloutObjects, label, name_of
from stacks.rollouts.reading import workloads

RolloutAct = Callable[[WorkloadRollout, Json], RolloutDecision]


class AskedRollouts(NamedTuple):
    """What was read at one moment of a service of a catalog."""

    service: Service
    cluster: RemoteCluster
    objects: RolloutObjects
    now: list[WorkloadRollout]
    catalog: Catalog

    def thing(self, workload: WorkloadRollout) -> Json:
        """The object that a workload is."""
        every = self.objects.rollouts if workload.kind == "Rollout" else self.objects.deployments
        return next(each for each in every if name_of(each) == workload.workload)

    def report(self) -> RolloutReport:
        """All of it."""
        found = {each.workload for each in self.now}
        return RolloutReport(
            service=self.service.name,
            environment=self.service.place,
            cluster=self.cluster.server,
            workloads=self.now,
            absent=[each for each in running(self.service) if each not in found],
            waivers=waivers(self.catalog, self.service) if any(each.undone for each in self.now) else [],
        )

    def of(self, names: Sequence[str]) -> list[WorkloadRollout]:
        """Those of these names; all where none are given. Raises Refused for one that isn't there."""
        known = [each.workload for each in self.now]
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known, "Workloads")
                raise Refused(f"There is no workload `{name}` of {self.service.name} in the cluster. {hint}")
        return [each for each in self.now if not names or each.workload in names]


def running(service: Service) -> list[str]:
    """The workloads that have copies on Kubernetes all the time."""
    return [w.name for w in service.spec.workloads if w.runtime == "kubernetes" and w.kind != "cron"]


def open_cluster(
    service: Service, cloud: str | None, context: str | None, environ: Mapping[str, str]
) -> RemoteCluster:
    """The cluster of a service's environment: where `cloud` is gcp, as Google says; else of the context that
    is named, of the one that gcloud makes for it, or of the current one. Raises NoCluster."""
    path = cluster_path(service.environment)
    if cloud == "gcp":
        return by_google(environ, path)
    _, project, _, region, _, cluster = path.split("/")
    return by_kubeconfig(environ, context, (f"gke_{project}_{region}_{cluster}", cluster))


def cluster_path(environment: Environment) -> str:
    """What GKE's API calls the cluster of an environment."""
    spec, cluster = environment.spec, resource_name(environment.name, "cluster")
    return f"projects/{spec.project}/locations/{spec.region}/clusters/{cluster}"


def ask(catalog: Catalog, service: Service, cluster: RemoteCluster) -> AskedRollouts:
    """Reads all of a service's rollouts. Raises NoCluster, and Refused where what the cluster has in the
    namespace isn't of this service in this environment."""
    objects = cluster.objects(service.full_name)
    owner = owner_label("service", service.name, *service.place.split("."))
    for thing in (*objects.rollouts, *objects.deployments):
        if label(thing, OWNER) != owner:
            raise Refused(
                f"{name_of(thing)} in the cluster at {cluster.server} is not of {service.name} in"
                f" {service.place}, but of `{label(thing, OWNER) or 'nobody known'}`. Is it the right one"
                f" ({cluster.called})? Say another with --context."
            )
    now = workloads(objects, datetime.now(UTC))
    return AskedRollouts(service, cluster, objects, now, catalog)


def waivers(catalog: Catalog, service: Service) -> list[str]:
    """The names of those of a service where it runs."""
    specs = {name: each.data["spec"] for name, each in catalog.documents["Waiver"].items()}
    return [
        name
        for name, spec in sorted(specs.items())
        if spec.get("service") == service.name
        and place_of(spec["environment"], spec.get("instance")) == service.place
    ]


def act(
    asked: AskedRollouts, of: Iterable[WorkloadRollout], how: RolloutAct, *, yes: bool = True
) -> dict[str, RolloutDecision]:
    """Decides for each, by its name, and does it where none is refused: else nothing. Without `yes` the
    server only says whether it would. Raises NoCluster, also when nobody has heard it."""
    found = [(each, asked.thing(each)) for each in of]
    decided = {each.workload: how(each, thing) for each, thing in found}
    if any(each.refused for each in decided.values()):
        return decided
    for one in decided.values():
        asked.cluster.make(one.changes, dry_run=not yes)
    changed = [
        thing for each, thing in found if yes and decided[each.workload].changes and each.kind == "Rollout"
    ]
    if changed and not is_heard(asked.cluster, changed, _now(), sleep):
        raise NoCluster(
            "It is asked for, and Argo Rollouts hasn't heard it yet. Does it run"
            " (kubectl --namespace argo-rollouts get pods)? It does so when it is back."
        )
    return decided


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def word(asked: AskedRollouts, why: str, *, forced: bool = False) -> PersonsWord:
    """The word of whoever runs this, as the cluster knows them."""
    return PersonsWord(asked.cluster.me(), _now(), why.strip().rstrip("."), forced)


def of_the_pipeline(service: Service, names: Sequence[str]) -> Sequence[str]:
    """Those of these workloads, or of all where none are named, whose image the delivery pipeline changes.
    Raises Refused where there are none, and for one of which the spec does."""
    here = running(service)
    owned = [w.name for w in service.spec.workloads if w.name in here and w.image_owner == "pipeline"]
    others = [name for name in names if name not in owned]
    if others or not owned:
        what = f"The image of {', '.join(others) or service.name} is changed in its spec"
        raise Refused(
            f"{what}: write the new digest into `image`, and apply that. With `imageOwner: pipeline` of a"
            " workload that has copies all the time it would be started from here."
        )
    return names or owned
