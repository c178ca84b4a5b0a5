"""What a file only says of a service: promises, contacts, days of tests. Nothing is made anew of it.

It comes last, since what is promised is what is there by then."""

from collections.abc import Iterator

from catalog.migration.step import MoveStep, Way

MOVED_WITH = frozenset(
    ["workloads", "stores", "endpoints", "edge", "dependencies", "secrets", "jobs", "events", "rollout"]
)
"""What other moves bring."""


def steps(way: Way) -> Iterator[MoveStep]:
    """One, where anything is said otherwise."""
    changed = {
        key: way.target.get(key, ())
        for key in way.order
        if key[0] not in MOVED_WITH
        and [part.value for part in way.today.get(key, ())]
        != [part.value for part in way.target.get(key, ())]
    }
    if changed:
        yield MoveStep(
            id="promise",
            rank=990,
            title="The service promises what it can keep now",
            semantics="in place",
            change=lambda _: changed,
            needs=("Every phase before has passed its soak.",),
            noticed="Nobody notices: alerts, records of changes and reports follow.",
            minutes=0,
            verify=("`pave check` of the service is ALLOWED with no more than its own waivers.",),
            rollback="Write the phase before: alerts go back to what they were.",
            rollback_minutes=10,
            soak_hours=0,
            change_class="C3",
            source="https://sre.google/workbook/alerting-on-slos/",
        )
