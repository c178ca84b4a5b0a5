"""A month's availability as a page that needs nothing but itself: no script, no font, no server."""

from catalog.filling import Templates
from pave.budgets.published import AvailabilityMonthReport


def _percent(value: float | None) -> str:
    return "nobody knows" if value is None else f"{value:.3f} %"


TEMPLATES = Templates(__file__, percent=_percent)


def page(report: AvailabilityMonthReport) -> str:
    """The report as HTML."""
    return TEMPLATES.fill("availability.html", report=report, rows=[report.as_seen, *report.journeys])
