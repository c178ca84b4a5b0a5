"""What `pave preview` and `pave drift` found, as data, and the forms that programs read it in."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pave.delivery.review.changes import ResourceChange
from pave.delivery.review.guards import Refusal
from pave.delivery.review.saved_plan import ReviewedPlan
from pave.delivery.session import Judged, Seen
from policies.decision import Decision
from stacks.gate.seal import BrokenGlass

PROGRAMS = ("json", "terraform")
"""The forms that aren't for people. `terraform` is what GitLab shows in a merge request:
https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsterraform"""


class PreviewReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave preview --format json` prints.

    `allowed` is False when the gate blocks, or a guard refuses that no option lets through. `digest` is that
    of the saved plan, if one was saved."""

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


def preview_report(judged: Judged, cloud: str, seen: Seen | None, plan: ReviewedPlan | None) -> PreviewReport:
    """The report on what was `seen`, None where the gate let nothing be seen, and on the saved plan of it."""
    refusals = seen.refusals if seen is not None else []
    return PreviewReport(
        today=judged.work.today.isoformat(),
        revision=judged.work.bundle.revision,
        allowed=not judged.is_blocked and all(refusal.word for refusal in refusals),
        stack=str(judged.name),
        cloud=cloud,
        changes=seen.changes.found if seen is not None else [],
        unchanged=seen.changes.unchanged if seen is not None else 0,
        refusals=refusals,
        decision=judged.decision,
        digest=plan.digest if plan is not None else None,
    )


class StackDrift(msgspec.Struct, frozen=True, rename="camel"):
    """What differs of one stack between the state (`before`) and the cloud (`after`; a `delete` is gone from
    there); or why that can't be told. `broken_glass` is that of its last update, if it had one."""

    stack: str
    changes: list[ResourceChange] = []
    error: str | None = None
    broken_glass: BrokenGlass | None = None

    @property
    def is_as_allowed(self) -> bool:
        """Whether it is what the last update made of it, and that what the rules allow."""
        return not self.changes and self.error is None and self.broken_glass is None


class DriftReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave drift --format json` prints. `absent` are stacks of the catalog that were never applied,
    `unlisted` such as have resources and no specs any more."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["DriftReport"] = "DriftReport"
    cloud: str
    stacks: list[StackDrift]
    absent: list[str]
    unlisted: list[str]

    @property
    def exit_code(self) -> int:
        """0 no drift and no broken glass, 1 one of them, 2 not known of every stack."""
        if any(stack.error is not None for stack in self.stacks):
            return 2
        return int(not all(stack.is_as_allowed for stack in self.stacks))


def render(form: str, report: PreviewReport | DriftReport) -> str:
    """A report in a form for programs. Only a preview has one for `terraform`."""
    if form == "terraform" and isinstance(report, PreviewReport):
        return msgspec.json.encode(terraform(report.changes)).decode() + "\n"
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def terraform(changes: Sequence[ResourceChange]) -> dict[str, int]:
    """Counts by what happens in the cloud: a replacement is a creation and a deletion."""
    replaced = sum(change.action == "replace" for change in changes)
    counts = {action: sum(c.action == action for c in changes) for action in ("create", "update", "delete")}
    return {**counts, "create": counts["create"] + replaced, "delete": counts["delete"] + replaced}
