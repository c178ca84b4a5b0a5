"""What a service's file says of other things must exist: teams, environments, vendors, its own parts."""

from collections.abc import Iterator
from typing import Any

from catalog.checks.absent import absent
from catalog.checks.paths import probes_of_others
from catalog.document import Json
from catalog.kind import Documents
from catalog.nearest import did_you_mean
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

MOST_BEFORE_A_BAN = 10_000
"""Requests in one period (https://cloud.google.com/armor/docs/rate-limiting-overview)."""

MOST_PER_SECOND = 100
"""Requests of one client that an endpoint worth attacking could still call limited: three times the 2,000 a
minute that GitLab.com grants a signed-in user (https://docs.gitlab.com/user/gitlab_com/)."""


def dangling(written: Json, environment: Json | None, catalog: Documents) -> Iterator[Wrong]:
    """All references in a schema-valid, merged service that lead nowhere, and bounds that cross."""
    spec = written["spec"]
    yield from _outside(written, catalog)
    web = [w["name"] for w in spec["workloads"] if w.get("kind", "web") == "web"]
    background = [w["name"] for w in spec["workloads"] if w.get("kind", "web") != "web"]
    if "endpoints" not in spec and len({*web}) > 1:
        what = f"There are {len({*web})} web workloads, and nothing says which of them answers."
        yield ("spec", "workloads"), "catalog/reference", what, "Add `endpoints:`, each with its `workload`."
    yield from _contradicting_machines(spec)
    for i, endpoint in enumerate(spec.get("endpoints", ())):
        yield from _workload(
            endpoint, web, ("spec", "endpoints", i), "a web workload", or_else="; or delete the endpoint"
        )
    for i, job in enumerate(spec.get("jobs", ())):
        yield from _workload(job, background, ("spec", "jobs", i), "a worker or cron workload")
    yield from _migrations(spec)
    yield from _journeys(spec)
    yield from _explained(spec)
    yield from _same_path(spec)
    yield from probes_of_others(spec)
    yield from _reached(spec)
    yield from _queues(spec)
    yield from _probes(spec)
    yield from _secrets(spec)
    yield from _bounds(spec)
    if environment is not None:
        sizes = [size["name"] for size in environment["spec"]["sizes"]]
        for listed in ("workloads", "stores"):
            for i, item in enumerate(spec.get(listed, ())):
                if item.get("size", "small") not in sizes:
                    at: Pointer = ("spec", listed, i, "size")
                    yield _missing(
                        at, "size", item.get("size", "small"), sizes, environment["metadata"]["name"]
                    )


def _journeys(spec: Json) -> Iterator[Wrong]:
    """Steps that are no endpoints, and ways called like one: what is measured of both has that name."""
    endpoints = [each["name"] for each in spec.get("endpoints", ())]
    for i, journey in enumerate(spec.get("journeys", ())):
        at: Pointer = ("spec", "journeys", i)
        if journey["name"] in endpoints:
            what = f"`{journey['name']}` is an endpoint, too."
            yield (
                (*at, "name"),
                "catalog/unique-name",
                what,
                "Give the way through several a name of its own.",
            )
        for j, step in enumerate(journey["steps"]):
            if step not in endpoints:
                yield _missing((*at, "steps", j), "endpoint", step, endpoints, "this service")


def _explained(spec: Json) -> Iterator[Wrong]:
    """Events whose failures are to be explained by what is no vendor here."""
    vendors = [each["name"] for each in spec.get("dependencies", ()) if "vendor" in each]
    for i, event in enumerate(spec.get("events", ())):
        if event.get("dependency") not in {None, *vendors}:
            at: Pointer = ("spec", "events", i, "dependency")
            yield _missing(at, "vendor", event["dependency"], vendors, "the dependencies of this service")


