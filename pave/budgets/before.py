"""The months before one that is published: whether its promise was missed in them, too."""

from pathlib import Path

import msgspec

from pave.budgets.month import month, month_before
from pave.budgets.published import AvailabilityMonthReport

RESTRICTED = 3
"""Months in a row after which features wait for reliability
(https://handbook.gitlab.com/handbook/engineering/error-budgets/#budget-spend-more-than-20-minutes)."""


def missed_in_a_row(report: AvailabilityMonthReport, folder: Path) -> int:
    """In how many months up to that of the report the promise was missed without a month between, by what is
    published in the folder: 0 where it was kept, or nobody knows. A month without a file ends the row."""
    missed, here = 0, report
    while here.as_seen.is_kept is False:
        missed += 1
        name = month_before(month(here.month).first)
        try:
            text = (folder / file_name(report.service, report.place, name, "json")).read_bytes()
            here = msgspec.json.decode(text, type=AvailabilityMonthReport)
        except (OSError, msgspec.DecodeError):
            break
    return missed


def file_name(service: str, place: str, name: str, ending: str) -> str:
    """What the file of a month is called."""
    return f"{service}.{place}.{name}.{ending}"
