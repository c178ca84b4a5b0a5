"""How often new versions are looked at, and over what: what decides how soon a bad one is noticed."""

WINDOWS = {"2m": 120, "10m": 600, "1h": 3600}
"""Seconds over which versions are compared: soon, well, and where little comes. A version is judged over one
that it has lived through."""

RECORDED_SECONDS = 60
"""How often what an analysis reads is recorded."""

LOOK_SECONDS = 20
"""How often an analysis reads it: so often that it adds little to the above."""

LONGER_MINUTES = 60
"""How much longer than planned a step may soak: as long as the longest window."""

BLIND_SECONDS = 300
"""How long nobody may answer an analysis until a new version is as good as a bad one: a Prometheus that is
started anew is back sooner. The time is ours."""

ENOUGH_EVENTS = 20
"""Events that all fail are clear when a version has had so many, and the old one as many that didn't,
however many other signals are judged beside."""

QUIET_SHARE = 0.1
"""The part of the busiest second's load that is taken to come in a quiet one. Ours."""


def most_minutes(steps: int, soak_minutes: float) -> int:
    """How long a rollout of so many steps takes at most, each soaking longer but for the last, which is all
    copies."""
    return round(max(1, steps - 1) * (soak_minutes + LONGER_MINUTES))


def notice_seconds(peak_per_second: float | None, share: float, interval_seconds: int) -> int | None:
    """How long at most until a version is noticed of which everything fails that comes to its `share` (0 to
    1, at most a half) of so much, in a quiet hour; copies are scraped at that interval.

    Its copies are scraped, then it is recorded that there is such a version, then it lives through a window
    with enough events, then that is read. None where nobody knows how much comes, or too little does."""
    if peak_per_second is None:
        return None
    its = peak_per_second * QUIET_SHARE * share
    for seconds in WINDOWS.values():
        if its * (seconds - interval_seconds) >= ENOUGH_EVENTS:
            return interval_seconds + RECORDED_SECONDS + seconds + LOOK_SECONDS
    return None
