"""The verdict on a deploy for whoever reads Prometheus: the rules that record it, and the query of an
analysis.

The query always gives one number. What meets neither of a metric's two conditions is inconclusive
(https://argo-rollouts.readthedocs.io/en/stable/features/analysis/#inconclusive-runs)."""

from collections.abc import Mapping, Sequence

from components.design.monitoring.deploys.counting import ages, counts, levels
from components.design.monitoring.deploys.deciding import FAIL, INCONCLUSIVE, PASS, deciding
from components.design.monitoring.deploys.recorded import recorded
from components.design.monitoring.deploys.signals import VERSION, WORKLOAD, Signal
from components.design.monitoring.deploys.verdict import Bounds, clear_from
from components.design.monitoring.model import RecordingRule
from components.design.monitoring.promql import series
from components.design.rollout.looking import WINDOWS

VERSION_ARGUMENT = "{{args.version}}"
"""Stands in an analysis for the version that it is about."""

PASSES, FAILS = f"result[0] == {PASS}", f"result[0] == {FAIL}"
FAILS_NOT = f"result[0] != {FAIL}"
NEVER = "false"
"""What an analysis asks of the answer to the query."""


def clear(signals: Sequence[Signal], most_minutes: int) -> float:
    """The z from which a difference is clear, when all signals are looked at once a minute."""
    return clear_from(most_minutes, sum(len(WINDOWS) if each.is_versioned else 1 for each in signals))


def bounds(signal: Signal, clear_z: float) -> Bounds:
    """What decides about a signal."""
    return Bounds(clear_z, signal.large, signal.dire)


def rules(
    labels: Mapping[str, str],
    namespace: str,
    signals: Sequence[Signal],
    most_minutes: int,
    clear_z: float,
    apart: Mapping[str, str] | None = None,
) -> list[RecordingRule]:
    """What records the verdicts on a service's deploys by these signals, each rule after those that it
    reads. Where others record some too, the labels `apart` tell theirs from these."""
    at = recorded(labels, namespace, apart)
    shared = deciding(at, clear_z)
    by_copies = any(signal.is_versioned for signal in signals)
    made = [
        *(ages(at) if by_copies else ()),
        *(rule for signal in signals for rule in counts(at, signal, most_minutes)),
        *(levels(at) if by_copies else ()),
        *(RecordingRule(f"rollout:{name}", expr, {}) for name, expr in shared),
    ]
    return [RecordingRule(each.record, each.expr, {**each.labels, **(apart or {})}) for each in made]


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
