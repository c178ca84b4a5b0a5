"""A deploy from the pods' counters to the query of an analysis, as Prometheus sees it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.deploys.deciding import FAIL, INCONCLUSIVE, PASS
from components.design.monitoring.deploys.queries import verdict_query
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored
from components.design.monitoring.rules import group
from pave.monitoring.documents import as_yaml
from pave.monitoring.promtool import run
from pave.workspace import HOME

pytestmark = pytest.mark.prometheus

BEGINS, ENDS, OVER = 30, 60, 75
"""Minutes: the new version comes, the old one goes, and all is over."""

EVERY = 30
JOB = "ProvisionSubscriptionWorker"


class Version(NamedTuple):
    """What one version's pod counts in half a minute: jobs, those that fail, those that wait too long."""

    jobs: int
    failed: float = 0
    late: float = 0


@pytest.fixture(scope="module")
def watched() -> Monitoring:
    catalog = load(HOME / "catalog", [])
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    return monitored(catalog, service)


def pod(version: str, counts: Version, begin: int, end: int) -> Iterator[dict[str, str]]:
    """The series of a pod from one minute to another."""
    told = f'namespace="customersdot",workload="jobs",version="{version}",pod="{version}"'
    samples = (end - begin) * 60 // EVERY
    lead = "" if begin == 0 else f"_x{begin * 60 // EVERY} "
    tail = "" if end == OVER else " stale"
    yield {"series": f"up{{{told}}}", "values": f"{lead}1x{samples}{tail}"}
    told += f',worker="{JOB}"'
    counters = {
        f"sidekiq_jobs_completion_seconds_count{{{told}}}": counts.jobs,
        f"sidekiq_jobs_failed_total{{{told}}}": counts.failed,
        f"sidekiq_jobs_queue_duration_seconds_count{{{told}}}": counts.jobs,
        f'sidekiq_jobs_queue_duration_seconds_bucket{{{told},le="60"}}': counts.jobs - counts.late,
        f'sidekiq_jobs_queue_duration_seconds_bucket{{{told},le="10"}}': counts.jobs - counts.late,
    }
    for series, step in counters.items():
        yield {"series": series, "values": f"{lead}0+{step}x{samples}{tail}"}


def tried(
    folder: Path,
    watched: Monitoring,
    series: list[dict[str, str]],
    asked: Mapping[tuple[str, int], float],
    by: str = "deploys",
) -> str:
    """What promtool has against the answers to some queries at some minutes, by one group of rules."""
    watch = next(each for each in watched.watches if each.name == f"customersdot-{by}")
    (folder / "rules.yaml").write_bytes(as_yaml({"groups": [group(watched, watch)]}))
    test = {
        "interval": f"{EVERY}s",
        "input_series": series,
        "promql_expr_test": [
            {"expr": expr, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": value}]}
            for (expr, minute), value in asked.items()
        ],
    }
    tests = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (folder / "test.yaml").write_bytes(as_yaml(tests))
    passed, said = run("test", "rules", "test.yaml", folder=folder)
    return "" if passed else said


OLD = Version(3000, 3)


@pytest.mark.parametrize(
    ("new", "minute", "answer"),
    [
        (Version(600, 0.6), BEGINS + 1, INCONCLUSIVE),  # no window is over yet
        (Version(600, 0.6), BEGINS + 5, PASS),
        (Version(600, 0.6), ENDS - 1, PASS),
        (Version(600, 60), BEGINS + 1, INCONCLUSIVE),
        (Version(600, 60), BEGINS + 5, FAIL),
        (Version(600, 0.6, late=300), BEGINS + 5, FAIL),
        (Version(1), BEGINS + 20, INCONCLUSIVE),
        (Version(600, 60), OVER, INCONCLUSIVE),  # nothing is compared any more, and nothing is remembered
    ],
)
def test_a_version_is_judged_by_what_its_pods_count(
    tmp_path: Path, watched: Monitoring, new: Version, minute: int, answer: int
) -> None:
    series = [*pod("old", OLD, 0, ENDS), *pod("new", new, BEGINS, OVER)]
    query = verdict_query(watched.labels, "jobs", "new")
    assert tried(tmp_path, watched, series, {(query, minute): answer}) == ""


def test_counts_are_those_of_the_version_and_of_the_same_minutes(tmp_path: Path, watched: Monitoring) -> None:
    series = [*pod("old", OLD, 0, ENDS), *pod("new", Version(600, 6), BEGINS, OVER)]
    what = '{signal="provision-subscription-execution",window="10m",workload="jobs",version="new"}'
    seen = (600 - EVERY) / EVERY
    counts = {"new_events": 600, "new_bad": 6, "old_events": 3000, "old_bad": 3}
    asked = {
        (f"sum(abs(rollout:{name}{what} - {count * seen})) <= bool 1e-6", BEGINS + 15): 1.0
        for name, count in counts.items()
    }
    assert tried(tmp_path, watched, series, asked) == ""


def test_the_verdict_is_on_the_version_that_is_asked_about_and_on_no_other(
    tmp_path: Path, watched: Monitoring
) -> None:
    series = [*pod("old", OLD, 0, ENDS), *pod("new", Version(600, 60), BEGINS, OVER)]
    query = verdict_query(watched.labels, "jobs", "another")
    assert tried(tmp_path, watched, series, {(query, BEGINS + 5): INCONCLUSIVE}) == ""


def test_of_a_second_release_during_the_first_the_newest_is_judged(
    tmp_path: Path, watched: Monitoring
) -> None:
    series = [
        *pod("old", OLD, 0, ENDS),
        *pod("bad", Version(600, 60), BEGINS - 20, BEGINS),
        *pod("new", Version(600, 0.6), BEGINS, OVER),
    ]
    asked = {
        (verdict_query(watched.labels, "jobs", "bad"), BEGINS - 10): FAIL,
        (verdict_query(watched.labels, "jobs", "new"), BEGINS + 20): PASS,
    }
    assert tried(tmp_path, watched, series, {key: float(value) for key, value in asked.items()}) == ""


def test_when_nobody_scrapes_nothing_passes(tmp_path: Path, watched: Monitoring) -> None:
    series: list[dict[str, Any]] = [*pod("old", OLD, 0, ENDS)]
    for word in ("new", ""):
        query = verdict_query(watched.labels, "jobs", word)
        assert tried(tmp_path, watched, series, {(query, BEGINS + 5): INCONCLUSIVE}) == ""


@pytest.mark.parametrize(("share", "answer"), [(0.0004, PASS), (0.03, FAIL)])
def test_a_load_balancer_tells_before_from_after(
    tmp_path: Path, watched: Monitoring, share: float, answer: int
) -> None:
    """A hundred thousand requests a second, of which few fail before minute 300."""
    told = 'service="customersdot",cell="production",sli="purchase-availability"'
    series = [
        {"series": f"sli:events:rate{window}{{{told}}}", "values": "100000x800"} for window in ("5m", "1h")
    ] + [
        {"series": f"sli:bad_ratio:rate{window}{{{told}}}", "values": f"0.0004x600 {share}x200"}
        for window in ("5m", "1h")
    ]
    query = verdict_query(watched.labels, "web", "new")
    asked = {(query, 320): float(answer)}
    assert tried(tmp_path, watched, series, asked, by="deploys-before-and-after") == ""
