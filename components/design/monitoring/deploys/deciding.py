"""The arithmetic of `verdict`, in PromQL: of all signals of a service and all windows at once, from what was
counted. The same counts give the same numbers."""

from collections.abc import Iterator

from components.design.monitoring.deploys.recorded import AFTER, MIDDLE, SAME, Recorded
from components.design.monitoring.deploys.signals import ODD_CHANGE, WORKLOAD
from components.design.monitoring.deploys.verdict import CONSISTENT, DETECTING, LEAST_EARLIER, TINY, UNUSUAL
from components.design.monitoring.trial import number

DAYS = 28
"""In which earlier deployments are looked for."""

PASS, FAIL, INCONCLUSIVE = 0, 1, 2

LARGE, DIRE = "large", "dire"


def deciding(at: Recorded, clear: float) -> Iterator[tuple[str, str]]:
    """What is recorded, by its name after `rollout:`, and from what. A difference is clear from that z on."""
    yield from _differences(at)
    yield from _earlier(at)
    yield from _outcomes(at, clear)


def _bound(at: Recorded, name: str) -> str:
    return f"on (signal) group_left () {at.of(name)}"


def _differences(at: Recorded) -> Iterator[tuple[str, str]]:
    """How much worse the new version is, how clearly, and how clear it would be if it were dire."""
    new, old, bad, other = map(at.of, ("new_events", "old_events", "new_bad", "old_bad"))
    yield "difference", f"{bad} / ({new} > 0) - {other} / ({old} > 0)"
    yield "imagined_bad", f"{new} * clamp_max({other} / ({old} > 0) + {_bound(at, DIRE)}, 1)"
    for name, seen in (("z", bad), ("visible", at.of("imagined_bad"))):
        yield f"{name}_expected", f"{new} * ({seen} + {other}) / ({new} + {old} > 0)"
        expected, corrected = at.of(f"{name}_expected"), at.of(f"{name}_corrected")
        yield f"{name}_corrected", f"{seen} - clamp({seen} - {expected}, -0.5, 0.5)"
        yield name, _z(new, old, f"({seen} + {other})", expected, corrected)


def _z(new: str, old: str, bad: str, expected: str, corrected: str) -> str:
    """`verdict.z_score`, from the events of both, all bad ones, those expected of the new version, and those
    that it had after Yates' correction."""
    total = f"({new} + {old})"
    variance = f"{expected} * (1 - {bad} / {total}) * {old} / {total}"
    pearson = f"abs({corrected} - {expected}) / sqrt(clamp_min({variance}, {TINY}))"
    before = ("(", f"({bad} - ", f"({new} - ", f"({old} - {bad} + ")
    cells = [(f"{start}{corrected})", f"{start}{expected})") for start in before]
    parts = " + ".join(
        f"{observed} * ln(clamp_min({observed}, {TINY}) / clamp_min({usual}, {TINY}))"
        for observed, usual in cells
    )
    ratio = f"sqrt(clamp_min(2 * ({parts}), 0))"
    smaller = f"(({pearson}) <= ({ratio}) or ({ratio}))"
    differs = f"{bad} > 0 and {bad} < {total}"
    return f"({smaller} * sgn({corrected} - {expected}) and ({differs}))\nor {new} * 0 + {old} * 0"


def _earlier(at: Recorded) -> Iterator[tuple[str, str]]:
    """How far this deployment is from those at the same hour of other days: each day's worst in the half
    hours before and after. What a load balancer counts differs on days without a deployment too."""
    of_ratios = at.of("difference").removesuffix("}") + f',window=~"{MIDDLE}|{AFTER}"}}'
    yield "change", f"{of_ratios} or {at.of('level_change')}"
    days = (
        f"label_replace(max by (signal, {WORKLOAD}) (max_over_time({at.of('change')}[1h]"
        f' offset {24 * 60 * day - 30}m)), "day", "{day}", "", "")'
        for day in range(1, DAYS + 1)
    )
    yield "earlier", "\nor ".join(days)
    earlier, usual = at.of("earlier"), at.of("usual")
    yield "earlier_count", f"count by (signal, {WORKLOAD}) ({earlier})"
    yield "usual", f"quantile by (signal, {WORKLOAD}) (0.5, {earlier})"
    deviation = f"abs({earlier} - {SAME} group_left () {usual})"
    spread = f"{CONSISTENT} * quantile by (signal, {WORKLOAD}) (0.5, {deviation})"
    least = (
        f"max by (signal, {WORKLOAD}) ({usual} * 0 + {_bound(at, LARGE)} / {UNUSUAL}"
        f" or {usual} * 0 + {number(ODD_CHANGE)} / {UNUSUAL})"
    )
    yield "spread", f"{spread} >= {least} or {least}"
    for kind, value in (("", at.of("difference")), ("level_", at.of("level_change"))):
        above = f"({value} - {SAME} group_left () {usual}) / {SAME} group_left () {at.of('spread')}"
        yield f"{kind}deviations", f"{above}\nand {SAME} {at.of('earlier_count')} >= {LEAST_EARLIER}"


def _outcomes(at: Recorded, clear: float) -> Iterator[tuple[str, str]]:
    """The verdict on each signal, and what is odd about copies."""
    difference = at.of("difference")
    usual = f"{at.of('deviations')} < {UNUSUAL} and {difference} - {_bound(at, DIRE)} < 0"
    bad = f"{at.of('z')} >= {clear!r} and {difference} - {_bound(at, LARGE)} >= 0 unless ({usual})"
    enough = f"{at.of('visible')} >= {clear + DETECTING!r}"
    outcomes = ((FAIL, bad), (PASS, enough), (INCONCLUSIVE, at.of("new_events")))
    yield "outcome", "\nor ".join(f"max without (window) ({each}) * 0 + {is_}" for is_, each in outcomes)
    odd = f"{at.of('level_deviations')} >= {UNUSUAL}"
    yield "odd", f"{at.of('level_change')} >= {number(ODD_CHANGE)} and {odd}"
