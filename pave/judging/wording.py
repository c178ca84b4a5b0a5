"""The verdicts on a service's deploys, in words."""

from collections.abc import Iterator, Mapping

from components.design.monitoring.deploys.verdict import LEAST_EARLIER, UNUSUAL, Ending
from components.design.monitoring.trial import percent
from pave.judging.report import JudgedDeploy, JudgedLevel, JudgedSignal, Normality, VerdictReport
from pave.layout import in_columns
from pave.terminal import styled
from policies.wording import Line, Style, fitted

STYLES: Mapping[Ending, Style] = {"fail": "bad", "pass": "good", "inconclusive": "plain"}
NEXT: Mapping[Ending, str] = {
    "pass": "Nothing speaks against it.",
    "fail": "Take it back, and look for the cause afterwards.",
    "inconclusive": "Nobody knows yet: let it soak longer, and stop if that doesn't help. It is no pass.",
}
NORMAL: Mapping[Normality, str] = {
    "as usual": "as usual",
    "unlike most": "unlike most of them, and no outlier yet",
    "unlike any": "an outlier among them",
    "unknown": f"nobody knows: fewer than {LEAST_EARLIER} are recorded",
}
NOTHING = (
    "No version was recorded beside another. Is a rollout under way, do its pods tell metrics with the label"
    " `version`, and are the rules of `pave monitor export` evaluated there?"
)


def as_text(report: VerdictReport, *, colour: bool, width: int) -> str:
    """The report for a person."""
    return styled(fitted(_lines(report, width), width), colour=colour)


def _lines(report: VerdictReport, width: int) -> Iterator[Line]:
    yield Line("plain", f"{report.service} · {report.environment}")
    for deploy in report.deploys:
        yield Line("plain", "")
        yield from _deploy(deploy, width)
    if report.deploys:
        yield Line("plain", "")
        yield Line("faint", _errors(report))
    yield Line("plain", "")
    words = NEXT[report.outcome] if report.deploys else NOTHING
    yield Line(STYLES[report.outcome], f"{report.outcome.upper()}  {words}")


def _errors(report: VerdictReport) -> str:
    return (
        f"By chance alone at most {percent(report.false_alarm)} of good rollouts fail, over all looks at"
        f" them, and at most {percent(report.miss)} of those with a dire difference pass at a look."
    )


def _deploy(deploy: JudgedDeploy, width: int) -> Iterator[Line]:
    which = f"version {deploy.version}" if deploy.version else "before and after, versions aren't told apart"
    age = "" if deploy.age_seconds is None else f", {deploy.age_seconds / 60:.0f} min beside another"
    yield Line(STYLES[deploy.outcome], f"{deploy.workload}, {which}{age}: {deploy.outcome}")
    yield Line("plain", f"  {_why(deploy)}")
    yield Line("plain", f"  Compared with earlier deployments at this hour: {NORMAL[deploy.normality]}.")
    head = ("signal", "verdict", "bad, new", "bad, old", "z", "usual")
    rows = [head, *map(_row, deploy.signals)]
    for text in in_columns(rows, width - 2, (2, 3, 4)):
        yield Line("plain", f"  {text}")
    for level in deploy.levels:
        yield Line("faint", f"  {_level(level)}")


def _why(deploy: JudgedDeploy) -> str:
    by = next((each for each in deploy.signals if each.signal == deploy.decided_by), None)
    if by is None:
        return _why_nobody_knows(deploy)
    if deploy.outcome == "pass":
        shown = f"A difference of {percent(by.dire_from)} would have shown ({by.signal})."
        return f"{by.title}: {_shares(by)}. {shown}"
    return (
        f"{by.title}: {_shares(by)}. That is {by.z:.1f} deviations apart, of which {by.clear_from:.1f} are"
        f" beyond chance, and {percent(by.difference)} more, of which {percent(by.large_from)} are too much"
        f" ({by.signal})."
    )


def _why_nobody_knows(deploy: JudgedDeploy) -> str:
    odd = next((each for each in deploy.levels if each.odd), None)
    if odd is not None:
        return f"Somebody has to look: {_level(odd)}."
    few = next((each for each in deploy.signals if each.decides), None)
    if few is None:
        return "Nothing counts its errors."
    if few.old.events <= 0:
        return f"Nothing to compare with: in {few.window} nothing else was counted ({few.signal})."
    if few.old.share + few.dire_from > 1:
        bad = f"{percent(few.old.share)} of {_old(few)} {few.old.events:,.0f}"
        return f"Too much is bad already to tell: {bad} ({few.signal})."
    return (
        f"Too few events: of {few.new.events:,.0f} even a dire difference would be {few.visible:.1f}"
        f" deviations, of which {few.enough_from:.1f} are needed ({few.signal})."
    )


def _shares(by: JudgedSignal) -> str:
    return (
        f"{percent(by.new.share)} of {by.new.events:,.0f} in {by.window} were bad, and"
        f" {percent(by.old.share)} of {_old(by)} {by.old.events:,.0f}"
    )


def _old(by: JudgedSignal) -> str:
    return "the old version's" if by.compares == "versions" else "those before"


def _row(each: JudgedSignal) -> tuple[str, ...]:
    return (
        each.signal,
        each.outcome,
        percent(each.new.share),
        percent(each.old.share),
        f"{each.z:.1f}",
        _usual(each.deviations),
    )


def _usual(deviations: float | None) -> str:
    if deviations is None:
        return "?"
    return "no" if deviations >= UNUSUAL else "yes"


def _level(level: JudgedLevel) -> str:
    what = "less traffic" if level.signal == "traffic" else f"more {level.signal}"
    known = "" if level.deviations is None else f", {level.deviations:.1f} deviations above the usual"
    return f"a new copy has {percent(level.change)} {what} than an old one{known}"
