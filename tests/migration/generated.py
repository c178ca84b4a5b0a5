"""Ways that nobody wrote: from what a service may be to what it is to be."""

import json
from typing import Any

from hypothesis import strategies as st

from catalog.document import Document

IMAGE = "us-docker.pkg.dev/acme-registry/portal@sha256:" + "5f0e2a6b" * 8
HOST, OLD_HOST = "portal.acme.example", "old-portal.acme.example"

BACKUPS = st.sampled_from(
    [{}, {"pointInTime": False}, {"retained": 7}, {"enabled": False, "pointInTime": False}]
)


@st.composite
def databases(draw: Any) -> dict[str, Any]:
    """A database as it may be today."""
    if draw(st.booleans()):
        return {"name": "db", "kind": "postgres", "runtime": "vm", "version": "13", "availability": "zonal"}
    availability = draw(st.sampled_from(["zonal", "regional"]))
    return {
        "name": "db",
        "kind": "postgres",
        "version": draw(st.sampled_from(["14", "15", "16"])),
        "availability": availability,
        "edition": draw(st.sampled_from(["enterprise", "enterprise-plus"])),
        "backup": {} if availability == "regional" else draw(BACKUPS),
    }


@st.composite
def caches(draw: Any) -> dict[str, Any]:
    """A cache as it may be today."""
    if draw(st.booleans()):
        return {"name": "redis", "kind": "redis", "runtime": "vm", "availability": "zonal"}
    return {"name": "redis", "kind": "redis", "availability": draw(st.sampled_from(["zonal", "regional"]))}


WORKLOADS: dict[str, dict[str, Any]] = {
    "web": {"name": "web"},
    "jobs": {"name": "jobs", "kind": "worker"},
    "clock": {"name": "clock", "kind": "cron", "schedule": "30 2 * * *"},
}


@st.composite
def ways(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The spec of a service today, and what it is to be: highly available."""
    stores = [draw(kind()) for kind in (databases, caches) if draw(st.booleans())]
    names = ["web", *(name for name in ("jobs", "clock") if draw(st.booleans()))]
    on_machine = draw(st.booleans()) or any(each.get("runtime") == "vm" for each in stores)
    machine = {"runtime": "vm", "vm": {"publicAddress": True, "zone": "us-east1-b"}}
    placed = machine if on_machine else {"image": IMAGE}
    today: dict[str, Any] = {
        "tier": "standard",
        "stage": "ga",
        "workloads": [{**WORKLOADS[name], **placed} for name in names],
        **({"stores": stores} if stores else {}),
        "edge": {"host": draw(st.sampled_from([HOST, OLD_HOST])), "waf": {"profile": "off"}},
    }
    added = [name for name in WORKLOADS if name not in names and draw(st.booleans())]
    wanted = [{**WORKLOADS[name], "image": IMAGE} for name in (*names, *added)]
    target: dict[str, Any] = {
        "tier": "standard",
        "stage": "ga",
        "dataClass": "orange",
        "workloads": wanted,
        **({"stores": [_available(each) for each in stores]} if stores else {}),
        "edge": {"host": HOST},
        "rollout": {"steps": draw(st.sampled_from([[100], [5, 25, 100]]))},
    }
    return today, target


def _available(store: dict[str, Any]) -> dict[str, Any]:
    """What a store is to be, in the generation that the planner asks for."""
    found = {"name": store["name"], "kind": store["kind"]}
    if store["kind"] == "postgres":
        return {**found, "version": "16", "edition": "enterprise-plus"}
    is_rebuilt = "runtime" not in store and store["availability"] == "zonal"
    return {**found, **({"generation": 2} if is_rebuilt else {})}


def document(spec: dict[str, Any], kind: str = "Service") -> Document:
    data = {"apiVersion": "pave/v1", "kind": kind, "metadata": {"name": "portal", "owner": "workplace"}}
    whole = {**data, "spec": spec}
    return Document("services/portal.yaml", json.dumps(whole).encode(), whole)
