"""The verdicts on a service's deploys, as data."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from components.design.monitoring.deploys.queries import bounds
from components.design.monitoring.deploys.signals import ODD_CHANGE, Golden, Signal
from components.design.monitoring.deploys.verdict import (
    DETECTING,
    FALSE_ALARM,
    MISS,
    ODD,
    UNUSUAL,
    Ending,
    Judged,
    Seen,
    deviations,
    judge,
    judge_signal,
)
from pave.judging.measured import Deploy

Normality = Literal["as usual", "unlike most", "unlike any", "unknown"]
"""How a deploy compares with earlier ones at the same hour."""

NORMALITY: tuple[tuple[float, Normality], ...] = ((UNUSUAL, "unlike any"), (ODD, "unlike most"))
WORST: tuple[Ending, ...] = ("fail", "inconclusive", "pass")


class JudgedShare(msgspec.Struct, frozen=True):
    """How many events there were, and how many of them were bad."""

    events: float
    bad: float
    share: float


class JudgedSignal(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The verdict on one signal. It `compares` versions at the same time, or before and after. `window`
    decided it; `z` is clear from `clear_from` on, and a dire difference would have had `visible`, of which
    `enough_from` is needed. `difference` is of the shares of bad events, `large_from` much and `dire_from`
    too much for any excuse; `deviations` says how far it is above the usual one, None where nobody knows."""

    signal: str
    golden: Golden
    title: str
    compares: Literal["versions", "before and after"]
    decides: bool
    outcome: Ending
    window: str | None
    new: JudgedShare
    old: JudgedShare
    z: float
    clear_from: float
    visible: float
    enough_from: float
    difference: float
    large_from: float
    dire_from: float
    deviations: float | None
    earlier: int


class JudgedLevel(msgspec.Struct, frozen=True, rename="camel"):
    """How much more (0.5: half as much again) a new copy needs than an old one, or how much less traffic it
    gets. `odd`: so much, and so unusual, that somebody has to look."""

    signal: str
    change: float
    deviations: float | None
    earlier: int
    odd: bool


class JudgedDeploy(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The verdict on a version of a workload, None where versions aren't told apart, after so many seconds
    beside another. `decided_by` is a signal, None where none decided."""

    workload: str
    version: str | None
    age_seconds: float | None
    outcome: Ending
    decided_by: str | None
    normality: Normality
    signals: list[JudgedSignal]
    levels: list[JudgedLevel]


class VerdictReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave rollout judge --format json` prints. `outcome` is the worst of all deploys; `source` is
    where it was measured. By chance alone no more than `false_alarm` of good rollouts fail, over all their
    looks, and no more than `miss` of those with a dire difference pass at a look."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["VerdictReport"] = "VerdictReport"
    service: str
    environment: str
    source: str
    outcome: Ending
    deploys: list[JudgedDeploy]
    false_alarm: float = FALSE_ALARM
    miss: float = MISS


def verdict_report(
    service: str,
    environment: str,
    source: str,
    signals: Sequence[Signal],
    clear_z: float,
    found: Iterable[Deploy],
) -> VerdictReport:
    """The verdicts on what was measured. From the z `clear_z` on a difference is clear. Without any deploy
    nobody knows."""
    deploys = [_deploy(each, signals, clear_z) for each in found]
    return VerdictReport(
        service=service,
        environment=environment,
        source=source,
        outcome=min((each.outcome for each in deploys), key=WORST.index, default="inconclusive"),
        deploys=deploys,
    )


def _deploy(deploy: Deploy, signals: Sequence[Signal], clear_z: float) -> JudgedDeploy:
    judged = [
        _signal(signal, deploy.counts[signal.name], _shares(deploy.earlier.get(signal.name, [])), clear_z)
        for signal in signals
        if signal.name in deploy.counts
    ]
    levels = [_level(name, change, deploy.earlier.get(name, [])) for name, change in deploy.levels.items()]
    deciding = [each.outcome for each in judged if each.decides]
    outcome = judge([each.outcome for each in judged], deciding, odd=any(each.odd for each in levels))
    judged.sort(key=lambda each: (WORST.index(each.outcome), not each.decides, -each.z, each.signal))
    return JudgedDeploy(
        workload=deploy.workload,
        version=deploy.version,
        age_seconds=deploy.age,
        outcome=outcome,
        decided_by=next(_decided(outcome, judged, levels), None),
        normality=_normality([*judged, *levels]),
        signals=judged,
        levels=levels,
    )


def _shares(earlier: Iterable[float]) -> list[float]:
    """Those that can be differences of shares."""
    return [each for each in earlier if -1 <= each <= 1]


def _decided(outcome: Ending, judged: Iterable[JudgedSignal], levels: Iterable[JudgedLevel]) -> Iterator[str]:
    if outcome == "inconclusive":
        yield from (each.signal for each in levels if each.odd)
    else:
        yield from (
            each.signal for each in judged if each.outcome == outcome and (outcome == "fail" or each.decides)
        )


def _signal(signal: Signal, seen: Sequence[Seen], earlier: Sequence[float], clear_z: float) -> JudgedSignal:
    within = bounds(signal, clear_z)
    outcome, by = judge_signal(seen, earlier, within)
    counted = next(each for each in seen if by is None or each.window == by.window)
    by = by or Judged(counted.window, outcome, 0.0, 0.0, 0.0, None)
    return JudgedSignal(
        signal=signal.name,
        golden=signal.golden,
        title=signal.title,
        compares="versions" if signal.is_versioned else "before and after",
        decides=signal.decides,
        outcome=outcome,
        window=by.window,
        new=JudgedShare(*counted.new, counted.new.share),
        old=JudgedShare(*counted.old, counted.old.share),
        z=by.z,
        clear_from=within.clear,
        visible=by.visible,
        enough_from=within.clear + DETECTING,
        difference=by.difference,
        large_from=within.large,
        dire_from=within.dire,
        deviations=by.unusual,
        earlier=len(earlier),
    )


def _level(name: str, change: float, earlier: Sequence[float]) -> JudgedLevel:
    unusual = deviations(change, earlier, ODD_CHANGE)
    odd = change >= ODD_CHANGE and unusual is not None and unusual >= UNUSUAL
    return JudgedLevel(name, change, unusual, len(earlier), odd)


def _normality(judged: Iterable[JudgedSignal | JudgedLevel]) -> Normality:
    known = [each.deviations for each in judged if each.deviations is not None]
    if not known:
        return "unknown"
    return next((word for limit, word in NORMALITY if max(known) >= limit), "as usual")
