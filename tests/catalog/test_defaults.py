"""Defaults are said once: constant ones by the schema, the others by one function whose words are tested."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import validation
from catalog.defaults import filled
from catalog.document import Json
from catalog.kind import SPEC, kinds
from catalog.kinds.environment import Environment
from catalog.kinds.service_defaults import with_computed
from catalog.loader import load

CATALOG = Path(__file__).parents[2] / "catalog"
SERVICE: Json = {
    "apiVersion": "pave/v1",
    "kind": "Service",
    "metadata": {"name": "portal", "owner": "platform"},
    "spec": {"tier": "standard", "stage": "ga", "workloads": [{"name": "web"}]},
}
POSTGRES, REDIS = {"name": "db", "kind": "postgres"}, {"name": "cache", "kind": "redis"}
KAFKA = {"name": "kafka", "addresses": ["kafka-1.example.com:9092"]}
BUCKET = {"name": "album", "kind": "bucket"}
WORKER = {"name": "jobs", "kind": "worker"}
CRON = {"name": "clock", "kind": "cron"}
MACHINE = {"name": "web", "runtime": "vm"}

COMPUTED: list[tuple[str, str, Json, str, tuple[str | int, ...], Any]] = [
    ("metadata.title", "the name", {}, "production", ("metadata", "title"), "portal"),
    ("metadata.costCentre", "the owner's name", {}, "production", ("metadata", "costCentre"), "platform"),
    *[
        (f"spec.{field}", f"{value} {tier}", {"tier": tier}, "production", ("spec", *at), value)
        for field, at, values in (
            ("availability.target", ("availability", "target"), (99.8, 99.5, 99)),
            ("onCall.coverage", ("onCall", "coverage"), ("24x7", "24x5", "business-hours")),
        )
        for tier, value in zip(("critical", "standard", "internal"), values, strict=True)
    ],
    ("spec.endpoints", "one, `/*`", {}, "production", ("spec", "endpoints", 0, "paths"), ["/*"]),
    ("spec.edge.host", "the service's name", {}, "production", ("spec", "edge", "host"),
     "portal.acme.example"),
    ("spec.edge.exposure", "employees for tier internal", {"tier": "internal"}, "production",
     ("spec", "edge", "exposure"), "employees"),
    ("spec.edge.exposure", "else public", {}, "production", ("spec", "edge", "exposure"), "public"),
    ("spec.edge.groups", "the environment's `employees`", {}, "production", ("spec", "edge", "groups"),
     ["employees@acme.example"]),
    ("spec.rollout.restoreMinutes", "5 automatic", {}, "production",
     ("spec", "rollout", "restoreMinutes"), 5),
    ("spec.rollout.restoreMinutes", "30 manual", {"rollout": {"rollback": "manual"}}, "production",
     ("spec", "rollout", "restoreMinutes"), 30),
    ("workload.cpu", "the size's", {}, "production", ("spec", "workloads", 0, "cpu"), 0.5),
    ("workload.memoryMb", "the size's", {}, "production", ("spec", "workloads", 0, "memoryMb"), 1024),
    ("workload.connections", "5 where it reaches a database", {"stores": [POSTGRES]}, "production",
     ("spec", "workloads", 0, "connections"), 5),
    ("workload.connections", "else 0", {"stores": [REDIS]}, "production",
     ("spec", "workloads", 0, "connections"), 0),
    *[
        ("workload.stores", "all of them", {"stores": stores}, "production",
         ("spec", "workloads", 0, "stores"), names)
        for stores, names in (([POSTGRES, REDIS], ["db", "cache"]), ([], []))
    ],
    ("workload.shutdownSeconds", "the longest timeout of its endpoints plus 15",
     {"endpoints": [{"name": "a", "paths": ["/a"], "timeoutSeconds": 5},
                    {"name": "b", "paths": ["/b"], "timeoutSeconds": 50}]},
     "production", ("spec", "workloads", 0, "shutdownSeconds"), 65),
    ("workload.shutdownSeconds", "without any, 45", {"workloads": [WORKER]}, "production",
     ("spec", "workloads", 0, "shutdownSeconds"), 45),
    ("workload.port", "8080 for web", {}, "production", ("spec", "workloads", 0, "port"), 8080),
    *[
        (f"workload.{probe}.by", said, {"workloads": [{**WORKER, **more}]}, "production",
         ("spec", "workloads", 0, probe, "by"), by)
        for probe in ("readiness", "liveness")
        for said, more, by in (
            ("command where `command` is", {probe: {"command": ["ping"]}}, "command"),
            ("none where `reason` is", {probe: {"reason": "It ends when it fails."}}, "none"),
            ("by the workload's `protocol` (http, http2, grpc)", {"port": 80, "protocol": "http2"}, "tcp"),
            ("none without a port", {}, "none"),
        )
    ],
    ("workload.singleLeader", "true for cron", {"workloads": [CRON]}, "production",
     ("spec", "workloads", 0, "singleLeader"), True),
    ("workload.singleLeader", "else false", {"workloads": [WORKER]}, "production",
     ("spec", "workloads", 0, "singleLeader"), False),
    ("workload.vm.zone", "the environment's first", {"workloads": [MACHINE]}, "production",
     ("spec", "workloads", 0, "vm", "zone"), "us-east1-b"),
    ("dependency.tls", "true", {"dependencies": [KAFKA]}, "production",
     ("spec", "dependencies", 0, "tls"), True),
    *[
        ("dependency.private", "whether all of them are private IPv4 addresses",
         {"dependencies": [{**KAFKA, "addresses": addresses}]}, "production",
         ("spec", "dependencies", 0, "private"), private)
        for addresses, private in ((["10.40.0.1:1"], True), (["10.40.0.1:1", "a.example.com:1"], False))
    ],
    ("store.version", "16 for postgres", {"stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "version"), "16"),
    ("store.version", "8.4 for mysql", {"stores": [{**POSTGRES, "kind": "mysql"}]}, "production",
     ("spec", "stores", 0, "version"), "8.4"),
    ("store.version", "8.0 for valkey", {"stores": [{**REDIS, "kind": "valkey"}]}, "production",
     ("spec", "stores", 0, "version"), "8.0"),
    ("store.version", "7.2 for redis", {"stores": [REDIS]}, "production",
     ("spec", "stores", 0, "version"), "7.2"),
    *[
        ("store.maintenance.day", said, {"stores": [POSTGRES]}, purpose,
         ("spec", "stores", 0, "maintenance", "day"), day)
        for said, purpose, day in (("6 in production", "production", 6),
                                   ("3 in other environments", "staging", 3),
                                   ("3 in other environments", "development", 3))
    ],
    *[
        ("store.maintenance.hour", said, {"stores": [store], "traffic": {"peakHours": peak}}, "production",
         ("spec", "stores", 0, "maintenance", "hour"), hour)
        for said, store, peak, hour in (
            ("for a database from 6 on", POSTGRES, [], 6),
            ("the first outside of the peak hours", POSTGRES, [6, 7], 8),
            ("the first outside of the peak hours", POSTGRES, [*range(6, 18)], 18),
            ("for a cache from 2 after that on", REDIS, [], 8),
            ("for a cache from 2 after that on", REDIS, [6, 7, 10], 11),
        )
    ],
    ("store.availability", "regional", {"stores": [POSTGRES]}, "staging",
     ("spec", "stores", 0, "availability"), "regional"),
    ("store.availability", "in an environment for development zonal", {"stores": [POSTGRES]}, "development",
     ("spec", "stores", 0, "availability"), "zonal"),
    ("store.edition", "enterprise-plus for tier critical", {"tier": "critical", "stores": [POSTGRES]},
     "production", ("spec", "stores", 0, "edition"), "enterprise-plus"),
    ("store.edition", "else enterprise", {"stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "edition"), "enterprise"),
    ("store.maxConnections", "the size's", {"stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "maxConnections"), 200),
    ("store.diskGb", "the size's", {"stores": [POSTGRES]}, "production", ("spec", "stores", 0, "diskGb"), 50),
    ("store.memoryGb", "the size's", {"stores": [REDIS]}, "production", ("spec", "stores", 0, "memoryGb"), 1),
    ("store.backup.retained", "14", {"stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "backup", "retained"), 14),
    ("store.backup.retained", "30 for tier critical", {"tier": "critical", "stores": [POSTGRES]},
     "production",
     ("spec", "stores", 0, "backup", "retained"), 30),
    ("store.versioning", "true", {"stores": [BUCKET]}, "production",
     ("spec", "stores", 0, "versioning"), True),
    ("store.versioning", "with retention false", {"stores": [{**BUCKET, "retention": {"days": 1}}]},
     "production", ("spec", "stores", 0, "versioning"), False),
    ("store.audit", "everything for red data", {"dataClass": "red", "stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "audit"), "everything"),
    ("store.audit", "off for yellow and green", {"dataClass": "green", "stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "audit"), "off"),
    ("store.audit", "else changes", {"stores": [POSTGRES]}, "production",
     ("spec", "stores", 0, "audit"), "changes"),
    ("endpoint.title", "its name", {}, "production", ("spec", "endpoints", 0, "title"), "all"),
    ("endpoint.workload", "the only one", {}, "production", ("spec", "endpoints", 0, "workload"), "web"),
    ("endpoint.slo.availability", "the service's target", {"tier": "critical"}, "production",
     ("spec", "endpoints", 0, "slo", "availability"), 99.8),
    ("job.workload", "the only one", {"workloads": [WORKER], "jobs": [{"name": "mail"}]}, "production",
     ("spec", "jobs", 0, "workload"), "jobs"),
    ("event.title", "its name", {"events": [{"name": "paid", "total": "a", "failed": "b"}]}, "production",
     ("spec", "events", 0, "title"), "paid"),
]  # fmt: skip
"""Field, what its description says of the default, a spec, the environment's purpose, where the value is, and
the value."""

DECIDED_LATER = {
    "workload.replicas.min": "components/design/workloads.py",
    "workload.replicas.max": "components/design/workloads.py",
    "endpoint.probe": "components/design/edge/edge.py",
    "endpoint.rateLimit.key": "components/design/edge/keys.py",
    "workload.metrics.port": "components/design/scraping.py",
    "journey.availability": "components/design/edge/edge.py",
    "spec.alerting.minimumRequests": "components/design/alerts.py",
    "spec.environments": "catalog/place.py",
}
"""Fields whose value is left open by the effective spec: who decides it, with tests of their own."""


def fields(rules: Any, at: str = "") -> Iterator[tuple[str, Json]]:
    """Every property that a schema describes, by its path."""
    if isinstance(rules, dict):
        for name, field in rules.get("properties", {}).items():
            if isinstance(field, dict) and "description" in field:
                yield f"{at}.{name}".removeprefix("."), field
            yield from fields(field, f"{at}.{name}")
        if "items" in rules:
            yield from fields(rules["items"], f"{at}[]")
        for name, part in rules.get("$defs", {}).items():
            yield from fields(part, name)


FIELDS = [(kind, path, field) for kind in kinds() for path, field in fields(validation.schema(kind))]


def words(value: Any) -> str:
    """A constant default, as its field's description says it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        joint = " and " if len(value) == 2 else ", "
        return joint.join(map(words, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {words(each)}" for name, each in value.items())
    return str(value)


@pytest.mark.parametrize(
    ("kind", "path", "field"),
    [each for each in FIELDS if each[2].get("default") not in (None, [], {})],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_constant_default_is_said_as_it_is(kind: str, path: str, field: Json) -> None:
    assert f"Default: {words(field['default'])}." in field["description"], f"{kind} {path}"


def test_every_other_default_that_is_said_is_computed_somewhere() -> None:
    told = {
        path
        for kind, path, field in FIELDS
        if "Default: " in field["description"] and "default" not in field and kind == "Service"
    }
    assert told == {path for path, *_ in COMPUTED} | DECIDED_LATER.keys()
    others = {
        (kind, path)
        for kind, path, field in FIELDS
        if "Default: " in field["description"] and "default" not in field and kind != "Service"
    }
    assert others == {
        *(("Environment", f"spec.{field}") for field in ("audit.locked", "costCentre", "protected")),
        ("Zone", "spec.records[].ttlSeconds"),  # components/design/foundation/dns_zone.py
    }


@pytest.fixture(scope="session")
def environment() -> Environment:
    found = load(CATALOG).find(Environment, "production")
    assert found is not None
    return found


@pytest.mark.parametrize(("path", "said", "spec", "purpose", "at", "value"), COMPUTED)
def test_a_computed_default_is_what_its_description_says(
    environment: Environment,
    path: str,
    said: str,
    spec: Json,
    purpose: str,
    at: tuple[str | int, ...],
    value: Any,
) -> None:
    [description] = [
        field["description"] for kind, name, field in FIELDS if (kind, name) == ("Service", path)
    ]
    assert said in description.split("Default: ")[1]
    there = {**environment.data, "spec": {**environment.data["spec"], "purpose": purpose}}
    found: Any = with_computed({**SERVICE, "spec": {**SERVICE["spec"], **spec}}, there, "production")
    for step in at:
        found = found[step]
    assert found == value


SHIPPED = [
    (document.kind, document.data)
    for named in load(CATALOG).documents.values()
    for document in named.values()
]


@given(st.sampled_from(SHIPPED))
def test_filling_keeps_what_is_written_and_is_done_once(document: tuple[str, Json]) -> None:
    kind, written = document
    before = copy.deepcopy(written)
    once = filled(kind, SPEC, written["spec"])
    assert written == before
    assert filled(kind, SPEC, once) == once
    known = validation.schema(kind)
    spec = known["$defs"]["spec"] if "$defs" in known else known["properties"]["spec"]
    assert once.keys() == set(spec["properties"])
    for name, value in written["spec"].items():
        if isinstance(value, str | bool | int | float) and spec["properties"][name].get("format") != "date":
            assert once[name] == value
