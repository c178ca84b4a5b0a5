"""Who is judged while it goes out, and how soon a bad version is noticed."""

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.deploys.verdict import Observed, clear_from, z_score
from components.design.monitoring.rules import INTERVAL
from components.design.rollout.analysis import tells_failures
from components.design.rollout.looking import (
    ENOUGH_EVENTS,
    RECORDED_SECONDS,
    WINDOWS,
    most_minutes,
    notice_seconds,
)
from components.design.service import designed
from pave.workspace import HOME


def test_so_many_failures_are_clear_whatever_else_is_judged_beside() -> None:
    others = 100  # signals, each in all windows
    clear = clear_from(most_minutes(20, 60), others * len(WINDOWS))
    all_fail, none = Observed(ENOUGH_EVENTS, ENOUGH_EVENTS), Observed(ENOUGH_EVENTS, 0)
    assert z_score(all_fail, none) >= clear


def test_what_is_recorded_is_recorded_as_often_as_all_else() -> None:
    assert f"{RECORDED_SECONDS // 60}m" == INTERVAL


@pytest.mark.parametrize(
    ("peak", "share", "noticed"),
    [
        (120, 1 / 7, 30 + 60 + 120 + 20),
        (3, 1 / 7, 30 + 60 + 600 + 20),
        (0.5, 1 / 7, 30 + 60 + 3600 + 20),
        (0.1, 1 / 7, None),
        (None, 1 / 7, None),
    ],
)
def test_the_less_comes_the_later_it_is_noticed(
    peak: float | None, share: float, noticed: int | None
) -> None:
    assert notice_seconds(peak, share, 30) == noticed


def test_a_step_may_soak_longer_each_but_the_last_which_is_everybody() -> None:
    assert most_minutes(4, 15) == 3 * (15 + 60)
    assert most_minutes(1, 15) == 15 + 60


def test_copies_have_to_tell_themselves_what_fails() -> None:
    catalog = load(HOME / "catalog", [])
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    told = {each.name: tells_failures(service, each) for each in service.spec.workloads}
    assert told == {"web": True, "api": True, "jobs": True, "billing-clock": False}


def test_nobody_is_judged_where_nothing_of_its_own_watches() -> None:
    catalog = load(HOME / "catalog", [])
    del catalog.documents["ObservabilityUnit"]["production"]
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    rollouts = [each.rollout for each in designed(catalog, service).workloads if each.rollout is not None]
    assert rollouts
    assert all(each.analysis is None for each in rollouts)
