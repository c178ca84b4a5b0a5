"""What is said of a name that isn't known."""

import pytest

from catalog.nearest import did_you_mean, nearest

KNOWN = ["portal", "billing"]


@pytest.mark.parametrize("name", ["portl", "potral", "portals", "the-portal"])
def test_a_name_that_is_nearly_right_is_told_the_right_one(name: str) -> None:
    assert nearest(name, KNOWN) == "portal"
    assert did_you_mean(name, KNOWN, "Services") == "Did you mean `portal`?"


@pytest.mark.parametrize("name", ["", "gateway", "zuora"])
def test_a_name_like_no_other_is_told_all_that_there_are(name: str) -> None:
    assert nearest(name, KNOWN) is None
    assert did_you_mean(name, KNOWN, "Services") == "Services: billing, portal."


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("deploy", ["destroy", "demo", "plan"], None),
        ("test", ["destroy", "new"], None),
        ("help", ["up", "new"], None),
        ("rm", ["maturity", "up"], None),
        ("args", ["cpuTargetPercent", "image"], None),
        ("consumer", ["cron", "web", "worker"], None),
        ("valueFrom", ["value", "secret", "name"], None),
        ("secrets", ["size", "stores"], None),
        ("wbe", ["web", "worker"], "web"),
        ("Portal", ["portal"], "portal"),
        ("prod", ["production", "staging"], "production"),
        ("prod", ["production", "products"], None),
        ("timeout", ["timeoutSeconds", "need"], "timeoutSeconds"),
        ("cpuPercent", ["cpuTargetPercent"], "cpuTargetPercent"),
        ("N3_CPUS", ["CPUS", "N2_CPUS"], "N2_CPUS"),
    ],
)
def test_a_hint_is_never_absurd(written: str, known: list[str], meant: str | None) -> None:
    assert nearest(written, known) == meant


def test_where_nothing_is_known_that_is_said() -> None:
    assert did_you_mean("portal", iter([])) == "Known: none."


def test_what_is_known_may_come_once() -> None:
    assert did_you_mean("gateway", iter(KNOWN)) == "Known: billing, portal."
