"""How what a phase measures is asked: of whom, with which query, and what is good enough. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from catalog.migration.measure import Measure, SignalKind
from components.design.migration.model import LiveSignal
from components.design.model import Design
from components.design.monitoring.dialects import EXPORTED, MANAGED
from components.design.monitoring.kinds.jobs import queue_of
from components.design.monitoring.model import Monitoring
from components.design.monitoring.promql import WINDOW, series
from components.design.stores.database import DatabaseDesign

STANDBY = "cloudsql.googleapis.com/database/available_for_failover"
"""https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql"""

SLOT_LAG = "pg_replication_slots_pg_wal_lsn_diff"
"""Bytes that whoever copies by a replication slot still lacks, as postgres_exporter counts them beside the
source: https://github.com/prometheus-community/postgres_exporter."""

SLOT = "move"
"""What the subscription is called that copies a database, and so its slot."""

QUIET_FOR = "30m"


class PhaseSubject:
    """A phase of which something is measured: its design, what is watched of it, what takes its jobs from a
    queue (words of specs), and the hosts of the vendors that it calls, by vendor."""

    def __init__(
        self,
        design: Design,
        watched: Monitoring,
        queues: Sequence[str],
        vendors: Mapping[str, Sequence[str]],
    ) -> None:
        self.design, self.watched, self.queues, self.vendors = design, watched, queues, vendors


def signals(measures: Sequence[Measure], subject: PhaseSubject) -> list[LiveSignal]:
    """How each of some measures is asked of a phase."""
    return [_ASKED[each.kind](each, subject) for each in measures]


def _health(measure: Measure, subject: PhaseSubject) -> LiveSignal:
    edge = subject.design.edge
    hosts = [] if edge is None or edge.exposure != "public" else [edge.host, *(f.host for f in edge.former)]
    paths = [each.probe for each in subject.design.endpoints if each.probe is not None]
    said = "is answered with 2xx" if paths else "is answered with anything but 5xx"
    return LiveSignal(
        kind=measure.kind,
        when=measure.when,
        asks=f"GET of {', '.join(paths or ['/'])} at {' and '.join(hosts)} {said}" if hosts else "",
        urls=[f"https://{host}{path}" for host in hosts for path in paths or ["/"]],
        statuses="2xx" if paths else "not 5xx",
        is_least=True,
        limit=measure.limit,
        unit="of all probes",
        nothing="" if hosts else "nobody outside may ask it",
    )


def _burn(measure: Measure, subject: PhaseSubject) -> LiveSignal:
    bad, events = (_promises(subject, f"sli:{each}:rate5m") for each in ("bad", "events"))
    query = f"avg_over_time({bad}[{WINDOW}]) / avg_over_time({events}[{WINDOW}])"
    return _of_promises(
        measure, subject, query, "no error budget burns faster since then than one that lasts its window"
    )


def _budget(measure: Measure, subject: PhaseSubject) -> LiveSignal:
    query = _promises(subject, "sli:bad_ratio:rate28d")
    left = "something" if measure.limit == 1 else f"{1 - measure.limit:.0%}"
    return _of_promises(measure, subject, query, f"{left} is left of every error budget", "of the budget")


def _of_promises(
    measure: Measure, subject: PhaseSubject, query: str, asks: str, unit: str = "times as fast as allowed"
) -> LiveSignal:
    slis = [watch.sli for watch in subject.watched.watches if watch.sli is not None]
    return LiveSignal(
        kind=measure.kind,
        when=measure.when,
        asks=asks,
        query=query if slis else "",
        allowed={sli.name: (100 - sli.objective) / 100 for sli in slis},
        limit=measure.limit,
        unit=unit,
        nothing="" if slis else "nothing that is promised is measured in this phase",
    )


def _promises(subject: PhaseSubject, name: str) -> str:
    labels = subject.watched.labels
    return series(name, {"service": labels["service"], "cell": labels["cell"]})


def _standby(measure: Measure, subject: PhaseSubject) -> LiveSignal:
    found = [each for each in _databases(subject.design) if each.name == measure.about]
    where = [{"database_id": f"{subject.design.project}:{each.resource}"} for each in found]
    told = [each.metric("cloudsql_database", STANDBY, one) for one in where for each in (MANAGED, EXPORTED)]
    return LiveSignal(
        kind=measure.kind,
        when=measure.when,
        asks=f"the standby of {measure.about} could take over",
        query=f"min({' or '.join(told)})" if told else "",
        is_least=True,
        limit=measure.limit,
        unit="standbys",
        nothing="" if told else f"{measure.about} is no managed database",
    )


def _databases(design: Design) -> Iterator[DatabaseDesign]:
    return (each for each in design.stores if isinstance(each, DatabaseDesign) and each.runtime == "managed")


def _lag(measure: Measure, _: PhaseSubject) -> LiveSignal:
    return LiveSignal(
        kind=measure.kind,
        when=measure.when,
        asks=f"the copy of {measure.about} has all but the last of what was written",
        query=f"max({series(SLOT_LAG, {'slot_name': SLOT})})",
        limit=measure.limit,
        unit="bytes",
    )


def _queue(measure: Measure, subject: PhaseSubject) -> LiveSignal:
    waiting = dict.fromkeys(queue_of(word).waiting for word in subject.queues)
    labels = {"namespace": subject.design.name}
    told = " or ".join(f"sum({series(each, labels)})" for each in waiting)
    return LiveSignal(
        kind=measure.kind,
        when=measure.when,
        asks=f"at least once in {QUIET_FOR} no more than {measure.limit:g} jobs wait",
        query=f"min_over_time(({told})[{QUIET_FOR}:1m])" if waiting else "",
        limit=measure.limit,
        unit="jobs",
        nothing="" if waiting else "no workload says what takes its jobs (`metrics.queue`)",
    )


def _vendors(measure: Measure, subject: PhaseSubject) -> LiveSignal:
    hosts = [host for hosts in subject.vendors.values() for host in hosts if not host.startswith("*")]
    return LiveSignal(
        kind=measure.kind,
        when=measure.when,
        asks=f"{', '.join(subject.vendors)} answer, asked from where pave runs",
        urls=[f"https://{host}/" for host in hosts],
        statuses="any",
        is_least=True,
        limit=measure.limit,
        unit="of all hosts",
        nothing="" if hosts else "the catalog knows no host of a vendor",
    )


_ASKED: Mapping[SignalKind, Callable[[Measure, PhaseSubject], LiveSignal]] = {
    "health": _health,
    "burn rate": _burn,
    "budget": _budget,
    "standby": _standby,
    "replication lag": _lag,
    "queue depth": _queue,
    "vendor reachability": _vendors,
}
