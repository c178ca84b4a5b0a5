"""What became of the trials of a service's alerts, in words."""

from collections.abc import Iterator

from pave.layout import wrapped
from pave.monitoring.trying import MonitorTestReport
from pave.terminal import styled
from policies.wording import Line


def as_text(report: MonitorTestReport, *, colour: bool, width: int) -> str:
    """The report for a person: all alerts, and of those that failed how."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: MonitorTestReport, width: int) -> Iterator[Line]:
    if not report.checked:
        yield Line("bad", "promtool can't use the rules:")
        yield from (Line("quoted", line) for line in report.said.splitlines())
        return
    by_alert: dict[str, list[bool]] = {}
    for each in report.trials:
        by_alert.setdefault(each.alert, []).append(each.passed)
    for alert, passed in by_alert.items():
        mark = "✓" if all(passed) else "✗"
        text = f"{mark} {alert}: {sum(passed)} of {len(passed)} trials"
        for row in wrapped(text, width, rest="    "):
            yield Line("good" if all(passed) else "bad", row)
    for each in report.trials:
        if not each.passed:
            yield Line("plain", "")
            for row in wrapped(f"{each.alert}: {each.title}", width, rest="    "):
                yield Line("bad", row)
            yield from (Line("quoted", f"  {line}") for line in each.said.splitlines())
    for alert in report.untried:
        yield Line("bad", f"✗ {alert}: no trial makes it fire")
    failed = sum(not each.passed for each in report.trials) + len(report.untried)
    total = f"{len(report.trials)} trials of {len(by_alert)} alerts: "
    yield Line("bad" if failed else "good", total + (f"{failed} failed" if failed else "all passed"))
