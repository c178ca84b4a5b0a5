"""What the analyses of a version say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.document import Json
from stacks.rollouts.model import FAILING, MeasuredSignal, RolledAnalysis
from stacks.rollouts.objects import RolloutObjects, label, name_of, owned, version_of

DEADLINE = "progress-deadline"
"""What undoes a version whose copies don't come up in time: no measured signal."""


def current(objects: RolloutObjects, rollout: Json, status: Json, new: str) -> Iterator[Json]:
    """The analyses of the new version that count: those that its rollout names, else the last of a kind."""
    canary = status.get("canary") or {}
    named = {str((canary.get(each) or {}).get("name", "")) for each in CURRENT} - {""}
    every = [each for each in owned(objects.analysis_runs, rollout) if version_of(each) == new]
    if named:
        yield from (each for each in every if name_of(each) in named)
        return
    latest: dict[str, Json] = {}
    for each in sorted(every, key=lambda one: str(one["metadata"].get("creationTimestamp", ""))):
        latest[label(each, "rollout-type")] = each
    yield from latest.values()


CURRENT = ("currentBackgroundAnalysisRunStatus", "currentStepAnalysisRunStatus")


def analysis(run: Json) -> RolledAnalysis:
    """What an AnalysisRun says."""
    status = run.get("status") or {}
    found = []
    for each in status.get("metricResults") or ():
        measured: Sequence[Mapping[str, Any]] = each.get("measurements") or ()
        last = measured[-1] if measured else {}
        found.append(
            MeasuredSignal(
                name=str(each.get("name", "")),
                outcome=str(each.get("phase", "")),
                value=None if last.get("value") is None else str(last["value"]),
                why=str(each.get("message") or last.get("message") or ""),
            )
        )
    return RolledAnalysis(
        name_of(run), str(status.get("phase") or "Pending"), str(status.get("message", "")), found
    )


def signal_of(why: str, analyses: Sequence[RolledAnalysis]) -> str | None:
    """What decided: a measured signal, or that copies didn't come up in time. None where nobody knows."""
    signals = [signal for each in analyses for signal in each.signals]
    failed = next((each.name for each in signals if each.outcome in FAILING), None)
    return failed or (DEADLINE if "timed out progressing" in why else None)
