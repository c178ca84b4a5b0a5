"""The reports of `pave preview` and `pave drift` as data, and the formats that programs read them in."""

from typing import Literal

import msgspec

from pave.delivery.engine.target import AskedCloud
from pave.delivery.preview import JudgedStack, StackPreview
from pave.delivery.unfinished import Unfinished
from pave.delivery.unmanaged import Unmanaged
from pave.exit_code import ExitCode
from pave.plain import json_text
from pave.reviewing.changes import ResourceChange, counted
from pave.reviewing.delegation import Misled
from pave.reviewing.guards import Refusal
from pave.reviewing.saved_plan import ReviewedPlan
from policies.decision import Decision
from stacks.gate.seal import BrokenGlass

PROGRAMS = ("json", "terraform")
"""The formats that aren't for people. `terraform` is what GitLab shows in a merge request:
https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsterraform"""


class PreviewReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave preview --format json` prints.

    `today` is the day judged for (ISO 8601), `revision` that of the rules. `allowed` is False when the gate
    blocks, or a guard refuses what no option lets through. `changes` are empty and `unchanged` is 0 when the
    gate blocks: then nothing was previewed. `digest` is that of the saved plan, if one was saved."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["PreviewReport"] = "PreviewReport"
    today: str
    revision: str
    allowed: bool
    stack: str
    cloud: str
    changes: list[ResourceChange]
    unchanged: int
    refusals: list[Refusal]
    decision: Decision
    digest: str | None = None


def preview_report(
    judged: JudgedStack, cloud: AskedCloud, preview: StackPreview | None, plan: ReviewedPlan | None
) -> PreviewReport:
    """The report on a judged stack; `preview` is None when the gate blocked, `plan` when none was saved."""
    return PreviewReport(
        today=judged.work.today.isoformat(),
        revision=judged.work.bundle.revision,
        allowed=not judged.is_blocked and (preview is None or preview.can_be_allowed),
        stack=str(judged.name),
        cloud=cloud.name,
        changes=preview.changes.found if preview is not None else [],
        unchanged=preview.changes.unchanged if preview is not None else 0,
        refusals=preview.refusals if preview is not None else [],
        decision=judged.decision,
        digest=plan.digest if plan is not None else None,
    )


class StackDrift(msgspec.Struct, frozen=True, rename="camel"):
    """The drift of one stack: in `changes`, `before` is the state and `after` the cloud, and a `delete` is
    gone from the cloud. `error` says why the comparison failed; then `changes` are empty. `broken_glass` is
    that of the last update, None when it had none. `unfinished` says what is open since the last update or
    destroy, None when nothing is; `misled` where its environment's file names other name servers than its
    zone has."""

    stack: str
    changes: list[ResourceChange] = []
    error: str | None = None
    broken_glass: BrokenGlass | None = None
    unfinished: Unfinished | None = None
    misled: Misled | None = None

    @property
    def is_as_left(self) -> bool:
        """Whether there is no drift in a stack that was left finished."""
        return not self.changes and self.error is None and self.unfinished is None

    @property
    def is_as_allowed(self) -> bool:
        """Whether it is as left and as its files say, and the last update passed the gate without a broken
        glass."""
        return self.is_as_left and self.broken_glass is None and self.misled is None


class DriftReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave drift --format json` prints. `stacks` are those that were compared. `absent` are stacks of
    the catalog that the back end has no resources of, `unlisted` those that have resources in the back end
    and no specs in the catalog. `unmanaged` are resources of the cloud that no stack has, None where those
    weren't, or can't be, looked for."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["DriftReport"] = "DriftReport"
    cloud: str
    stacks: list[StackDrift]
    absent: list[str]
    unlisted: list[str]
    unmanaged: list[Unmanaged] | None = None

    @property
    def exit_code(self) -> ExitCode:
        """No, with drift, a broken glass, or something unfinished or left over; unusable where a stack
        couldn't be compared."""
        if any(stack.error is not None for stack in self.stacks):
            return ExitCode.UNUSABLE
        is_left = bool(self.unlisted or self.unmanaged)
        is_well = not is_left and all(stack.is_as_allowed for stack in self.stacks)
        return ExitCode.OK if is_well else ExitCode.NO


def render(form: str, report: PreviewReport | DriftReport) -> str:
    """A report in a format for programs: `json`, or for a preview `terraform`."""
    if form == "terraform" and isinstance(report, PreviewReport):
        return msgspec.json.encode(counted(report.changes)).decode() + "\n"
    return json_text(report)
