"""What is known of a service's rollouts, as data: what `pave rollout` prints as JSON."""

from typing import Literal

import msgspec

from stacks.rollouts.model import RolledAnalysis, Undone, WorkloadRollout

RolloutEnding = Literal["completed", "undone", "under way", "replaced", "unknown"]
"""How an update to a version ended; `replaced` by a later one before it had come to everybody."""


RolloutOutcome = Literal["done", "nothing", "refused", "waits"]
"""What came of a person's word; `waits`: nothing yet, since nobody has said `--yes`."""


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


class DecidedWorkload(msgspec.Struct, frozen=True, rename="camel"):
    """What was decided of a workload: whether it `changes`, what is done in words, or why that is `refused`,
    and what leads on `instead`."""

    workload: str
    changes: bool
    says: list[str]
    refused: str | None
    instead: str | None


class RolloutDecisionReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave rollout start`, `promote`, `pause`, `abort` and `lift` print with `--format json`. Where one
    workload is refused, none is changed."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["RolloutDecisionReport"] = "RolloutDecisionReport"
    service: str
    environment: str
    cluster: str
    outcome: RolloutOutcome
    workloads: list[DecidedWorkload]
