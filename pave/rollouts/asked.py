"""One service's rollouts at one place: its workloads by its spec, and what the cluster has of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from catalog.document import Json
from catalog.kinds.service import Service
from catalog.nearest import did_you_mean
from components.design.naming import OWNER, owner_label, resource_name
from pave.refused import Refused
from pave.rollouts.cluster import RemoteCluster
from pave.rollouts.deciding import ImageAnswer, PersonsWord, RolloutDecision
from pave.rollouts.objects import RolloutObjects, label, name_of
from pave.rollouts.reading import workloads
from pave.rollouts.report import RolloutReport, WorkloadRollout

RolloutAct = Callable[[WorkloadRollout, Json], RolloutDecision]


class AskedRollouts(NamedTuple):
    """What was read at one moment."""

    service: Service
    cluster: RemoteCluster
    objects: RolloutObjects
    now: list[WorkloadRollout]

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


def open_cluster(service: Service, context: str | None) -> RemoteCluster:
    """The cluster of a service's environment: of the context that is named, else of the one that gcloud
    makes for it, else the current one. Raises NoCluster."""
    environment = service.environment
    region, project = environment.spec.region, environment.spec.project
    cluster = resource_name(environment.name, "cluster")
    return RemoteCluster(context, (f"gke_{project}_{region}_{cluster}", cluster))


def ask(service: Service, cluster: RemoteCluster) -> AskedRollouts:
    """Reads all of a service's rollouts. Raises NoCluster, and Refused where what the cluster has in the
    namespace isn't of this service in this environment."""
    objects = cluster.objects(service.full_name)
    owner = owner_label("service", service.name, *service.place.split("."))
    for thing in (*objects.rollouts, *objects.deployments):
        if label(thing, OWNER) != owner:
            raise Refused(
                f"{name_of(thing)} in the cluster at {cluster.server} is not of {service.name} in"
                f" {service.place}, but of `{label(thing, OWNER) or 'nobody known'}`. Is it the right context"
                f" ({cluster.context})? Say another with --context."
            )
    return AskedRollouts(service, cluster, objects, workloads(objects, datetime.now(UTC)))


def act(
    asked: AskedRollouts, of: Iterable[WorkloadRollout], how: RolloutAct, *, yes: bool = True
) -> list[RolloutDecision]:
    """Decides for each, and does it where none is refused: else nothing. Without `yes` the server only says
    whether it would."""
    decided = [how(each, asked.thing(each)) for each in of]
    if not any(each.refused for each in decided):
        for each in decided:
            asked.cluster.make(each.changes, dry_run=not yes)
    return decided


def word(asked: AskedRollouts, why: str, *, forced: bool = False) -> PersonsWord:
    """The word of whoever runs this, as the cluster knows them."""
    at = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return PersonsWord(asked.cluster.me(), at, why, forced)


def images_there(images: Iterable[str], environ: Mapping[str, str]) -> dict[str, ImageAnswer]:
    """Whether images are in their registry, as a preflight asks it; undecided where nobody says."""
    return dict(_asked_for(sorted(set(images)), environ))


def _asked_for(images: Sequence[str], environ: Mapping[str, str]) -> Iterator[tuple[str, ImageAnswer]]:
    from pave.preflight.google_project import GoogleProject
    from pave.preflight.images import artifact_image
    from pave.preflight.model import NoAnswer

    project = GoogleProject(environ)
    for each in images:
        image = artifact_image(each)
        if image is None:
            yield each, "undecided"
            continue
        try:
            yield each, "ok" if project.has_image(image) else "no"
        except (NoAnswer, Refused):
            yield each, "undecided"


def of_the_pipeline(service: Service) -> list[str]:
    """The workloads whose image the delivery pipeline changes. Raises Refused where there are none."""
    found = [
        w.name for w in service.spec.workloads if w.name in running(service) and w.image_owner == "pipeline"
    ]
    if not found:
        raise Refused(
            f"The images of {service.name} are changed in its spec: write the new digest into `image`, and"
            f" apply that. With `imageOwner: pipeline` of a workload they would be started from here."
        )
    return found
