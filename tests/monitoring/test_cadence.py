"""How long a schedule lets one wait, on the clocks of its time zone."""

import pytest

from components.design.monitoring.cadence import longest_wait

HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("schedule", "zone", "seconds"),
    [
        ("30 2 * * *", "Etc/UTC", DAY),
        # Clocks are put back once a year between two runs, and once 02:30 never comes.
        ("30 3 * * *", "Europe/Berlin", DAY + HOUR),
        ("30 2 * * *", "Europe/Berlin", 2 * DAY - HOUR),
        ("30 2 * * *", "America/New_York", 2 * DAY - HOUR),
        ("*/15 * * * *", "Europe/Berlin", HOUR // 4),
        ("0 9,17 * * *", "Etc/UTC", 16 * HOUR),
        ("0 6 * * 1-5", "Etc/UTC", 3 * DAY),
        ("0 6 1 * *", "Etc/UTC", 31 * DAY),
        ("0 6 29 2 *", "Etc/UTC", 1461 * DAY),
    ],
)
def test_the_longest_wait_is_between_the_runs_that_come(schedule: str, zone: str, seconds: int) -> None:
    assert longest_wait(schedule, zone) == seconds
