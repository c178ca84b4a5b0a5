"""Recorded plans of services of every shape, for the tests of the components."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalog.loader import load
from stacks.plan import Plan, PlannedResource, Planner
from stacks.stack import service_stack

CATALOG = Path(__file__).parents[2] / "catalog"

HEAD = """
apiVersion: pave/v1
kind: Service
metadata: {{name: {name}, owner: platform}}
spec:
  tier: {tier}
  stage: ga
"""

SHAPES = {
    # A schedule that may run beside itself and must not be run twice; nothing answers.
    "nightly-report": HEAD.format(name="nightly-report", tier="standard")
    + """
  workloads:
    - name: report
      kind: cron
      image: us-docker.pkg.dev/acme-registry/report/app:1
      schedule: "*/5 * * * *"
      deadlineSeconds: 120
      singleLeader: false
""",
    # No stores, no calls, no proxy, two paths only; the pipeline owns the image.
    "status-page": HEAD.format(name="status-page", tier="standard")
    + """
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/status/app:1
      imageOwner: pipeline
      port: 3000
      shutdownSeconds: 30
  endpoints:
    - {name: status, paths: [/status, /status/*]}
    - name: subscribe
      paths: [/subscribe]
      rateLimit: {requests: 5, perSeconds: 60, action: ban, banSeconds: 300}
  edge:
    host: status.elsewhere.example
    waf: {mode: enforce, exceptions: [{name: probe, paths: [/status/deep], sources: [192.0.2.0/24]}]}
""",
    # Two databases, each with tables of its own.
    "two-books": HEAD.format(name="two-books", tier="standard")
    + """
  workloads:
    - {name: web, image: us-docker.pkg.dev/acme-registry/books/app:1}
  stores:
    - {name: ledger, kind: postgres, migration: {workload: web, command: [migrate, ledger]}}
    - {name: archive, kind: postgres, migration: {workload: web, command: [migrate, archive]}}
""",
    # For employees only.
    "wiki": HEAD.format(name="wiki", tier="internal")
    + """
  workloads:
    - {name: web, image: us-docker.pkg.dev/acme-registry/wiki/app:1, readiness: {path: /up}}
""",
    # On a machine without a public address: a load balancer asks it.
    "back-office": HEAD.format(name="back-office", tier="standard")
    + """
  workloads:
    - {name: web, runtime: vm, port: 8081, vm: {instances: 2}}
    - name: jobs
      kind: worker
      runtime: vm
      environment: [{name: TOKEN, secret: token}]
      vm: {host: vm}
  stores:
    - {name: db, kind: postgres, availability: zonal, encryption: optional, access: public}
    - {name: redis, kind: redis, runtime: vm}
""",
    # On a machine that the internet reaches.
    "old-shop": HEAD.format(name="old-shop", tier="standard")
    + """
  workloads:
    - {name: web, runtime: vm, vm: {publicAddress: true}}
""",
    # Half of it has moved: the load balancer asks pods for one path and a machine for the rest.
    "half-moved": HEAD.format(name="half-moved", tier="standard")
    + """
  workloads:
    - {name: old, runtime: vm, connections: 0, vm: {publicAddress: true}}
    - name: new
      image: us-docker.pkg.dev/acme-registry/new/app:1
      environment: [{name: LEGACY_DB_HOST, value: localhost}]
  stores:
    - {name: db, kind: postgres}
  endpoints:
    - {name: rest, workload: old, paths: [/*]}
    - {name: moved, workload: new, paths: [/moved/*]}
""",
}


SHIPPED = sorted(
    path.stem for folder in ("services", "examples") for path in (CATALOG / folder).glob("*.yaml")
)


@cache
def planner(name: str) -> Planner:
    """Plans stacks of the shipped catalog and its examples, or of the shape `name`."""
    if name not in SHAPES:
        return Planner(load(CATALOG, (CATALOG / "examples").glob("*.yaml")))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(SHAPES[name])
        return Planner(load(CATALOG, [path]))


@cache
def plan(name: str = "customersdot", environment: str = "production") -> Plan:
    return planner(name).plan(service_stack(name, environment))


def all_of(kind: str, name: str = "customersdot", environment: str = "production") -> list[PlannedResource]:
    """Every resource, components aside, whose type ends in `kind`: `:Deployment`."""
    return [r for r in plan(name, environment).resources if r.custom and r.type.endswith(kind)]


def one(kind: str, name: str = "customersdot", environment: str = "production") -> PlannedResource:
    (resource,) = all_of(kind, name, environment)
    return resource


def named(kind: str, resource_name: str, name: str = "customersdot") -> PlannedResource:
    (resource,) = [r for r in all_of(kind, name) if r.name == resource_name]
    return resource


def urns(unknown: Any) -> list[str]:
    """What an unknown value depends on."""
    found: list[str] = unknown["$unknown"]
    return found
