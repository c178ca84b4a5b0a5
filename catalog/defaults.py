"""Fills what an owner left out. Defaults are safe and highly available; they follow from the tier, the
stage and the environment, and are stated field by field in `catalog/schema/`.

Pure: a written document in, an effective one out. Nothing written is ever changed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from catalog.document import Json
from catalog.place import Place, full_name, said_of
from catalog.yaml.parsed import Pointer

EPOCH = date(1970, 1, 1)

TARGET = {"critical": 99.95, "standard": 99.9, "internal": 99.0}
COVERAGE = {"critical": "24x7", "standard": "24x5", "internal": "business-hours"}


def merge_override(written: Json, place: Place) -> tuple[Json, dict[Pointer, Pointer]]:
    """The service as written, with what differs at `place` merged in: in its environment, and then in its
    instance. An environment or an instance that the service does not have changes nothing.

    Mappings merge by field, lists whose items have names merge by name, all else is replaced. The
    second value says for each replaced place where in the file its value stands."""
    sources: dict[Pointer, Pointer] = {}
    spec = written["spec"]
    for entry, at in said_of(written, place):
        if entry.get("override"):
            spec = _merge(spec, entry["override"], ("spec",), (*at, "override"), sources)
    return (written if spec is written["spec"] else {**written, "spec": spec}), sources


def _merge(base: Json, over: Json, here: Pointer, there: Pointer, sources: dict[Pointer, Pointer]) -> Json:
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = _merge(base[key], value, (*here, key), (*there, key), sources)
        elif _is_named_list(value) and _is_named_list(base.get(key)):
            merged[key] = _merge_named(base[key], value, (*here, key), (*there, key), sources)
        else:
            merged[key] = value
            sources[(*here, key)] = (*there, key)
    return merged


def _merge_named(
    base: list[Json], over: list[Json], here: Pointer, there: Pointer, sources: dict[Pointer, Pointer]
) -> list[Json]:
    merged = list(base)
    places = {item["name"]: index for index, item in enumerate(base)}
    for index, item in enumerate(over):
        place = places.get(item["name"])
        if place is None:
            sources[(*here, len(merged))] = (*there, index)
            merged.append(item)
        else:
            merged[place] = _merge(merged[place], item, (*here, place), (*there, index), sources)
    return merged


def _is_named_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and "name" in item for item in value)


def fill_service(written: Json, environment: Json, place: Place) -> Json:
    """The effective service: `written` (merged, schema-valid, references resolved) at a `place` in the
    effective `environment`. Every field of the schema is present; what has no value is None."""
    spec = written["spec"]
    tier = spec["tier"]
    env = environment["spec"]
    sizes = {size["name"]: size for size in env["sizes"]}
    target = TARGET[tier]
    availability = {"target": target, "windowDays": 28, **spec.get("availability", {})}
    stores = [_store(store, tier, env, sizes) for store in spec.get("stores", ())]
    has_postgres = any(store["kind"] == "postgres" for store in stores)
    endpoints = _endpoints(spec, availability["target"])
    workloads = [_workload(workload, env, sizes, has_postgres, endpoints) for workload in spec["workloads"]]
    metadata = written["metadata"]
    return {
        "apiVersion": written["apiVersion"],
        "kind": "Service",
        "metadata": {
            "description": None,
            "title": metadata["name"],
            "costCentre": metadata["owner"],
            **metadata,
            "links": _links(metadata, workloads, env["project"]),
        },
        "spec": {
            "tier": tier,
            "stage": spec["stage"],
            "dataClass": spec.get("dataClass"),
            "availability": availability,
            "recovery": _recovery(spec.get("recovery", {})),
            "onCall": {"coverage": COVERAGE[tier], **spec.get("onCall", {})},
            "workloads": workloads,
            "stores": stores,
            "endpoints": endpoints,
            "edge": _edge(spec.get("edge", {}), full_name(metadata["name"], place), tier, env),
            "dependencies": [_dependency(dependency) for dependency in spec.get("dependencies", ())],
            "secrets": [
                {**secret, "rotatedOn": _days(secret["rotatedOn"])} for secret in spec.get("secrets", ())
            ],
            "jobs": [_job(job, workloads) for job in spec.get("jobs", ())],
            "events": [
                {"title": event["name"], "successPercent": 99.5, "minimum": 20, **event}
                for event in spec.get("events", ())
            ],
            "alerting": {"windows": ["1h", "6h"], "minimumRequests": None, **spec.get("alerting", {})},
            "rollout": _rollout(spec.get("rollout", {})),
            "maturity": {"skip": [], **spec.get("maturity", {})},
        },
    }


def _links(metadata: Json, workloads: list[Json], project: str) -> list[Json]:
    """The cluster ships every workload's output to Cloud Logging, so its logs have an address."""
    links: list[Json] = list(metadata.get("links", ()))
    is_paved = all(workload["runtime"] == "kubernetes" for workload in workloads)
    if is_paved and not any(link["kind"] == "logs" for link in links):
        query = f"resource.labels.namespace_name%3D%22{metadata['name']}%22"
        url = f"https://console.cloud.google.com/logs/query;query={query}?project={project}"
        links.append({"kind": "logs", "title": "Cloud Logging", "url": url})
    return links


