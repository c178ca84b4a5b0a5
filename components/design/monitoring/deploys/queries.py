"""The verdict on a deploy for whoever reads Prometheus: the rules that record it, and the query of an
analysis.

The query always gives one number. In the fields of an AnalysisTemplate's metric, CONDITIONS say what it
means; what meets neither of them is inconclusive
(https://argo-rollouts.readthedocs.io/en/stable/features/analysis/#inconclusive-runs)."""

from collections.abc import Mapping, Sequence

from components.design.monitoring.deploys.counting import ages, counts, levels
from components.design.monitoring.deploys.deciding import FAIL, INCONCLUSIVE, PASS, deciding
from components.design.monitoring.deploys.recorded import WINDOWS, recorded
from components.design.monitoring.deploys.signals import VERSION, WORKLOAD, Signal
from components.design.monitoring.deploys.verdict import Bounds, clear_from
from components.design.monitoring.model import RecordingRule
from components.design.monitoring.promql import series

LONGER_MINUTES = 60
"""How much longer than planned a rollout may soak: as long as the longest window."""

CONDITIONS = {"successCondition": f"result[0] == {PASS}", "failureCondition": f"result[0] == {FAIL}"}


def minutes(steps: Sequence[int], soak_minutes: float) -> int:
    """How long a rollout takes at most, with the time that it may soak longer."""
    return round(len(steps) * soak_minutes) + LONGER_MINUTES


def clear(signals: Sequence[Signal], most_minutes: int) -> float:
    """The z from which a difference is clear, when all signals are looked at once a minute."""
    return clear_from(most_minutes, sum(len(WINDOWS) if each.is_versioned else 1 for each in signals))


def bounds(signal: Signal, clear_z: float) -> Bounds:
    """What decides about a signal."""
    return Bounds(clear_z, signal.large, signal.dire)


def rules(
    labels: Mapping[str, str], namespace: str, signals: Sequence[Signal], most_minutes: int
) -> list[RecordingRule]:
    """What records the verdicts on a service's deploys, each rule after those that it reads."""
    at = recorded(labels, namespace)
    shared = deciding(at, clear(signals, most_minutes))
    return [
        *ages(at),
        *(rule for signal in signals for rule in counts(at, signal, most_minutes)),
        *levels(at),
        *(RecordingRule(f"rollout:{name}", expr, {}) for name, expr in shared),
    ]


def verdict_query(labels: Mapping[str, str], workload: str, version: str) -> str:
    """Whether a version of a workload passes (0), fails (1), or nobody knows (2). `version` may be an
    argument of the analysis. It reads what is recorded of that version, and what tells no versions apart."""
    chosen = {"service": labels["service"], "cell": labels["cell"], WORKLOAD: workload}
    which = {VERSION: f"|{version}"}
    every = series("rollout:outcome", chosen, **which)
    decides = series("rollout:outcome", {**chosen, "decides": "yes"}, **which)
    odd = series("rollout:odd", chosen, **which)
    return (
        f"max({every} == {FAIL})\nor (min({decides} == {PASS}) unless on () {odd})\nor vector({INCONCLUSIVE})"
    )
