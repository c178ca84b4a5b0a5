"""Deployments by chance, and how often the verdict on them is wrong: `python -m bench.deploys`.

A service answers so many requests a second, of which so many are bad; the share of the new version and the
time at each step are the defaults of a spec. Every minute's counts are binomial. The same seed gives the same
deployments."""

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from components.design.monitoring.deploys.verdict import (
    DETECTING,
    FALSE_ALARM,
    MISS,
    Bounds,
    Ending,
    Observed,
    Seen,
    SignalVerdict,
    clear_from,
    judge_signal,
)

STEPS = (5, 25, 50)
"""Percent; of a step of 100 no old version is left to compare with."""

SOAK = 15
WINDOWS = {"2m": 2, "10m": 10, "1h": 60}
BUDGET = 0.001
"""What a promise of 99.9 % leaves."""

DIRE = 14.4 * BUDGET
SEED = 14


class Case(NamedTuple):
    """Requests a second, and the share of bad ones of the old version and of the new."""

    rate: float
    old: float
    new: float


GOOD = [Case(rate, share, share) for rate in (1, 10, 100, 1000) for share in (0.0001, 0.001, 0.01, 0.2)]
BAD = [
    Case(rate, old, new)
    for rate in (1, 10, 100, 1000)
    for old, new in ((0.01, 0.02), (0.001, 0.001 + DIRE), (0.0005, 0.05), (0.0005, 0.5))
]


class Rates(NamedTuple):
    """How many deployments of a case end how, as shares of all, and the median minutes to a stop."""

    passed: float
    failed: float
    inconclusive: float
    minutes: float | None


def bounds(every: int, signals: int = 1) -> Bounds:
    """Those of a rollout that is looked at every so many minutes."""
    looks = len(STEPS) * SOAK // every
    return Bounds(clear_from(looks, signals * len(WINDOWS)), BUDGET, DIRE)


def deployment(chance: np.random.Generator, case: Case) -> npt.NDArray[np.float64]:
    """What has come by each minute: events and bad ones of the new version, then of the old."""
    shares = np.repeat(np.array(STEPS) / 100, SOAK)
    every = np.full(len(shares), round(case.rate * 60))
    new = chance.binomial(every, shares)
    old = every - new
    counted = [new, chance.binomial(new, case.new), old, chance.binomial(old, case.old)]
    return np.concatenate([np.zeros((4, 1)), np.cumsum(counted, axis=1)], axis=1)


def looks(
    counted: npt.NDArray[np.float64], every: int, within: Bounds
) -> Iterator[tuple[int, SignalVerdict]]:
    """The verdicts on a deployment, at each look, with the minute of it."""
    for minute in range(every, counted.shape[1], every):
        seen = []
        for window, length in WINDOWS.items():
            if length <= minute:
                n, bad, m, other = (counted[:, minute] - counted[:, minute - length]).tolist()
                seen.append(Seen(window, Observed(n, bad), Observed(m, other)))
        yield minute, judge_signal(seen, (), within)


def end(counted: npt.NDArray[np.float64], every: int, within: Bounds) -> tuple[Ending, int]:
    """How a deployment ends, and after how many minutes: the first failure stops it."""
    outcome: Ending = "inconclusive"
    minute = 0
    for at, found in looks(counted, every, within):
        outcome, minute = found.outcome, at
        if outcome == "fail":
            break
    return outcome, minute


def rates(case: Case, deployments: int, every: int, seed: int = SEED) -> Rates:
    """How so many deployments of a case end."""
    chance, within = np.random.default_rng(seed), bounds(every)
    ends = [end(deployment(chance, case), every, within) for _ in range(deployments)]
    found = {word: sum(outcome == word for outcome, _ in ends) / deployments for word, _ in ends}
    stopped = sorted(minute for outcome, minute in ends if outcome == "fail")
    return Rates(
        found.get("pass", 0.0),
        found.get("fail", 0.0),
        found.get("inconclusive", 0.0),
        stopped[len(stopped) // 2] if stopped else None,
    )


def main() -> None:
    """Prints how often the verdict is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deployments", type=int, default=2000)
    parser.add_argument("--every", type=int, default=1, help="minutes between two looks")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    within = bounds(asked.every)
    print(
        f"{asked.deployments} deployments each: steps {STEPS} % of {SOAK} min, a look every {asked.every} min"
    )
    print(f"clear from z {within.clear:.2f}, enough from {within.clear + DETECTING:.2f}; seed {asked.seed}")
    print(f"stated: false alarms at most {FALSE_ALARM:.0%}; dire and passed at most {MISS:.0%}\n")
    print(
        f"{'req/s':>6}  {'bad, old':>9}  {'bad, new':>9}  {'stopped':>8}  {'passed':>8}  {'unclear':>8}  in"
    )
    for case in [*GOOD, *BAD]:
        found = rates(case, asked.deployments, asked.every, asked.seed)
        after = "" if found.minutes is None else f"{found.minutes} min"
        print(
            f"{case.rate:>6g}  {case.old:>9.2%}  {case.new:>9.2%}  {found.failed:>8.2%}  {found.passed:>8.2%}"
            f"  {found.inconclusive:>8.2%}  {after}"
        )


if __name__ == "__main__":
    main()
