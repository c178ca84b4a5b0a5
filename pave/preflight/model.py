"""What is asked of a project, whom, and what comes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import msgspec

from catalog.document import Json
from stacks.plan import PlannedResource
from stacks.providers.ids import ProviderSettings, identity

PreflightAnswer = Literal["ok", "no", "undecided"]


class NoAnswer(Exception):
    """The cloud didn't say: whoever asks may not, or nobody was there. Why, in a line."""


class QuotaState(NamedTuple):
    """A quota of Compute Engine: its `limit`, and how much of that is in use."""

    limit: float
    usage: float


class CloudProject(Protocol):
    """What a cloud says of its projects. Each method raises NoAnswer where it says nothing."""

    def enabled_apis(self, project: str, services: Sequence[str]) -> set[str]:
        """Those of these APIs, such as `compute.googleapis.com`, that are enabled."""

    def quotas(self, project: str, place: str) -> Mapping[str, QuotaState]:
        """The quotas of a region, or `global`, that have a limit, by metric."""

    def granted(self, project: str, permissions: Sequence[str]) -> set[str]:
        """Those of these permissions that the caller has on a project."""

    def find(self, token: str, id_: str, project: str) -> Json | None:
        """The properties of the resource of this type and id; None when there is none."""


class ManagedResource(NamedTuple):
    """A resource that is in a stack's state, with its inputs there."""

    id: str
    inputs: Json


@dataclass(frozen=True)
class PlannedStack:
    """What a stack would register, and what of that it has already: its state, by URN."""

    stack: str
    resources: Sequence[PlannedResource]
    managed: Mapping[str, ManagedResource]
    foundation: str

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
    def exit_code(self) -> int:
        """0 all is ok; 1 something is not; 3 nothing is not, and of something it isn't known."""
        return 1 if self.count("no") else 3 if self.count("undecided") else 0
