"""What is known of how the rollout of a workload goes, as data."""

from typing import Literal

import msgspec

RolloutState = Literal["steady", "under way", "paused", "held", "undone", "unready"]
"""`paused` by a person; `held` until one decides; `undone`: all is of the version before, or will be."""

VersionRole = Literal["stable", "new", "earlier"]
"""What users have got; what is on its way to them; what was there before."""

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


class RanVersion(msgspec.Struct, frozen=True):
    """A version that all copies have been of."""

    version: str
    images: list[str]


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
    """Who has allowed new versions again after an undo, or had the same one tried again, when and why."""

    at: str
    by: str
    why: str


class Undone(msgspec.Struct, frozen=True):
    """An update that was taken back: when, by whom (None: by the rollout itself), why, and by which signal,
    None where none decided. `forced`: across a step that can't be undone. Somebody may have `lifted` what
    that stops, or have had the same version `tried` again."""

    version: str
    at: str | None
    by: str | None
    why: str
    signal: str | None = None
    forced: bool = False
    lifted: Lifted | None = None
    tried: Lifted | None = None


class WorkloadRollout(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How the rollout of a workload goes.

    It is at `step` of `steps`, where `share` percent of copies are asked to be new; `step_seconds` are left
    of this step's soak and `soak_seconds` of all, None where nothing counts down. `blocks` are the reasons
    why it doesn't go on by itself, `skipped` what a promotion to everybody leaves out. While an undo has it
    `frozen`, no new version may come. `irreversible` are the stores with a step between the stable and the
    new version that can't be undone, and `ran` the versions that all copies have been of, as far as somebody
    has written it down, the latest first."""

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
    ran: list[RanVersion] = []

    def has_run(self, images: list[str]) -> bool:
        """Whether all copies have been of a version with just these images: to bring it again is to go
        back."""
        return any(each.images == images for each in self.ran)

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
