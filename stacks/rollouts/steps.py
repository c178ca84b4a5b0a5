"""Where in its steps a rollout is, and what of them is still to come."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from catalog.document import Json
from stacks.rollouts.objects import duration, moment

STEP_PAUSE = "CanaryPauseStep"


def canary(spec: Json) -> Json:
    """How a rollout by that spec goes; nothing where it has no steps, as one with another strategy."""
    return (spec.get("strategy") or {}).get("canary") or {}


def steps_of(spec: Json) -> Sequence[Json]:
    """The steps of a rollout by that spec; none where it has none."""
    return canary(spec).get("steps") or []


def number(steps: Sequence[Json], index: int) -> int:
    """Which share comes at the step of that index, counted from 1; the last is the one to everybody."""
    shares = sum("setWeight" in each for each in steps)
    return (
        shares + 1 if index >= len(steps) else max(1, sum("setWeight" in each for each in steps[: index + 1]))
    )


def share_at(steps: Sequence[Json], index: int | None, is_undone: bool) -> int:
    """The percentage of copies that is asked for at the step of that index, None where none is under way."""
    if index is None or index >= len(steps):
        return 0 if is_undone else 100
    return next((int(each["setWeight"]) for each in reversed(steps[: index + 1]) if "setWeight" in each), 0)


def left(
    steps: Sequence[Json], status: Json, index: int | None, now: datetime
) -> tuple[int | None, int | None]:
    """How many seconds are left of this step's pause, and of all pauses; None where nothing counts down."""
    if index is None:
        return None, None
    pauses = [duration(each["pause"].get("duration")) for each in steps[index:] if "pause" in each]
    whole = sum((each for each in pauses if each is not None), timedelta())
    here = None
    if index < len(steps) and "pause" in steps[index]:
        asked = duration(steps[index]["pause"].get("duration"))
        started = next(
            (
                moment(each.get("startTime"))
                for each in status.get("pauseConditions") or ()
                if each.get("reason") == STEP_PAUSE
            ),
            None,
        )
        if asked is not None and started is not None:
            passed = min(max(now - started, timedelta()), asked)
            here, whole = asked - passed, whole - passed
    return None if here is None else round(here.total_seconds()), round(whole.total_seconds())


def skipped(steps: Sequence[Json], index: int, spec: Json) -> Iterator[str]:
    """What a promotion to everybody leaves out."""
    for each in steps[index:]:
        if "setWeight" in each:
            yield f"{each['setWeight']} % of copies"
        elif "pause" in each:
            asked = duration(each["pause"].get("duration"))
            yield (
                "a pause until somebody ends it"
                if asked is None
                else f"a soak of {asked.total_seconds():g} s"
            )
        else:
            yield ", ".join(sorted(each))
    if canary(spec).get("analysis"):
        yield "the analysis beside them"
