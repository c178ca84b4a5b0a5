"""What is watched of a service, who is told and when, as data and in words."""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

import msgspec

from catalog.kinds.service import Service
from components.design.monitoring.model import Alert, Inhibition, Monitoring, Unmeasured, Watch
from components.design.monitoring.uptime import PERIOD_SECONDS, REGIONS
from components.design.scraping import INTERVAL_SECONDS
from pave.layout import in_columns, wrapped
from pave.terminal import styled
from policies.wording import Line

COVERAGE = {
    "24x7": "at any hour",
    "24x5": "at any hour from Monday to Friday",
}


class ShownAlert(msgspec.Struct, frozen=True, rename="camel"):
    """An alert on a kind of `fault`: `pages` tells whether it wakes somebody, `when` in words when it fires,
    `first` what to do first."""

    name: str
    fault: str
    window: str | None
    severity: str
    pages: bool
    when: str
    summary: str
    first: str
    expr: str


class Promise(msgspec.Struct, frozen=True, rename="camel"):
    """What is promised of a subject and how it is measured. `objective` is a percentage."""

    sli: str
    kind: str
    subject: str
    title: str
    objective: float
    good: str
    source: str
    metrics: list[str]


class Watched(msgspec.Struct, frozen=True, rename="camel"):
    """A group of alerts on a `subject`, and the promise that they guard where there is one. `part` is the
    heading under which it is shown."""

    name: str
    part: str
    subject: str
    promise: Promise | None
    alerts: list[ShownAlert]


