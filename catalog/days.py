"""Dates as rules compare them: days since 1970-01-01."""

from datetime import date

EPOCH = date(1970, 1, 1)


def days_since_epoch(day: date) -> int:
    """Days since 1970-01-01, the form in which dates reach rules."""
    return (day - EPOCH).days