def _outside(written: Json, catalog: Documents) -> Iterator[Wrong]:
    owner = written["metadata"]["owner"]
    if owner not in catalog.documents["Team"]:
        yield absent(catalog, "Team", owner, ("metadata", "owner"))
    evidence = written["spec"].get("edge", {}).get("evidence")
    if evidence is not None and evidence not in catalog.documents["Preview"]:
        fix = f"`pave edge evidence` writes catalog/previews/{evidence}.yaml of a replay, with --to."
        yield absent(catalog, "Preview", evidence, ("spec", "edge", "evidence"), fix)
    for i, dependency in enumerate(written["spec"].get("dependencies", ())):
        for key, kind in (("vendor", "Vendor"), ("service", "Service")):
            target = dependency.get(key)
            if target is not None and target not in catalog.documents[kind]:
                yield absent(catalog, kind, target, ("spec", "dependencies", i, key))


def _missing(at: Pointer, what: str, name: str, known: list[str], where: str) -> Wrong:
    return at, "catalog/reference", f"There is no {what} `{name}` in {where}.", did_you_mean(name, known)


def _workload(item: Json, names: list[str], at: Pointer, what: str, or_else: str = "") -> Iterator[Wrong]:
    """`or_else` is what else mends it where there is no workload of the kind."""
    named = item.get("workload")
    if named is None and len(names) != 1:
        fix = f"Add `workload:` with one of: {', '.join(names)}." if names else f"Add {what}{or_else}."
        yield (
            at,
            "catalog/reference",
            f"`{item['name']}` does not say which of {len(names)} workloads it is for.",
            fix,
        )
    elif named is not None and named not in names:
        fix = f"Write one of: {', '.join(names)}." if names else f"Add {what}{or_else}."
        yield (*at, "workload"), "catalog/reference", f"`{named}` is not {what} of this service.", fix


def _migrations(spec: Json) -> Iterator[Wrong]:
    """A migration runs on Kubernetes, with the image of a workload there."""
    on_kubernetes = [w["name"] for w in spec["workloads"] if w.get("runtime", "kubernetes") == "kubernetes"]
    for i, store in enumerate(spec.get("stores", ())):
        if "migration" in store:
            at: Pointer = ("spec", "stores", i, "migration")
            named = {"name": store["name"], "workload": store["migration"]["workload"]}
            yield from _workload(named, on_kubernetes, at, "a workload on Kubernetes")


def _same_path(spec: Json) -> Iterator[Wrong]:
    first: dict[str, str] = {}
    for i, endpoint in enumerate(spec.get("endpoints", ())):
        for j, path in enumerate(endpoint["paths"]):
            if path in first:
                at: Pointer = ("spec", "endpoints", i, "paths", j)
                what = f"`{path}` already belongs to the endpoint `{first[path]}`."
                yield at, "catalog/unique-path", what, "Give each path to one endpoint."
            first.setdefault(path, endpoint["name"])


def _reached(spec: Json) -> Iterator[Wrong]:
    """Stores that a workload names are the service's, and those that it is asked for are among them."""
    known = [store["name"] for store in spec.get("stores", ())]
    for i, workload in enumerate(spec["workloads"]):
        at: Pointer = ("spec", "workloads", i)
        for j, name in enumerate(workload.get("stores", ())):
            if name not in known:
                yield _missing((*at, "stores", j), "store", name, known, "this service")
        left_out = set(known) - {*workload.get("stores", known)}
        for probe in ("readiness", "liveness"):
            for j, check in enumerate(workload.get(probe, {}).get("checks", ())):
                if check in left_out:
                    what = f"`{workload['name']}` doesn't reach the store `{check}`, so that no probe can."
                    fix = "Add it to `stores` of the workload, or take it out here."
                    yield (*at, probe, "checks", j), "catalog/reference", what, fix


def _queues(spec: Json) -> Iterator[Wrong]:
    """Who is scaled by a queue takes from it, and it is one of the service's own."""
    queues = [store["name"] for store in spec.get("stores", ()) if store["kind"] == "queue"]
    for i, workload in enumerate(spec["workloads"]):
        named = workload.get("queueTarget", {}).get("queue")
        at: Pointer = ("spec", "workloads", i, "queueTarget", "queue")
        if named is None:
            continue
        if named not in queues:
            yield _missing(at, "queue", named, queues, "this service")
        elif named not in workload.get("stores", queues):
            what = (
                f"`{workload['name']}` doesn't reach the queue `{named}`, so that more copies take no more."
            )
            yield at, "catalog/reference", what, "Add it to `stores` of the workload."


