"""Good and bad releases on a real control plane, judged by a real Prometheus by what their copies would
count: what becomes of them, and who met the bad ones."""

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

import pytest

from tests.kubernetes.api_server import free_ports
from tests.rollouts import hurry
from tests.rollouts.cluster import Cluster
from tests.rollouts.figures import Met, is_kept, keep
from tests.rollouts.judged import Judging, Release, promised

pytestmark = pytest.mark.rollouts

MANY, FEW = 6000.0, 2.0
"""Requests a second, in a tenth of the time."""

TELLS = logging.getLogger(__name__)
"""Says with `--log-cli-level=info` how many met a bad version; with `--update-golden` that is kept."""

PATIENCE = 600
"""Seconds, on a machine that does other things, too: what is promised is measured from the first bad
request on."""
ABORTED = {"app:1": 6}


class Case(NamedTuple):
    """A release: what its second version does, and how many requests come."""

    does: str
    rate: float = MANY
    is_blind: bool = False
    turns_back: bool = True
    by_release: bool = False
    is_held: bool = False


CASES = {
    "good-release": Case("good"),
    "errors": Case("fails"),
    "latency": Case("slow"),
    "one-zone": Case("fails-in-a-zone"),
    "one-route": Case("fails-for-a-route"),
    "few-requests": Case("good", FEW),
    "nobody-answers": Case("good", is_blind=True),
    "by-hand": Case("fails", turns_back=False),
    "by-hand-blind": Case("good", is_blind=True, turns_back=False),
    "of-the-pipeline": Case("fails", by_release=True),
    "held": Case("fails", by_release=True, is_held=True),
    "held-blind": Case("good", is_blind=True, by_release=True, is_held=True),
    "overtaken": Case("good"),
}


@pytest.fixture(scope="module")
def judging(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judging]:
    with Judging(tmp_path_factory.mktemp("judging"), cluster) as running:
        yield running


@pytest.fixture(scope="module")
def releases(cluster: Cluster, judging: Judging) -> Mapping[str, Release]:
    """All of them at once, since each takes minutes."""
    (nobody,) = free_ports(1)
    found = {
        name: Release(
            cluster,
            judging,
            name,
            case.rate,
            f"http://127.0.0.1:{nobody}" if case.is_blind else "",
            turns_back=case.turns_back,
            by_release=case.by_release,
        )
        for name, case in CASES.items()
    }
    for each in found.values():
        each.wait({"app:1": 6}, PATIENCE)
    for name, each in found.items():
        cluster.wait(f"{name} is measured", partial(_is_measured, judging, each), PATIENCE)
        each.bring("app:2", CASES[name].does, is_held=CASES[name].is_held)
    return found


def _is_measured(judging: Judging, release: Release) -> bool:
    """Whether all copies of its first version are."""
    return len(judging.asked(f'rails_requests_total{{namespace="{release.name}",route="trial"}}')) == 6


@pytest.mark.parametrize("name", ["errors", "latency", "one-zone", "one-route", "of-the-pipeline"])
def test_a_bad_version_is_turned_back_within_the_promised_time_and_before_more_have_met_it(
    request: pytest.FixtureRequest,
    cluster: Cluster,
    judging: Judging,
    releases: Mapping[str, Release],
    name: str,
) -> None:
    release = releases[name]
    cluster.wait(f"{name}: aborted", release.is_aborted, PATIENCE, release.says)
    release.wait(ABORTED, PATIENCE)
    kept, rate = promised(), MANY / hurry.FACTOR
    spoilt = judging.counting.met[name, "app:2"]
    struck = spoilt.failed + spoilt.late
    first, last = judging.counting.struck[name, "app:2"]
    met = Met(
        aborted=round(max(0.0, release.aborted_at() - first) * hurry.FACTOR),
        gone=round((last - first) * hurry.FACTOR),
        requests=round(100 * struck / (rate * kept.percent / 100 * kept.gone)),
    )
    TELLS.info("%s: %s of %s", name, met, kept)
    assert 0 < met.gone <= kept.gone
    assert 0 < met.requests <= 100
    if request.config.getoption("--update-golden"):
        keep(kept, name, met)
    assert is_kept(kept, name)


def test_a_good_version_passes_every_gate_and_comes_to_everybody(releases: Mapping[str, Release]) -> None:
    releases["good-release"].wait({"app:2": 6}, PATIENCE)
    assert not releases["good-release"].is_aborted()


def test_of_few_requests_nobody_knows_and_it_stays_where_it_is_for_a_person(
    cluster: Cluster, releases: Mapping[str, Release]
) -> None:
    release = releases["few-requests"]
    cluster.wait("inconclusive", release.is_held, PATIENCE, release.says)
    assert release.copies() == {"app:1": 6, "app:2": 1}
    assert not release.is_aborted()


def test_when_nobody_answers_nothing_is_promoted(
    cluster: Cluster, judging: Judging, releases: Mapping[str, Release]
) -> None:
    release = releases["nobody-answers"]
    cluster.wait("aborted", release.is_aborted, PATIENCE, release.says)
    release.wait(ABORTED, PATIENCE)
    assert judging.counting.most["nobody-answers", "app:2"] == 1


@pytest.mark.parametrize("name", ["held", "held-blind"])
def test_a_release_that_says_there_is_no_way_back_is_never_taken_back_nor_let_on(
    cluster: Cluster, judging: Judging, releases: Mapping[str, Release], name: str
) -> None:
    release = releases[name]
    if name == "held":
        cluster.wait("stopped", release.is_held, PATIENCE, release.says)
    assert release.copies() == {"app:1": 6, "app:2": 1}
    assert judging.counting.most[name, "app:2"] == 1
    assert not release.is_aborted()


def test_by_hand_a_bad_version_is_stopped_and_stays_for_a_person(
    cluster: Cluster, releases: Mapping[str, Release]
) -> None:
    release = releases["by-hand"]
    cluster.wait("stopped", release.is_held, PATIENCE, release.says)
    assert release.copies() == {"app:1": 6, "app:2": 1}
    assert not release.is_aborted()


def test_by_hand_what_nobody_judges_waits_at_its_first_step(releases: Mapping[str, Release]) -> None:
    release = releases["by-hand-blind"]
    assert release.copies() == {"app:1": 6, "app:2": 1}
    assert not release.is_aborted()


def test_a_second_release_during_the_first_is_judged_by_itself(
    cluster: Cluster, releases: Mapping[str, Release]
) -> None:
    release = releases["overtaken"]
    release.bring("app:3", "fails")
    cluster.wait("aborted", release.is_aborted, PATIENCE, release.says)
    cluster.wait("none of the third", lambda: "app:3" not in release.copies(), PATIENCE)


def test_a_controller_that_comes_back_still_judges(cluster: Cluster, judging: Judging) -> None:
    release = Release(cluster, judging, "interrupted", MANY, turns_back=True)
    release.wait({"app:1": 6}, PATIENCE)
    cluster.wait("measured", partial(_is_measured, judging, release), PATIENCE)
    release.bring("app:2", "fails")
    release.wait({"app:1": 6, "app:2": 1}, PATIENCE)
    cluster.kill_the_controller()
    assert release.copies() == {"app:1": 6, "app:2": 1}
    cluster.start_the_controller()
    cluster.wait("aborted", release.is_aborted, PATIENCE, release.says)
    release.wait(ABORTED, PATIENCE)