def _workload(
    written: Json,
    env: Json,
    sizes: Mapping[str, Json],
    has_postgres: bool,
    endpoints: list[Json],
) -> Json:
    kind = written.get("kind", "web")
    size = sizes[written.get("size", "small")]
    longest = max((e["timeoutSeconds"] for e in endpoints if e["workload"] == written["name"]), default=30)
    machine = written.get("vm", {}) if written.get("runtime") == "vm" else None
    return {
        "kind": kind,
        "runtime": "kubernetes",
        "image": None,
        "imageOwner": "spec",
        "command": [],
        "port": 8080,
        "size": "small",
        "cpu": size["cpu"],
        "memoryMb": size["memoryMb"],
        "cpuTargetPercent": 60,
        "capacity": None,
        "connections": 5 if has_postgres else 0,
        "startupSeconds": 60,
        "shutdownSeconds": longest + 15,
        "environment": [],
        "schedule": None,
        "timeZone": "Etc/UTC",
        "deadlineSeconds": 3600,
        "singleLeader": kind == "cron",
        "idempotencyKey": None,
        **written,
        "replicas": {"min": None, "max": None, **written.get("replicas", {})},
        "readiness": {"path": "/-/readiness", "checks": [], **written.get("readiness", {})},
        "liveness": {"path": "/-/liveness", "checks": [], **written.get("liveness", {})},
        "vm": None
        if machine is None
        else {
            "host": "vm",
            "machineType": "n2-standard-2",
            "instances": 1,
            "zone": env["zones"][0],
            "image": "projects/debian-cloud/global/images/family/debian-12",
            "publicAddress": False,
            **machine,
        },
    }


def _store(written: Json, tier: str, env: Json, sizes: Mapping[str, Json]) -> Json:
    size = sizes[written.get("size", "small")]
    edition = written.get("edition", "enterprise-plus" if tier == "critical" else "enterprise")
    backup = {
        "enabled": True,
        "pointInTime": True,
        "retained": 30 if tier == "critical" else 14,
        "logDays": 7,
        "startHour": 1,
    }
    return {
        "runtime": "managed",
        "need": "hard",
        "version": "16" if written["kind"] == "postgres" else "7.2",
        "size": "small",
        "availability": "regional" if env["purpose"] != "development" else "zonal",
        "edition": edition,
        "tier": size["postgresPlusTier" if edition == "enterprise-plus" else "postgresTier"],
        "access": "private",
        "encryption": "required",
        "authentication": True,
        "maxConnections": size["maxConnections"],
        "diskGb": size["diskGb"],
        "diskAutoresize": True,
        "memoryGb": size["memoryGb"],
        "generation": 1,
        **written,
        "backup": {**backup, **written.get("backup", {})},
        "maintenance": {"day": 7, "hour": 6, **written.get("maintenance", {})},
    }


def _endpoints(spec: Json, target: float) -> list[Json]:
    web = [workload["name"] for workload in spec["workloads"] if workload.get("kind", "web") == "web"]
    written = spec.get("endpoints")
    if written is None:
        written = [{"name": "all", "paths": ["/*"]}] if web else []
    return [_endpoint(endpoint, web, target) for endpoint in written]


def _endpoint(written: Json, web: list[str], target: float) -> Json:
    limit = written.get("rateLimit")
    return {
        "title": written["name"],
        "workload": web[0] if web else "",
        "weight": 1,
        "timeoutSeconds": 30,
        "sensitive": "none",
        **written,
        "slo": {"availability": target, "latencyMs": 1000, "latency": 99, **written.get("slo", {})},
        "rateLimit": limit
        and {
            "perSeconds": 60,
            "action": "throttle",
            "banSeconds": 600,
            "mode": "preview",
            **limit,
            "previewedOn": _days(limit.get("previewedOn")),
        },
    }


