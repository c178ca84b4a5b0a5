"""How workloads run, where a schema can't say that two of its fields contradict each other."""

from collections.abc import Iterator

from catalog.checks.reserved_names import PROXY
from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

ASKED_BY = {"http": "http", "http2": "tcp", "grpc": "grpc"}
"""How a copy is asked for its health, by what it speaks. Kubernetes and the load balancer speak HTTP/1.1 only
where there is no TLS, which a server of HTTP/2 need not."""

READ_BY = {"path": "http", "command": "command", "reason": "none"}
"""The fields of a probe that only one way of asking reads."""

MOST_SCRATCH_MB = 4096
"""Of a node's 40 GB, GKE leaves 16 for the images, logs and folders of all its pods:
https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#local_ephemeral_storage_reservation."""

READ_WHERE = {
    "schedule": ("kind", "cron"),
    "rehearsal": ("kind", "cron"),
    "suspended": ("kind", "cron"),
    "timeZone": ("kind", "cron"),
    "deadlineSeconds": ("kind", "cron"),
    "vm": ("runtime", "vm"),
    "helpers": ("runtime", "kubernetes"),
    "metrics": ("runtime", "kubernetes"),
    "queueTarget": ("runtime", "kubernetes"),
    "scratch": ("runtime", "kubernetes"),
}
"""Fields that mean nothing elsewhere: whoever writes one there thinks that they do."""

NEEDED_BY = {
    "command": ("command", "Write the command, as a list of words."),
    "none": ("reason", "Say why nobody can ask it, for who comes later."),
}


def asked_by(workload: Json, probe: Json) -> str:
    """How a copy is asked where its owner doesn't say; what else is written of the probe decides."""
    for field in ("command", "reason"):
        if field in probe:
            return READ_BY[field]
    return ASKED_BY[workload.get("protocol", "http")] if _has_port(workload) else "none"


def _has_port(workload: Json) -> bool:
    return "port" in workload or workload.get("kind", "web") == "web"


def contradictions(written: Json) -> Iterator[Wrong]:
    """What a schema-valid, merged service says of its workloads that can't be so at once."""
    for i, workload in enumerate(written["spec"]["workloads"]):
        at: Pointer = ("spec", "workloads", i)
        yield from _unread(workload, at)
        yield from _rehearsed(workload, at)
        yield from _copies(workload, at)
        yield from _scaling(workload, at)
        yield from _helpers(workload, at)
        yield from _scratch(workload, at)
        for name in ("readiness", "liveness"):
            if name in workload:
                yield from _probe(workload, workload[name], (*at, name))


def _rehearsed(workload: Json, at: Pointer) -> Iterator[Wrong]:
    """An apply rehearses, and so it has to be what brings the image, into a cluster."""
    for field, value in (("imageOwner", "pipeline"), ("runtime", "vm")):
        if "rehearsal" in workload and workload.get(field) == value:
            what = f"`{workload['name']}` has `{field}: {value}`, so no apply rehearses its images."
            fix = f"Remove the rehearsal, or `{field}: {value}`."
            yield (*at, "rehearsal"), "catalog/unread", what, fix


def _unread(workload: Json, at: Pointer) -> Iterator[Wrong]:
    said = {"kind": workload.get("kind", "web"), "runtime": workload.get("runtime", "kubernetes")}
    for field, (by, value) in READ_WHERE.items():
        if field in workload and said[by] != value:
            what = (
                f"`{field}` is read where `{by}` is {value}, and `{workload['name']}` has `{by}: {said[by]}`."
            )
            yield (*at, field), "catalog/unread", what, f"Remove it, or write `{by}: {value}`."


def _copies(workload: Json, at: Pointer) -> Iterator[Wrong]:
    if not workload.get("singleLeader") or workload.get("kind") == "cron" or workload.get("runtime") == "vm":
        return
    name = workload["name"]
    for bound, copies in workload.get("replicas", {}).items():
        if copies != 1:
            what = f"`{name}` has one copy at any moment (`singleLeader`), and `{bound}` is {copies}."
            fix = "Leave `replicas` out; or `singleLeader`, if a second copy does no harm."
            yield (*at, "replicas", bound), "catalog/bounds", what, fix


def _scaling(workload: Json, at: Pointer) -> Iterator[Wrong]:
    why = (
        "its copies come by a schedule" if workload.get("kind") == "cron" else "it has one copy at any moment"
    )
    if "queueTarget" in workload and (workload.get("kind") == "cron" or workload.get("singleLeader")):
        what = f"Nothing adds copies of `{workload['name']}`: {why}."
        yield (*at, "queueTarget"), "catalog/bounds", what, "Remove `queueTarget`."


def _helpers(workload: Json, at: Pointer) -> Iterator[Wrong]:
    taken = {workload["name"]: "its workload is called so", PROXY: "the proxy of databases is called so"}
    for i, helper in enumerate(workload.get("helpers", ())):
        here: Pointer = (*at, "helpers", i)
        if (why := taken.get(helper["name"])) is not None:
            what = f"`{helper['name']}` is no name for this helper: {why}."
            yield (*here, "name"), "catalog/reserved-name", what, "Give it another name."
        taken[helper["name"]] = "another helper is called so"
        if workload.get("imageOwner") == "pipeline" and "image" not in helper:
            what = f"The pipeline changes the image of `{workload['name']}`, and not its helper's."
            yield here, "catalog/bounds", what, "Write the helper's `image`, or `imageOwner: spec`."


def _scratch(workload: Json, at: Pointer) -> Iterator[Wrong]:
    folders = workload.get("scratch", ())
    paths = [each["path"] for each in folders]
    for i, path in enumerate(paths):
        others = (other for j, other in enumerate(paths) if j != i)
        if any(path == other or path.startswith(f"{other}/") for other in others):
            what = f"`{path}` is another folder of this list, or in one."
            yield (*at, "scratch", i, "path"), "catalog/bounds", what, "Write the outer folder only."
    if (total := sum(each["sizeMb"] for each in folders)) > MOST_SCRATCH_MB:
        what = f"A copy may write {total:,} MiB to its node's disk, of at most {MOST_SCRATCH_MB:,}."
        yield (*at, "scratch"), "catalog/bounds", what, "Keep less there; what is large belongs in a store."


def _probe(workload: Json, probe: Json, at: Pointer) -> Iterator[Wrong]:
    by, name = probe.get("by") or asked_by(workload, probe), workload["name"]
    if workload.get("kind") == "cron":
        what = f"Nobody asks `{name}` for its health: a cron workload runs and ends."
        yield at, "catalog/bounds", what, "Remove it; how its runs end is watched by `jobs`."
        return
    is_asked_at_port = by in ASKED_BY.values() or "path" in probe
    if is_asked_at_port and not _has_port(workload):
        what = f"`{name}` has no port at which it could be asked."
        yield (
            at,
            "catalog/bounds",
            what,
            "Add `port:`, or ask it by a command, as in `command: [pgrep, celery]`.",
        )
        return
    needed, fix = NEEDED_BY.get(by, (None, ""))
    if needed is not None and not probe.get(needed):
        yield (*at, "by"), "catalog/bounds", f"`by: {by}` needs a `{needed}`.", fix
    for field, reader in READ_BY.items():
        if field in probe and by != reader:
            what = f"`{field}` is read where a copy is asked by {reader}, and `{name}` is asked by {by}."
            yield (*at, field), "catalog/bounds", what, f"Remove `{field}`, or write `by: {reader}`."
