"""Decides what a service's dashboard shows: journeys first, then what is left of their budgets, and only then
what may be the cause. No query is made up for it: all read what is recorded or alerted on, but those about
deploys."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from components.design.monitoring.model import Monitoring, Sli, Watch
from components.design.monitoring.promql import series
from components.design.monitoring.trial import number

MARKED_EACH = "1m"
"""Twice the interval at which a unit looks."""

JOURNEYS = ("reachability", "availability", "latency")


class Query(NamedTuple):
    """A query in PromQL, and what its line is called."""

    expr: str
    legend: str


class Panel(NamedTuple):
    """Lines over time, or the last value of each (`is_number`), in one of Grafana's units."""

    title: str
    queries: list[Query]
    unit: str
    is_number: bool = False


class Section(NamedTuple):
    """A heading and the panels below it."""

    title: str
    panels: list[Panel]


def sections(monitoring: Monitoring) -> list[Section]:
    """The dashboard from its top; sections that have nothing to show are left out."""
    watches = monitoring.watches
    found = [
        Section("Now", [_firing(monitoring)]),
        Section("Journeys", list(_promises(monitoring, journeys=True))),
        Section("Error budget of 28 days", list(_budgets(monitoring))),
        Section("Burn rate", list(_burns(monitoring))),
        Section("Jobs and events", list(_promises(monitoring, journeys=False))),
        Section("Causes", [_cause(watch) for watch in watches if _is_cause(watch)]),
        Section("Deploys", [_deploys(monitoring)]),
    ]
    return [section for section in found if section.panels]


def _own(monitoring: Monitoring, record: str, sli: Sli) -> str:
    labels = {"service": monitoring.labels["service"], "cell": monitoring.labels["cell"], "sli": sli.name}
    return series(record, labels)


def _slis(monitoring: Monitoring) -> list[Sli]:
    return [watch.sli for watch in monitoring.watches if watch.sli is not None]


def _firing(monitoring: Monitoring) -> Panel:
    own = {"service": monitoring.labels["service"], "cell": monitoring.labels["cell"], "alertstate": "firing"}
    query = Query(f"count by (alertname, severity) ({series('ALERTS', own)})", "{{severity}} {{alertname}}")
    return Panel("Alerts that fire", [query], "short")


def _promises(monitoring: Monitoring, *, journeys: bool) -> Iterator[Panel]:
    """Of each subject the share that is good, and how many come."""
    subjects: dict[str, list[Sli]] = {}
    for sli in _slis(monitoring):
        if (sli.kind in JOURNEYS) == journeys:
            subjects.setdefault(sli.subject, []).append(sli)
    for subject, slis in subjects.items():
        good = [Query(f"1 - {_own(monitoring, 'sli:bad_ratio:rate5m', sli)}", _promise(sli)) for sli in slis]
        yield Panel(f"{subject}: good", good, "percentunit")
        come = Query(_own(monitoring, "sli:events:rate5m", slis[0]), "a second")
        yield Panel(f"{subject}: how many come", [come], "short")


def _promise(sli: Sli) -> str:
    return f"{sli.kind}, promised {sli.objective:g} %"


def _allowed(sli: Sli) -> str:
    """The share of bad events that the promise allows."""
    return number(round((100 - sli.objective) / 100, 12))


def _budgets(monitoring: Monitoring) -> Iterator[Panel]:
    for sli in _slis(monitoring):
        spent = f"{_own(monitoring, 'sli:bad_ratio:rate28d', sli)} / {_allowed(sli)}"
        yield Panel(sli.name, [Query(f"1 - {spent}", "left")], "percentunit", is_number=True)


def _burns(monitoring: Monitoring) -> Iterator[Panel]:
    for window in ("1h", "6h"):
        queries = [
            Query(f"{_own(monitoring, f'sli:bad_ratio:rate{window}', sli)} / {_allowed(sli)}", sli.name)
            for sli in _slis(monitoring)
        ]
        if queries:
            yield Panel(f"Budgets burnt over {window}; 1 is as fast as promised", queries, "short")


def _is_cause(watch: Watch) -> bool:
    return (
        watch.sli is None
        and bool(watch.alerts)
        and all(alert.labels["alert_type"] == "cause" for alert in watch.alerts)
    )


def _cause(watch: Watch) -> Panel:
    """What the alert compares, without the comparison."""
    (alert,) = watch.alerts
    compared = alert.expr.splitlines()[0]
    for sign in (" > ", " < "):
        compared = compared.split(sign)[0]
    return Panel(
        f"{alert.summary.rstrip('.')}: {alert.when}", [Query(compared, alert.labels["subject"])], "short"
    )


def _deploys(monitoring: Monitoring) -> Panel:
    """What is replaced at once, and at which phase is what comes step by step."""
    told = series("kube_deployment_status_observed_generation", {"namespace": monitoring.namespace})
    phases = series("rollout_info", {"namespace": monitoring.namespace})
    queries = [
        Query(f"max by (deployment) (changes({told}[10m]))", "{{deployment}}"),
        Query(f"max by (name, phase) ({phases})", "{{name}}: {{phase}}"),
    ]
    return Panel("Changes of deployments, and phases of rollouts", queries, "short")


EVENTS = "rollout_events_total"
"""What Argo Rollouts counts of each rollout, by the reason that its events have:
https://argo-rollouts.readthedocs.io/en/stable/features/controller-metrics/."""

MARKED: Mapping[str, tuple[str, ...]] = {
    "started": ("RolloutUpdated",),
    "step": ("RolloutStepCompleted", "RolloutPaused", "RolloutResumed"),
    "verdict": ("AnalysisRunSuccessful", "AnalysisRunFailed", "AnalysisRunError", "AnalysisRunInconclusive"),
    "taken back": ("RolloutAborted",),
    "completed": ("RolloutCompleted",),
}
"""What happens to a rollout, in words, and the reasons of its events."""


def markers(monitoring: Monitoring) -> list[Query]:
    """What happens to a service's rollouts, as marks on all panels: each of these counts up, or begins to
    be counted, when it does. A controller that begins anew counts from nothing, and marks nothing by it."""
    found = []
    for what, reasons in MARKED.items():
        told = series(EVENTS, {"namespace": monitoring.namespace}, reason="|".join(reasons))
        by = "name, reason"
        new = f"sum by ({by}) ({told}) unless sum by ({by}) ({told} offset {MARKED_EACH})"
        more = f"sum by ({by}) (increase({told}[{MARKED_EACH}])) > 0"
        found.append(Query(f"({new}) or ({more})", what))
    return found
