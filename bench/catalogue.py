"""Makes catalogs of any size for measuring: services as big as CustomersDot, each with its own faults."""

import random
import shutil
from pathlib import Path

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
    for folder in ("environments", "teams", "vendors"):
        shutil.copytree(HOME / "catalog" / folder, root / folder)
    (root / "services").mkdir()
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
