"""What is asked of a project, whom, and what comes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import msgspec

from catalog.document import Json
from pave.exit_code import ExitCode
from pave.preflight.images import ArtifactImage, PublicImage
from stacks.plan import PlannedResource
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.organisation_policies import PolicyRule
from stacks.rollouts.model import WorkloadRollout

PreflightAnswer = Literal["ok", "no", "undecided", "waits"]
"""What `waits` stops nothing: an update does the rest, and somebody has to act before all is there."""


class NoAnswer(Exception):
    """The cloud didn't say: whoever asks may not, or nobody was there. Why, in a line."""


class QuotaState(NamedTuple):
    """A quota of Compute Engine: its `limit`, and how much of that is in use."""

    limit: float
    usage: float


class PublicZone(NamedTuple):
    """A public zone of Cloud DNS: its `domain` and `servers`, in lower case without a final dot, and the DS
    records of the `keys` that sign it, as `TAG ALGORITHM TYPE DIGEST`; none when it isn't signed."""

    domain: str
    servers: frozenset[str]
    keys: frozenset[str]


class Referral(NamedTuple):
    """What the zone above says of one: its name `servers`, and the DS records of its `keys`, as in
    `PublicZone`. Both are empty where it says nothing."""

    servers: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()


class Organisation(NamedTuple):
    """An organisation: its number, the number of its `customer` in the directory, such as `C03xgje4y`, and
    the `domain` that it is called after, the first of that customer's."""

    id: str
    customer: str
    domain: str


class CloudProject(Protocol):
    """What a cloud says of its projects. Each method raises NoAnswer where it says nothing."""

    def enabled_apis(self, project: str, services: Sequence[str]) -> set[str]:
        """Those of these APIs, such as `compute.googleapis.com`, that are enabled."""

    def quotas(self, project: str, place: str) -> Mapping[str, QuotaState]:
        """The quotas of a region, or `global`, that have a limit, by metric."""

    def armor_tier(self, project: str) -> str:
        """The tier of Cloud Armor that a project is enrolled in, such as `CA_STANDARD`."""

    def granted(self, project: str, permissions: Sequence[str]) -> set[str]:
        """Those of these permissions that the caller has on a project."""

    def find(self, token: str, id_: str, project: str) -> Json | None:
        """The properties of the resource of this type and id; None when there is none."""

    def policy(self, project: str, constraint: str) -> Sequence[PolicyRule]:
        """The rules of the policy of a constraint, such as `sql.restrictPublicIp`, in effect there."""

    def organisation(self, project: str) -> Organisation | None:
        """The organisation that a project is in; None when it is in none."""

    def zone(self, project: str, name: str) -> PublicZone | None:
        """The zone of that name; None when there is none."""

    def delegation(self, domain: str) -> Referral:
        """What the zone above answers for a domain."""

    def has_image(self, image: ArtifactImage | PublicImage) -> bool:
        """Whether there is an image with that digest."""

    def may_pull(self, account: str, image: ArtifactImage) -> bool:
        """Whether a service account, by its email, may pull from the repository of an image."""

    def has_value(self, secret: str) -> bool:
        """Whether a secret of Secret Manager has an enabled version. False where there is no such secret."""

    def workloads(self, cluster: str, namespace: str) -> Sequence[WorkloadRollout]:
        """How what runs there goes, in the cluster of that path: `projects/…/locations/…/clusters/…`."""


class ManagedResource(NamedTuple):
    """A resource that is in a stack's state, with its inputs there."""

    id: str
    inputs: Json


@dataclass(frozen=True)
class PlannedStack:
    """What a stack would register, and what of that it has already: its state, by URN. `nodes` is the email
    of the service account that pods' images are pulled as; `secrets` are those whose values people set, with
    what Secret Manager calls them, by name; `begun` the URNs of what an update of it was about to create when
    it was cut off; `written` what the file of its environment says leads to the environment's zone, None
    where it says nothing. `cluster` is the path of its environment's, and `images_of_the_pipeline` are the
    workloads whose images an update leaves alone. `is_rollback`: an update would go back to what one before
    the last has brought."""

    stack: str
    resources: Sequence[PlannedResource]
    managed: Mapping[str, ManagedResource]
    foundation: str
    nodes: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    written: Referral | None = None
    cluster: str = ""
    images_of_the_pipeline: frozenset[str] = frozenset()
    is_rollback: bool = False

    @property
    def service(self) -> str:
        """Which service it is of, and where, as commands take it; empty for a stack of none."""
        kind, _, rest = self.stack.partition(".")
        name, _, place = rest.partition(".")
        return f"{name} --env {place}" if kind == "service" else ""

    def place(self, resource: PlannedResource) -> ProviderSettings:
        """Where Google makes a resource: its own project, else that of its provider."""
        of = next((each for each in self.resources if each.urn == resource.options.provider), None)
        said = {**(of.inputs if of is not None else {}), **resource.inputs}
        project, region = (said.get(name) for name in ("project", "region"))
        return ProviderSettings(
            project if isinstance(project, str) else "", region if isinstance(region, str) else ""
        )

    def google(self) -> Iterable[PlannedResource]:
        """Those of Google's types that are made, and not only looked up."""
        return [each for each in self.resources if each.type.startswith("gcp:") and not each.read]

    def id_of(self, resource: PlannedResource) -> str:
        """The id that a resource will have; empty when that isn't known yet."""
        return identity(resource.type, resource.inputs, self.place(resource))


class PreflightFinding(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to a `question` on one `subject`: `what` is so, and `fix` the command, or the place, that
    mends what isn't ok."""

    question: str
    subject: str
    answer: PreflightAnswer
    what: str
    fix: str = ""


class PreflightReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave preflight --format json` prints."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["PreflightReport"] = "PreflightReport"
    stack: str
    cloud: str
    findings: list[PreflightFinding]

    def count(self, answer: PreflightAnswer) -> int:
        """How many findings have that answer."""
        return sum(each.answer == answer for each in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """No where something is; else waits where something does, or isn't known."""
        if self.count("no"):
            return ExitCode.NO
        return ExitCode.WAITS if self.count("undecided") or self.count("waits") else ExitCode.OK
