"""What a server answers about a deploy, as its query API says it."""

import json
from collections.abc import Sequence
from typing import Any

IDENTITY = {"service": "customersdot", "cell": "production", "team": "fulfillment-platform"}
EXECUTION = "provision-subscription-execution"


def sample(name: str, value: float | str, **labels: str) -> dict[str, Any]:
    return {
        "metric": {"__name__": f"rollout:{name}", **IDENTITY, **labels},
        "value": [1795000000, value if isinstance(value, str) else repr(value)],
    }


def counts(
    new: tuple[float, float],
    old: tuple[float, float],
    signal: str = EXECUTION,
    workload: str = "jobs",
    version: str = "6d4f",
    window: str = "10m",
) -> list[dict[str, Any]]:
    """Events and bad ones of both versions."""
    told = {"signal": signal, "workload": workload, "window": window}
    told |= {"version": version} if version else {}
    pairs = zip(("new_events", "new_bad", "old_events", "old_bad"), (*new, *old), strict=True)
    return [sample(name, float(value), **told) for name, value in pairs]


def earlier(
    changes: Sequence[float], signal: str = EXECUTION, workload: str = "jobs"
) -> list[dict[str, Any]]:
    """What earlier deployments changed."""
    return [
        sample("earlier", change, signal=signal, workload=workload, day=f"{day}")
        for day, change in enumerate(changes, start=1)
    ]


def age(seconds: float, workload: str = "jobs", version: str = "6d4f") -> dict[str, Any]:
    return sample("age", seconds, workload=workload, version=version)


def level(signal: str, change: float, workload: str = "jobs", version: str = "6d4f") -> dict[str, Any]:
    return sample("level_change", change, signal=signal, workload=workload, version=version)


def answer(*series: dict[str, Any]) -> str:
    found = {"resultType": "vector", "result": list(series)}
    return json.dumps({"status": "success", "data": found}, indent=1) + "\n"