def _probes(spec: Json) -> Iterator[Wrong]:
    names = [item["name"] for listed in ("stores", "dependencies") for item in spec.get(listed, ())]
    for i, workload in enumerate(spec["workloads"]):
        for probe in ("readiness", "liveness"):
            for j, check in enumerate(workload.get(probe, {}).get("checks", ())):
                if check not in names:
                    at: Pointer = ("spec", "workloads", i, probe, "checks", j)
                    yield _missing(at, "store or dependency", check, names, "this service")


def _secrets(spec: Json) -> Iterator[Wrong]:
    variables = [variable for workload in spec["workloads"] for variable in workload.get("environment", ())]
    names = sorted({variable["secret"] for variable in variables if "secret" in variable})
    for i, secret in enumerate(spec.get("secrets", ())):
        if secret["name"] not in names:
            yield _missing(("spec", "secrets", i, "name"), "secret", secret["name"], names, "any variable")


def _contradicting_machines(spec: Json) -> Iterator[Wrong]:
    """Workloads that share a machine and say different things of it."""
    stated: dict[tuple[str, str], tuple[Any, str]] = {}
    for i, workload in enumerate(spec["workloads"]):
        if workload.get("runtime") != "vm":
            continue
        machine = workload.get("vm", {})
        host = machine.get("host", "vm")
        for field, value in machine.items():
            was, by = stated.setdefault((host, field), (value, workload["name"]))
            if was != value:
                at: Pointer = ("spec", "workloads", i, "vm", field)
                what = f"`{field}` of machine {host} is {value} here and {was} at `{by}`."
                yield (
                    at,
                    "catalog/bounds",
                    what,
                    "One machine is one thing: write the same at both, or two hosts.",
                )


def _bounds(spec: Json) -> Iterator[Wrong]:
    for i, workload in enumerate(spec["workloads"]):
        replicas = workload.get("replicas", {})
        if replicas.get("min", 0) > replicas.get("max", 10**9):
            at: Pointer = ("spec", "workloads", i, "replicas", "min")
            what = f"`min` is {replicas['min']}, above `max`, {replicas['max']}."
            yield at, "catalog/bounds", what, "Raise `max` or lower `min`."
        if workload.get("kind") == "cron" and "schedule" not in workload:
            yield (
                ("spec", "workloads", i),
                "catalog/bounds",
                "A cron workload needs a schedule.",
                "Add `schedule:`.",
            )
    yield from _limits(spec)
    steps = spec.get("rollout", {}).get("steps")
    if steps and (steps != sorted(steps) or steps[-1] != 100):
        what = "The steps of a rollout rise and end at 100."
        yield ("spec", "rollout", "steps"), "catalog/bounds", what, "Write them like [5, 25, 50, 100]."


def _limits(spec: Json) -> Iterator[Wrong]:
    for i, endpoint in enumerate(spec.get("endpoints", ())):
        limit = endpoint.get("rateLimit")
        if limit is None:
            continue
        if limit.get("action") == "ban" and limit["requests"] > MOST_BEFORE_A_BAN:
            at: Pointer = ("spec", "endpoints", i, "rateLimit", "requests")
            what = (
                f"Cloud Armor bans after {MOST_BEFORE_A_BAN:,} requests at most, not {limit['requests']:,}."
            )
            yield at, "catalog/bounds", what, "Allow fewer in a shorter period, or write `action: throttle`."
        if endpoint.get("sensitive", "none") == "none":
            continue
        allowed = limit["requests"] / limit.get("perSeconds", 60)
        if allowed > MOST_PER_SECOND:
            at = ("spec", "endpoints", i, "rateLimit", "requests")
            what = f"One client may send {allowed:,.0f} requests a second: that limits nobody."
            yield at, "catalog/bounds", what, f"Allow at most {MOST_PER_SECOND} a second, better far fewer."
