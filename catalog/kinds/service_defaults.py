"""Defaults of a service that follow from its tier, its sizes, its other parts or its environment.

Those that are the same for everybody stand in `catalog/schema/service.schema.json` as `default`; what is said
there in words about the computed ones is tested. Nothing that is written is ever changed.
"""

from collections.abc import Mapping, Sequence

from catalog.addresses import parsed
from catalog.checks.running import asked_by
from catalog.checks.variables import reached_stores
from catalog.document import Json
from catalog.place import Place, full_name
from catalog.stores.database import Database
from catalog.stores.registry import store_kinds
from catalog.stores.store import Surroundings

TARGET = {"critical": 99.8, "standard": 99.5, "internal": 99.0}
"""Percent of 28 days. What a service on the paved road keeps with what its plan holds, without a canary and
with somebody who takes a bad deploy back; a promise beyond it is its owner's word."""

COVERAGE = {"critical": "24x7", "standard": "24x5", "internal": "business-hours"}
RESTORE_MINUTES = {"automatic": 5, "manual": 30}
PORT = 8080
"""Where a web server answers."""

CONNECTIONS = 5
"""The pool of one copy, where there is a database."""

SHUTDOWN_MARGIN_SECONDS = 15
TIMEOUT_SECONDS = 30
"""The schema's default of an endpoint's timeout, which holds for what has no endpoint too."""


def with_computed(written: Json, environment: Json, place: Place) -> Json:
    """The service with its computed defaults; `written` is merged, schema-valid and its references resolved,
    `environment` is effective. The constant defaults are still to be filled in."""
    metadata, env = written["metadata"], environment["spec"]
    spec = {name: value for name, value in written["spec"].items() if name != "environments"}
    tier = spec["tier"]
    sizes = {size["name"]: size for size in env["sizes"]}
    target = spec.get("availability", {}).get("target", TARGET[tier])
    stores = [_store(store, spec, env, sizes) for store in spec.get("stores", ())]
    endpoints = _endpoints(spec, target)
    workloads = [_workload(each, env, sizes, endpoints, stores) for each in spec["workloads"]]
    rollback = spec.get("rollout", {}).get("rollback", "automatic")
    return {
        "apiVersion": written["apiVersion"],
        "kind": "Service",
        "metadata": {
            "title": metadata["name"],
            "costCentre": metadata["owner"],
            **metadata,
            "links": _links(metadata, workloads, env["project"]),
        },
        "spec": {
            **spec,
            "availability": {"target": target, **spec.get("availability", {})},
            "onCall": {"coverage": COVERAGE[tier], **spec.get("onCall", {})},
            "workloads": workloads,
            "stores": stores,
            "endpoints": endpoints,
            "edge": _edge(spec.get("edge", {}), full_name(metadata["name"], place), tier, env),
            "dependencies": [_dependency(each) for each in spec.get("dependencies", ())],
            "jobs": [_job(job, workloads) for job in spec.get("jobs", ())],
            "events": [{"title": event["name"], **event} for event in spec.get("events", ())],
            "rollout": {"restoreMinutes": RESTORE_MINUTES[rollback], **spec.get("rollout", {})},
        },
    }


def _links(metadata: Json, workloads: Sequence[Json], project: str) -> list[Json]:
    """The cluster ships every workload's output to Cloud Logging, so its logs have an address."""
    links: list[Json] = list(metadata.get("links", ()))
    is_paved = all("vm" not in workload for workload in workloads)
    if is_paved and not any(link["kind"] == "logs" for link in links):
        query = f"resource.labels.namespace_name%3D%22{metadata['name']}%22"
        url = f"https://console.cloud.google.com/logs/query;query={query}?project={project}"
        links.append({"kind": "logs", "title": "Cloud Logging", "url": url})
    return links


def _workload(
    written: Json,
    env: Json,
    sizes: Mapping[str, Json],
    endpoints: Sequence[Json],
    stores: Sequence[Json],
) -> Json:
    size = sizes[written.get("size", "small")]
    timeouts = [
        each.get("timeoutSeconds", TIMEOUT_SECONDS)
        for each in endpoints
        if each["workload"] == written["name"]
    ]
    reached = reached_stores(written, stores)
    has_database = any(issubclass(store_kinds()[store["kind"]], Database) for store in reached)
    port = {} if written.get("kind", "web") != "web" else {"port": PORT}
    filled = {
        **port,
        "cpu": size["cpu"],
        "memoryMb": size["memoryMb"],
        "stores": [store["name"] for store in reached],
        "connections": CONNECTIONS if has_database else 0,
        "shutdownSeconds": max(timeouts, default=TIMEOUT_SECONDS) + SHUTDOWN_MARGIN_SECONDS,
        "singleLeader": written.get("kind") == "cron",
        **{name: value for name, value in written.items() if name != "vm"},
    }
    if "image" in written:
        filled["helpers"] = [{"image": written["image"], **each} for each in written.get("helpers", ())]
    for probe in ("readiness", "liveness"):
        filled[probe] = {"by": asked_by(written, written.get(probe, {})), **written.get(probe, {})}
    if written.get("runtime") == "vm":
        filled["vm"] = {"zone": env["zones"][0], **written.get("vm", {})}
    return filled


def _store(written: Json, spec: Json, env: Json, sizes: Mapping[str, Json]) -> Json:
    around = Surroundings(
        tier=spec["tier"],
        data_class=spec.get("dataClass"),
        peak_hours=spec.get("traffic", {}).get("peakHours", ()),
        purpose=env["purpose"],
        size=sizes[written.get("size", "small")],
    )
    return store_kinds()[written["kind"]].computed(written, around)


def _endpoints(spec: Json, target: float) -> list[Json]:
    web = [workload["name"] for workload in spec["workloads"] if workload.get("kind", "web") == "web"]
    written = spec.get("endpoints")
    if written is None:
        written = [{"name": "all", "paths": ["/*"]}] if web else []
    return [
        {
            "title": endpoint["name"],
            "workload": web[0] if web else "",
            **endpoint,
            "slo": {"availability": target, **endpoint.get("slo", {})},
        }
        for endpoint in written
    ]


def _edge(written: Json, name: str, tier: str, env: Json) -> Json:
    return {
        "host": f"{name}.{env['dns']['domain']}",
        "exposure": "employees" if tier == "internal" else "public",
        "groups": env["employees"],
        **written,
    }


def _dependency(written: Json) -> Json:
    """A name may lead anywhere, so that it is taken for one of the internet's."""
    if "addresses" not in written:
        return written
    found = [parsed(text) for text in written["addresses"]]
    return {"tls": True, "private": all(each.is_private for each in found), **written}


def _job(written: Json, workloads: Sequence[Json]) -> Json:
    workers = [workload["name"] for workload in workloads if workload.get("kind", "web") != "web"]
    return {"workload": workers[0] if workers else "", **written}
