"""Days of the year on which a store is never maintained, that the cloud would refuse or wouldn't know."""

from collections.abc import Iterator
from datetime import date, timedelta

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

MOST_DAYS = 90
"""https://cloud.google.com/sql/docs/postgres/maintenance#deny-period"""

ORDINARY_YEAR = 2025
"""It has the days that every year has."""


def impossible_maintenance(written: Json) -> Iterator[Wrong]:
    """Of a schema-valid, merged service."""
    for index, store in enumerate(written["spec"].get("stores", ())):
        never = store.get("maintenance", {}).get("never")
        if never is None:
            continue
        at: Pointer = ("spec", "stores", index, "maintenance", "never")
        if store["kind"] != "postgres":
            what = f"A {store['kind']} has no days without maintenance: its provider knows none."
            yield at, "catalog/maintenance", what, "Remove `never`."
            continue
        days = {field: _day(never[field]) for field in ("from", "to")}
        for field, day in days.items():
            if day is None:
                what = f"`{never[field]}` is no day of every year."
                yield (*at, field), "catalog/maintenance", what, "Write another, as month and day."
        first, last = days["from"], days["to"]
        if first is None or last is None:
            continue
        after = last if last >= first else last.replace(year=ORDINARY_YEAR + 1)
        length = (after - first + timedelta(days=1)).days
        if length > MOST_DAYS:
            what = f"{length} days without maintenance are more than the {MOST_DAYS} that there can be."
            yield at, "catalog/maintenance", what, "Begin later, or end earlier."


def _day(text: str) -> date | None:
    month, day = map(int, text.split("-"))
    try:
        return date(ORDINARY_YEAR, month, day)
    except ValueError:
        return None
