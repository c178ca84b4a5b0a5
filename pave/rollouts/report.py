"""What is known of a service's rollouts, as data: what `pave rollout` prints as JSON."""

from typing import Literal

import msgspec

RolloutState = Literal["steady", "under way", "paused", "held", "undone", "unready"]
"""`paused` by a person; `held` until one decides; `undone`: all is of the version before, or will be."""

VersionRole = Literal["stable", "new", "earlier"]
"""What users have got; what is on its way to them; what was there before."""

RolloutEnding = Literal["completed", "undone", "under way", "replaced", "unknown"]
"""How an update to a version ended; `replaced` by a later one before it had come to everybody."""

FAILING = ("Failed", "Error")
"""How Argo Rollouts calls what speaks against a version: an error is what it couldn't measure."""


class UnreadyCopy(msgspec.Struct, frozen=True):
    """A copy that serves nobody, and why."""

    name: str
    version: str
    why: str


class RolledVersion(msgspec.Struct, frozen=True):
    """A version that copies are of, or may be of again. `version` is what tells it apart in the cluster and
    in metrics, `irreversible` the stores that no version before it may work with any more."""

    version: str
    revision: int
    role: VersionRole
    images: list[str]
    copies: int
    ready: int
    irreversible: list[str]


class MeasuredSignal(msgspec.Struct, frozen=True):
    """A metric of an analysis: its `outcome` as Argo Rollouts calls it, the last `value`, what is said."""

    name: str
    outcome: str
    value: str | None
    why: str


class RolledAnalysis(msgspec.Struct, frozen=True):
    """An analysis of the new version: its `outcome` is Argo Rollouts', such as Running or Inconclusive."""

    name: str
    outcome: str
    why: str
    signals: list[MeasuredSignal]


class Lifted(msgspec.Struct, frozen=True):
    """Who has allowed new versions again after an undo, when, and why."""

    at: str
    by: str
    why: str


class Undone(msgspec.Struct, frozen=True):
    """An update that was taken back: when, by whom (None: by the rollout itself), why, and by which signal,
    None where none decided. `forced`: across a step that can't be undone."""

    version: str
    at: str | None
    by: str | None
    why: str
    signal: str | None = None
    forced: bool = False
    lifted: Lifted | None = None


class WorkloadRollout(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How the rollout of a workload goes.

    It is at `step` of `steps`, where `share` percent of copies are asked to be new; `step_seconds` are left
    of this step's soak and `soak_seconds` of all, None where nothing counts down. `blocks` are the reasons
    why it doesn't go on by itself, `skipped` what a promotion to everybody leaves out. While an undo has it
    `frozen`, no new version may come. `irreversible` are the stores with a step between the stable and the
    new version that can't be undone."""

    workload: str
    kind: str
    state: RolloutState
    step: int | None
    steps: int
    share: int
    step_seconds: int | None
    soak_seconds: int | None
    blocks: list[str]
    versions: list[RolledVersion]
    unready: list[UnreadyCopy]
    analyses: list[RolledAnalysis]
    undone: Undone | None
    frozen: Undone | None
    irreversible: list[str]
    skipped: list[str]

    @property
    def stable(self) -> RolledVersion | None:
        """What users have got; None before the first version has come."""
        return next((each for each in self.versions if each.role == "stable"), None)

    @property
    def new(self) -> RolledVersion | None:
        """What is on its way, or was; None where nothing is."""
        return next((each for each in self.versions if each.role == "new"), None)

    @property
    def failing(self) -> RolledAnalysis | None:
        """The analysis that speaks against the new version."""
        return next((each for each in self.analyses if each.outcome in FAILING), None)


class RolloutReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave rollout status --format json` prints. `cluster` is the server that was asked; `absent` are
    the workloads that the spec names and it doesn't have; `waivers` those that let the service through, to
    be looked at again when one of its versions was taken back."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["RolloutReport"] = "RolloutReport"
    service: str
    environment: str
    cluster: str
    workloads: list[WorkloadRollout]
    absent: list[str]
    waivers: list[str]


class PastVersion(msgspec.Struct, frozen=True, rename="camel"):
    """A version that the cluster still knows: when it was asked for first, how that ended, and why.
    `can_return`: its copies can be made again without another apply."""

    workload: str
    version: str
    revision: int
    images: list[str]
    at: str | None
    ended: RolloutEnding
    why: str
    undone: Undone | None
    analyses: list[RolledAnalysis]
    irreversible: list[str]
    can_return: bool


class RolloutHistoryReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave rollout history --format json` prints, the latest version of each workload first."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["RolloutHistoryReport"] = "RolloutHistoryReport"
    service: str
    environment: str
    cluster: str
    versions: list[PastVersion]
