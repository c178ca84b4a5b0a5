"""A fraction of 1 is asked about wherever a percentage is meant."""

import pytest

from catalog.checks.fractions import fractions


@pytest.mark.parametrize(
    ("availability", "meant"), [(0.999, "99.9"), (0.9995, "99.95"), (0.5, "50"), (99.9, None), (0, None)]
)
def test_what_a_vendor_publishes_is_a_percentage(availability: float, meant: str | None) -> None:
    found = list(fractions({"spec": {"availability": availability}}, "Vendor"))
    assert [fix for *_, fix in found] == ([] if meant is None else [f"Did you mean {meant}?"])
    assert all(at == ("spec", "availability") for at, *_ in found)


def test_half_a_percent_of_failed_changes_is_a_good_one() -> None:
    assert list(fractions({"spec": {"rollout": {"changeFailurePercent": 0.5}}})) == []
