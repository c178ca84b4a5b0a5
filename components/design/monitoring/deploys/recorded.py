"""The series that a verdict on a deploy stands on: what they are called, and how they are selected.

They are recorded once a minute while two versions run. Each of a signal has the labels `signal`, `golden`,
`decides`, `window`, `workload` and, where versions are told apart, `version`: the new one's."""

from collections.abc import Mapping
from typing import NamedTuple

from components.design.monitoring.deploys.signals import VERSION, WORKLOAD
from components.design.monitoring.promql import series

MIDDLE = "10m"
"""The window by which deployments are compared with earlier ones."""

AFTER, BEFORE = "5m", "1h"
"""Over which a load balancer's counts are compared, where versions can't be: now, and before it began."""

SAME = f"on (signal, {WORKLOAD})"
WHOSE = f"on ({WORKLOAD}, {VERSION})"


class Recorded(NamedTuple):
    """Where series are recorded: the labels that select a service's at a place, its pods' own, and those of
    what is recorded `apart`."""

    chosen: Mapping[str, str]
    pods: Mapping[str, str]
    apart: Mapping[str, str]

    def of(self, name: str, **more: str) -> str:
        """Selects a recorded series."""
        return series(f"rollout:{name}", {**self.chosen, **self.apart, **more})


def recorded(labels: Mapping[str, str], namespace: str, apart: Mapping[str, str] | None = None) -> Recorded:
    """Of the service with these labels (`identity`), whose pods are in that namespace. What is recorded
    `apart` from the rest has labels that say so."""
    chosen = {name: labels[name] for name in ("service", "cell")}
    return Recorded(chosen, {"namespace": namespace}, apart or {})