def _edge(written: Json, name: str, tier: str, env: Json) -> Json:
    waf = written.get("waf", {})
    exceptions = [
        {
            "sources": [],
            "owner": None,
            "reason": None,
            **exception,
            "expires": _days(exception.get("expires")),
        }
        for exception in waf.get("exceptions", ())
    ]
    return {
        "host": f"{name}.{env['dns']['domain']}",
        "exposure": "employees" if tier == "internal" else "public",
        "proxy": "none",
        **written,
        "tls": {"minimum": "1.2", "profile": "modern", **written.get("tls", {})},
        "waf": {
            "profile": "baseline",
            "mode": "preview",
            "sensitivity": 1,
            **waf,
            "previewedOn": _days(waf.get("previewedOn")),
            "exceptions": exceptions,
        },
    }


def _dependency(written: Json) -> Json:
    retry, breaker, degraded = (written.get(key) for key in ("retry", "circuitBreaker", "degraded"))
    return {
        "vendor": None,
        "service": None,
        "need": "hard",
        "timeoutSeconds": None,
        **written,
        "retry": None if retry is None else {"backoffSeconds": 0.5, "jitter": True, **retry},
        "circuitBreaker": None if breaker is None else {"errorPercent": 50, "openSeconds": 30, **breaker},
        "degraded": None if degraded is None else {"exit": "manual", "probeSeconds": 30, **degraded},
    }


def _job(written: Json, workloads: list[Json]) -> Json:
    workers = [workload["name"] for workload in workloads if workload["kind"] != "web"]
    return {
        "workload": workers[0] if workers else "",
        "criticality": "ordinary",
        "successPercent": 99,
        "maxDelaySeconds": 300,
        "billing": False,
        **written,
    }


def _rollout(written: Json) -> Json:
    rollback = written.get("rollback", "automatic")
    return {
        "steps": [5, 25, 50, 100],
        "soakMinutes": 15,
        "rollback": rollback,
        "restoreMinutes": 5 if rollback == "automatic" else 30,
        "deploysPerWindow": 20,
        "changeFailurePercent": 5,
        **written,
    }


def _recovery(written: Json) -> Json:
    return {
        "rtoMinutes": written.get("rtoMinutes"),
        "rpoMinutes": written.get("rpoMinutes"),
        "restoreTestedOn": _days(written.get("restoreTestedOn")),
        "failoverTestedOn": _days(written.get("failoverTestedOn")),
    }


def fill_environment(written: Json) -> Json:
    """The effective environment."""
    spec = written["spec"]
    return {
        **written,
        "spec": {
            "protected": spec["purpose"] == "production",
            "regionReason": None,
            "costCentre": spec["owner"],
            "egressAddresses": 2,
            "trustedProxies": [],
            **spec,
            "dns": {"dnssec": True, "ttlSeconds": 300, **spec["dns"]},
            "network": {"operators": [], **spec["network"]},
            "cluster": {
                "machineType": "e2-standard-4",
                "nodesPerZone": {"min": 1, "max": 5},
                "releaseChannel": "regular",
                **spec.get("cluster", {}),
            },
        },
    }


def fill_team(written: Json) -> Json:
    """The effective team."""
    spec = written["spec"]
    on_call = {"schedule": None, "escalation": [], **spec.get("onCall", {"coverage": "none"})}
    return {**written, "spec": {"members": [], "email": None, **spec, "onCall": on_call}}


def fill_vendor(written: Json) -> Json:
    """The effective vendor."""
    defaults: Json = {"source": None, "statusPage": None, "hosts": [], "allowList": False}
    return {**written, "spec": {**defaults, **written["spec"]}}


def fill_waiver(written: Json) -> Json:
    """The effective waiver."""
    spec = written["spec"]
    dates = {name: _days(spec[name]) for name in ("granted", "expires")}
    return {**written, "spec": {"service": None, "instance": None, **spec, **dates}}


def days_since_epoch(day: date) -> int:
    """Days since 1970-01-01, the form in which dates reach rules."""
    return (day - EPOCH).days


def _days(written: str | None) -> int | None:
    return None if written is None else days_since_epoch(date.fromisoformat(written))
