"""Managed stores: whether they are there, and how full they are.

https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql and
https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-redis."""

from collections.abc import Iterator
from typing import NamedTuple

from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.identity import alert_name
from components.design.monitoring.model import Inhibition, Watch
from components.design.monitoring.promql import over
from components.design.monitoring.trials.threshold import gauge_trials
from components.design.monitoring.urgency import Haste
from components.design.stores.database import DatabaseDesign
from components.design.stores.kinds.redis import RedisDesign

FULL = 0.9
"""Share of disk, memory or connections above which somebody has to make room."""


class Reading(NamedTuple):
    """A gauge of a store, and the value at which it is wrong: above `limit`, or below where `less`."""

    fault: str
    metric: str
    limit: float
    less: bool
    for_minutes: int
    haste: Haste
    says: str
    first: str


PART = (5, "Stores")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Each store that Google runs."""
    for store in ground.design.stores:
        if store.runtime != "managed":
            continue
        if isinstance(store, DatabaseDesign):
            where = {"database_id": f"{ground.design.project}:{store.resource}"}
            readings = list(_database(store))
            yield from (_watch(ground, store.name, "cloudsql_database", where, each) for each in readings)
            yield _hushed(ground, store.name)
        elif isinstance(store, RedisDesign):
            where = {"instance_id": _redis_id(ground, store)}
            yield _watch(ground, store.name, "redis_instance", where, _REDIS_FULL)


def _redis_id(ground: Ground, store: RedisDesign) -> str:
    design = ground.design
    return f"projects/{design.project}/locations/{design.region}/instances/{store.resource}"


_DOWN = Reading(
    "down",
    "cloudsql.googleapis.com/database/up",
    1,
    less=True,
    for_minutes=5,
    haste="now",
    says="is down",
    first="See in the instance's operations whether a failover or maintenance is under way; that ends by"
    " itself"
    " within minutes. Else fail over by hand.",
)
_DISK = Reading(
    "disk-full",
    "cloudsql.googleapis.com/database/disk/utilization",
    FULL,
    less=False,
    for_minutes=15,
    haste="today",
    says="has hardly any disk left",
    first="Let the disk grow (`diskGb`), then find out what grows: a replication slot, or a table.",
)
_STANDBY = Reading(
    "standby-gone",
    "cloudsql.googleapis.com/database/available_for_failover",
    1,
    less=True,
    for_minutes=30,
    haste="soon",
    says="has no standby that could take over",
    first="Nothing is wrong for users yet. See in the instance's operations what its standby does.",
)
_REDIS_FULL = Reading(
    "memory-full",
    "redis.googleapis.com/stats/memory/usage_ratio",
    FULL,
    less=False,
    for_minutes=10,
    haste="today",
    says="has hardly any memory left",
    first="A queue that grows is not worked off: look at its workers first. Then take a larger size.",
)


def _database(store: DatabaseDesign) -> Iterator[Reading]:
    yield _DOWN
    yield _DISK
    if store.availability == "regional":
        yield _STANDBY
    yield Reading(
        "connections-full",
        _CONNECTIONS[store.kind],
        float(int(FULL * store.max_connections)),
        less=False,
        for_minutes=5,
        haste="today",
        says="has hardly any connection left",
        first="See who holds them (pg_stat_activity, or SHOW PROCESSLIST). A workload that opens more than it"
        " says is the usual cause.",
    )


_CONNECTIONS = {
    "postgres": "cloudsql.googleapis.com/database/postgresql/num_backends",
    "mysql": "cloudsql.googleapis.com/database/network/connections",
}
"""By the word for the kind of database."""


def _watch(ground: Ground, store: str, resource: str, where: dict[str, str], reading: Reading) -> Watch:
    told = ground.dialect.metric(resource, reading.metric, where)
    total = "sum" if reading.metric in _CONNECTIONS.values() else ("min" if reading.less else "max")
    sign = "<" if reading.less else ">"
    found = alert(
        ground,
        store,
        reading.fault,
        over(f"{total}({told}) {sign} {reading.limit:g}", "5m"),
        haste=reading.haste,
        for_minutes=reading.for_minutes,
        summary=f"Store {store} {reading.says}.",
        first=reading.first,
        when=f"{reading.metric.partition('/')[2]} {'below' if reading.less else 'over'} {reading.limit:g} for"
        f" {reading.for_minutes} minutes",
        cause=True,
    )
    good, bad, usual = (
        (1, 0, 1)
        if reading.less
        else (
            0.995 * reading.limit,
            1.005 * reading.limit,
            0.5 * reading.limit,
        )
    )
    return Watch(
        name=f"{ground.design.name}-{store}-{reading.fault}",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=gauge_trials(found, told, good, bad, usual=usual),
        needs_all=True,
    )


def _hushed(ground: Ground, store: str) -> Inhibition:
    return Inhibition(
        source={"alertname": alert_name(ground.design.name, store, _DOWN.fault)},
        target={"service": ground.labels["service"], "alert_class": "slo_violation"},
        equal=["service", "cell"],
        why=f"While store {store} is down, journeys and jobs that need it don't say so too",
    )
