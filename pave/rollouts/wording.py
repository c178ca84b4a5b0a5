"""Rollouts in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pave.exit_code import ExitCode
from pave.layout import in_columns
from pave.rollouts.deciding import RolloutDecision
from pave.rollouts.report import (
    PastVersion,
    RolloutEnding,
    RolloutHistoryReport,
    RolloutOutcome,
    RolloutReport,
)
from policies.wording import Line, Style
from stacks.rollouts.model import RolledAnalysis, RolloutState, Undone, WorkloadRollout

STYLES: Mapping[RolloutState, Style] = {
    "steady": "good",
    "under way": "plain",
    "paused": "plain",
    "held": "bad",
    "undone": "bad",
    "unready": "bad",
}

SAID: Mapping[RolloutState, str] = {
    "steady": "STEADY  All copies are of one version.",
    "under way": "UNDER WAY  It goes on by itself.",
    "paused": "PAUSED  It goes on when somebody says so: pave rollout promote.",
    "held": "HELD  Somebody has to decide: pave rollout promote, or pave rollout abort.",
    "undone": "UNDONE  All copies are of the version before again, or will be in a moment.",
    "unready": "NOT READY  Copies don't come up.",
}

ENDS: Mapping[RolloutState, ExitCode] = {
    "steady": ExitCode.OK,
    "under way": ExitCode.OK,
    "paused": ExitCode.WAITS,
    "held": ExitCode.WAITS,
    "undone": ExitCode.NO,
    "unready": ExitCode.NO,
}

WORST: Sequence[RolloutState] = ("undone", "unready", "held", "paused", "under way", "steady")

INSTEAD: Mapping[str, str] = {
    "abort": "pave rollout abort {service}",
    "start": "pave rollout start {service} --image IMAGE",
    "lift": "pave rollout lift {service} --reason WHY",
    "reliability": "pave budget {service}. For work that is for reliability: the same with --force and"
    " --reason",
    "forward": "pave rollout start {service} --image IMAGE, of a mended version."
    " If it has to be, with --force and --reason",
}
"""What leads on where something is refused."""

ENDED: Mapping[RolloutEnding, Style] = {"completed": "good", "undone": "bad"}

ENDINGS: Mapping[RolloutOutcome, str] = {
    "refused": "Nothing was changed.",
    "nothing": "Nothing to do.",
    "waits": "Nothing was changed yet. The same with --yes does it.",
}

ABSENT = "{} isn't in this cluster: was the service applied here?"


def worst(report: RolloutReport) -> RolloutState | None:
    """The state that most needs a person; None where there is no workload."""
    return min((each.state for each in report.workloads), key=WORST.index, default=None)


def status_lines(report: RolloutReport, width: int) -> Iterator[Line]:
    """The report for a person."""
    yield Line("plain", f"{report.service} · {report.environment} · {report.cluster}")
    for each in report.workloads:
        yield Line("plain", "")
        yield from _workload(each, width)
    for name in report.absent:
        yield Line("bad", ABSENT.format(name))
    yield Line("plain", "")
    state = worst(report)
    if state is not None:
        yield Line(STYLES[state], SAID[state])
    for name in report.waivers:
        yield Line("plain", f"Look again at waiver {name}, which let the service through.")
    if any(each.frozen for each in report.workloads):
        lift = INSTEAD["lift"].format(service=report.service)
        yield Line("bad", f"FROZEN  No new version may come until somebody looked: {lift}.")


def steps_line(report: RolloutReport) -> str:
    """Where each is that isn't everywhere yet, in a line for a log."""
    going = [each for each in report.workloads if each.state != "steady"]
    said = (
        f"{each.workload} {each.state}"
        + ("" if each.step is None else f" at step {each.step} of {each.steps}, {each.share} %")
        for each in going
    )
    return "; ".join(said)