class Outsider(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody who asks a journey (`subject`) from outside at a URL, every so many seconds, from those
    `regions` of Google's, or none for the unit; `tells` who is told when there is no answer."""

    subject: str
    url: str
    every_seconds: int
    regions: list[str]
    tells: str | None


class MonitorReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave monitor show --format json` prints. A page goes to `pager`, None where nobody answers one,
    and `pages_nobody` says why; all else to `channel`. `outside` are those who ask it as users do, apart from
    its own view. `gaps` are what its owner wants watched and nothing measures."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["MonitorReport"] = "MonitorReport"
    service: str
    environment: str
    title: str
    team: str
    channel: str
    coverage: str
    pager: str | None
    runbook: str | None
    dashboard: str | None
    watched: list[Watched]
    outside: list[Outsider]
    inhibitions: list[Inhibition]
    gaps: list[Unmeasured]
    pages_nobody: str | None = None


def monitor_report(service: Service, found: Monitoring) -> MonitorReport:
    """The report on what is watched of a service."""
    return MonitorReport(
        service=service.name,
        environment=service.place,
        title=service.metadata.title,
        team=found.team,
        channel=found.channel,
        coverage=found.coverage,
        pager=found.pager,
        runbook=found.runbook,
        dashboard=found.dashboard,
        outside=[*_outside(found)],
        watched=[_watched(watch) for watch in found.watches],
        inhibitions=found.inhibitions,
        gaps=found.gaps,
        pages_nobody=None if found.pager is not None else _why_nobody(service, found),
    )


def _why_nobody(service: Service, found: Monitoring) -> str:
    """What a page needs that a service lacks. Its own hours count, and not those of its team."""
    purpose = service.environment.spec.purpose
    if purpose != "production":
        return f"only production pages, and this is {purpose}"
    said = f"`onCall.coverage` of the service is {found.coverage}, whenever {found.team} is on call"
    return f"{said}; 24x7 or 24x5 pages (by default that of tier critical or standard)"


def _outside(found: Monitoring) -> Iterator[Outsider]:
    for probe in found.probes if found.unit is not None else ():
        url = f"https://{probe.host}{probe.path}"
        yield Outsider(probe.name, url, INTERVAL_SECONDS, [], found.pager or f"#{found.channel}")
    for probe in found.uptime:
        url = f"https://{probe.host}{probe.path}"
        yield Outsider(probe.name, url, PERIOD_SECONDS, list(REGIONS), found.email)


def _watched(watch: Watch) -> Watched:
    labels = watch.alerts[0].labels if watch.alerts else {}
    subject = watch.sli.subject if watch.sli is not None else labels.get("subject", watch.name)
    alerts = [_alert(alert) for alert in watch.alerts]
    return Watched(watch.name, watch.part, subject, _promise(watch), alerts)


def _promise(watch: Watch) -> Promise | None:
    sli = watch.sli
    if sli is None:
        return None
    return Promise(
        sli.name, sli.kind, sli.subject, sli.title, sli.objective, sli.good, sli.source, sli.metrics
    )


def _alert(alert: Alert) -> ShownAlert:
    return ShownAlert(
        name=alert.name,
        fault=alert.labels["alert_class"],
        window=alert.labels.get("window"),
        severity=alert.severity,
        pages=alert.pages,
        when=alert.when,
        summary=alert.summary,
        first=alert.first,
        expr=alert.expr,
    )


def as_text(report: MonitorReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: MonitorReport, width: int) -> Iterator[Line]:
    yield Line("plain", f"{report.service} · {report.environment}")
    for row in in_columns(list(_heads(report)), width - 2):
        yield Line("plain", f"  {row}")
    for part, group in groupby(report.watched, key=lambda watched: watched.part):
        yield Line("plain", "")
        yield Line("good", part)
        for watched in group:
            yield from _group(watched, width)
    if report.inhibitions:
        yield Line("plain", "")
        yield Line("plain", "Quiet meanwhile:")
        for each in report.inhibitions:
            yield from _wrapped(f"{each.why}.", width, "  ", "faint")
    yield Line("plain", "")
    if not report.gaps:
        yield Line("good", "All that is promised is measured.")
        return
    yield Line("bad", f"Nothing measures {len(report.gaps)} of what somebody wants to know:")
    reasons: dict[tuple[str, str], list[str]] = {}
    for gap in report.gaps:
        reasons.setdefault((gap.why, gap.fix), []).append(gap.what)
    for (why, fix), whats in reasons.items():
        yield from _wrapped(f"{', '.join(whats)}: {why}. {fix}", width, "  ", "plain")


def _heads(report: MonitorReport) -> Iterator[tuple[str, str]]:
    alerts = [alert for watched in report.watched for alert in watched.alerts]
    paging = sum(alert.pages for alert in alerts)
    promises = sum(watched.promise is not None for watched in report.watched)
    yield "measured", f"{promises} promises, guarded by {len(alerts)} alerts"
    if report.pager is None:
        yield "pages", f"none: {report.pages_nobody}"
    else:
        yield "pages", f"{paging} alerts, {COVERAGE[report.coverage]}, to {report.pager}"
    yield "waits", f"{len(alerts) - paging} alerts in #{report.channel}"
    for regions, group in groupby(report.outside, key=lambda each: each.regions):
        asked = list(group)
        who = f"from {' and '.join(map(_continent, regions))}" if regions else "by the unit"
        tells = asked[0].tells or "nobody"
        urls = f"{len(asked)} {'journey' if len(asked) == 1 else 'journeys'}"
        yield "asked", f"{urls} {who}, every {asked[0].every_seconds} s; no answer is told to {tells}"
    if report.runbook is not None:
        yield "runbook", report.runbook
    if report.dashboard is not None:
        yield "dashboard", report.dashboard


def _continent(region: str) -> str:
    """As people call one of Google's regions: `Asia Pacific` of ASIA_PACIFIC."""
    return region if region == "USA" else region.replace("_", " ").title()


def _group(watched: Watched, width: int) -> Iterator[Line]:
    promise = watched.promise
    if promise is None and not watched.alerts:
        yield from _wrapped(f"{watched.subject}: recorded, for `pave rollout judge`", width, "  ", "place")
        return
    if promise is None:
        fault = " and ".join(each.fault for each in watched.alerts)
        yield from _wrapped(f"{watched.subject}: {fault.replace('-', ' ')}", width, "  ", "place")
    else:
        said = f"{promise.subject}: {promise.objective:g} % {promise.good}"
        yield from _wrapped(said, width, "  ", "place")
        counted = f"counted by {promise.source}: {', '.join(promise.metrics)}"
        yield from _wrapped(counted, width, "    ", "faint")
    if not watched.alerts:
        yield from _wrapped("only recorded, for its budget", width, "    ", "plain")
    rows = [("pages" if each.pages else "waits", each.severity, each.when) for each in watched.alerts]
    for row in in_columns(rows, width - 4):
        yield Line("plain", f"    {row}")


def _wrapped(text: str, width: int, indent: str, style: Literal["plain", "place", "faint"]) -> Iterator[Line]:
    for row in wrapped(text, width, indent, indent + "  "):
        yield Line(style, row)
