"""Makes catalogs of any size for measuring: of services as big as CustomersDot, each with its own faults; of
one service that is larger than any; of a chain."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
FAULTS = [
    ("availability: regional", "availability: zonal"),
    ("retained: 30", "retained: 3"),
    ("need: soft", "need: hard"),
    ("mode: enforce", "mode: preview"),
    ("rollback: automatic", "rollback: manual"),
    ("checks: [db]", "checks: [zuora]"),
    ("profile: modern", "profile: compatible"),
    ("exit: automatic", "exit: manual"),
]


def make(root: Path, services: int, seed: int = 1) -> None:
    """Writes a catalog of so many services below `root`; the same arguments give the same bytes.

    Four in five are sound, like a catalog that a gate has kept clean; the fifth has one to three faults."""
    chance = random.Random(seed)  # noqa: S311
    _surroundings(root)
    text = (HOME / "catalog" / "services" / "customersdot.yaml").read_text("utf-8")
    text = text[: text.index("\n  environments:")] + "\n"
    for number in range(services):
        name = f"service-{number:04d}"
        own = text.replace("name: customersdot\n", f"name: {name}\n", 1)
        own = own.replace("customers.acme.example", f"{name}.acme.example")
        if number:
            other = f"service-{chance.randrange(number):04d}"
            own = own.replace("  dependencies:\n", DEPENDENCY.format(other=other), 1)
        if chance.random() < 0.2:
            for old, new in chance.sample(FAULTS, chance.randint(1, 3)):
                own = own.replace(old, new, 1)
        (root / "services" / f"{name}.yaml").write_text(own, "utf-8")


DEPENDENCY = """  dependencies:
    - name: neighbour
      service: {other}
      need: soft
      timeoutSeconds: 2
      retry: {{attempts: 2, backoffSeconds: 0.2, jitter: true}}
      circuitBreaker: {{errorPercent: 50, openSeconds: 10}}
      degraded: {{mode: cached, exit: automatic, probeSeconds: 10}}
"""


IMAGE = f"us-docker.pkg.dev/acme-registry/app@sha256:{'0' * 64}"


def make_large(root: Path, endpoints: int, workloads: int, stores: int, name: str = "large") -> None:
    """Writes a catalog with one service of that size. Of all else that there may be many of it has a tenth as
    many as stores. Each workload reaches one store; the last ones do jobs."""
    few = max(1, stores // 10)
    web = workloads - few
    spec: dict[str, Any] = {
        "workloads": [
            {
                "name": f"web-{i}",
                "image": IMAGE,
                "stores": [f"db-{i % stores}"],
                "environment": [{"name": "TOKEN", "secret": f"token-{i % few}"}],
                **({} if i < web else {"kind": "worker", "liveness": {"command": ["ping"]}}),
            }
            for i in range(workloads)
        ],
        "stores": [
            {
                "name": f"db-{i}",
                "kind": "postgres",
                "version": "16",
                "migration": {"workload": f"web-{i}", "command": ["migrate"]},
            }
            for i in range(stores)
        ],
        "endpoints": [
            {
                "name": f"journey-{i}",
                "workload": f"web-{i % web}",
                "paths": [f"/v1/{i}/*"] if i else ["/*"],
                "slo": {"availability": 99.5, "latencyMs": 400},
            }
            for i in range(endpoints)
        ],
        "secrets": [{"name": f"token-{i}", "rotatedOn": "2026-11-01"} for i in range(few)],
        "dependencies": [
            {"name": f"broker-{i}", "addresses": [f"kafka-{i}.example.com:9092"]} for i in range(few)
        ],
        "jobs": [{"name": f"mails-{i}", "workload": f"web-{web + i}"} for i in range(few)],
    }
    _surroundings(root)
    _write(root, name, spec)


def make_chain(root: Path, services: int, *, is_linked: bool) -> None:
    """Writes a catalog of so many small services, of which each needs the one before it; or else a vendor, so
    that there is as much to say of each."""
    _surroundings(root)
    for number in range(services):
        needed = {"service": f"link-{number - 1}"} if is_linked else {"vendor": "stripe"}
        spec = {"dependencies": [{"name": "next", **needed}]} if number else {}
        _write(root, f"link-{number}", {"workloads": [{"name": "web", "image": IMAGE}], **spec})


def make_hosts(root: Path, hosts: int, services: int) -> None:
    """Writes a catalog of so many hosts, at each of which so many services answer: one for all paths, and its
    guests for one each."""
    _surroundings(root)
    for host in range(hosts):
        names = [f"shop-{host}-{number}" for number in range(services)]
        for number, name in enumerate(names):
            journey = {
                "name": "all",
                "paths": [f"/part-{number}/*"] if number else ["/*"],
                "slo": {"availability": 99.5, "latencyMs": 400},
                "rateLimit": {"requests": 20},
            }
            own = {"behind": names[0]} if number else {"guests": names[1:]}
            spec = {
                "workloads": [{"name": "web", "image": IMAGE}],
                "endpoints": [journey],
                "edge": {"host": f"shop-{host}.acme.example", **own},
            }
            _write(root, name, spec)


def _surroundings(root: Path) -> None:
    for folder in ("environments", "teams", "vendors"):
        shutil.copytree(HOME / "catalog" / folder, root / folder)
    (root / "services").mkdir()


def _write(root: Path, name: str, spec: dict[str, Any]) -> None:
    document = {
        "apiVersion": "pave/v1",
        "kind": "Service",
        "metadata": {"name": name, "owner": "platform"},
        "spec": {"tier": "standard", "stage": "ga", "dataClass": "yellow", **spec},
    }
    (root / "services" / f"{name}.yaml").write_text(json.dumps(document, indent=1), "utf-8")