def _workload(each: WorkloadRollout, width: int) -> Iterator[Line]:
    yield Line(STYLES[each.state], f"{each.workload}: {each.state}{_where(each)}")
    rows = [("  version", "is", "copies", "images")]
    for version in each.versions:
        if version.role != "earlier" or version.copies:
            images = ", ".join(version.images)
            ready = f"{version.ready} of {version.copies}"
            rows.append((f"  {version.version}", version.role, ready, images))
    yield from (Line("plain", text) for text in in_columns(rows, width))
    yield from (Line("bad", f"  blocks: {why}") for why in each.blocks)
    for copy in each.unready:
        yield Line("plain", f"  not ready: {copy.name}: {copy.why}")
    yield from _analyses(each.analyses, is_said=each.undone is not None or bool(each.blocks))
    if each.undone is not None:
        yield from _undone(each.undone)
    if each.irreversible:
        stores = ", ".join(each.irreversible)
        yield Line("bad", f"  no way back: the new version changes {stores} for good; roll forward.")


def _where(each: WorkloadRollout) -> str:
    if each.step is None:
        return ""
    words = f", step {each.step} of {each.steps}, {each.share} % of copies"
    if each.step_seconds is not None:
        words += f"; {span(each.step_seconds)} left of this soak"
    if each.soak_seconds is not None:
        words += (
            f", {span(each.soak_seconds)} of all"
            if each.step_seconds is not None
            else (f"; {span(each.soak_seconds)} of soaks left")
        )
    return words


def span(seconds: int) -> str:
    """`40 s`, `12 min`, `3 h 5 min`."""
    if seconds < 120:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _analyses(analyses: Iterable[RolledAnalysis], *, is_said: bool) -> Iterator[Line]:
    for each in analyses:
        why = f": {each.why}" if each.why and not is_said else ""
        style: Style = "bad" if each.outcome in {"Failed", "Error", "Inconclusive"} else "plain"
        yield Line(style, f"  analysis {each.name}: {each.outcome}{why}")
        for signal in each.signals:
            value = "" if signal.value is None else f", {signal.value}"
            said = f" ({signal.why})" if signal.why else ""
            yield Line("plain", f"    {signal.name}: {signal.outcome}{value}{said}")


def _undone(undone: Undone) -> Iterator[Line]:
    by = undone.by or ("the rollout itself" if undone.signal else "the rollout itself, or who didn't say so")
    signal = f", by {undone.signal}" if undone.signal else ""
    when = f", {undone.at}" if undone.at else ""
    forced = ", across a step that can't be undone" if undone.forced else ""
    yield Line("bad", f"  taken back by {by}{when}{signal}{forced}: {undone.why}")
    if undone.lifted is not None:
        yield Line("plain", f"  lifted by {undone.lifted.by}, {undone.lifted.at}: {undone.lifted.why}")
    if undone.tried is not None:
        why = f": {undone.tried.why}" if undone.tried.why else ""
        yield Line("plain", f"  tried again by {undone.tried.by}, {undone.tried.at}{why}")


def history_lines(report: RolloutHistoryReport) -> Iterator[Line]:
    """The report for a person."""
    yield Line("plain", f"{report.service} · {report.environment} · {report.cluster}")
    workload = ""
    for each in report.versions:
        if each.workload != workload:
            workload = each.workload
            yield Line("plain", "")
            yield Line("plain", workload)
        yield from _past(each)
    if not report.versions:
        yield Line("plain", "The cluster knows no version of it.")


def _past(each: PastVersion) -> Iterator[Line]:
    ended = each.ended if each.undone is not None or not each.why else f"{each.ended}: {each.why}"
    said = f"  {each.revision}  {each.version}  {each.at or 'when?'}  {ended}"
    yield Line(ENDED.get(each.ended, "plain"), said)
    yield Line("plain", f"     {', '.join(each.images)}")
    if each.undone is not None:
        yield from (Line(line.style, f"   {line.text}") for line in _undone(each.undone))
    if each.irreversible:
        yield Line("plain", f"     changed {', '.join(each.irreversible)} for good")


def instead(decision: RolloutDecision, service: str) -> str | None:
    """What leads on where something is refused; None where nothing does."""
    return INSTEAD[decision.instead].format(service=service) if decision.instead else None


def decided_lines(found: Iterable[RolloutDecision], outcome: RolloutOutcome, service: str) -> Iterator[Line]:
    """What was done or, where nothing was, what would be, or why it is refused."""
    for each in found:
        yield from (Line("plain", text) for text in each.says)
        if each.refused is not None:
            yield Line("bad", f"REFUSED  {each.refused}")
            if (way := instead(each, service)) is not None:
                yield Line("plain", f"next: {way}")
    if outcome in ENDINGS:
        yield Line("plain", ENDINGS[outcome])
