"""What a phase measures: how it is asked, and that what nobody knows never counts as holding."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from components.design.migration.model import LiveSignal, MigrationPlan, PhasePlan
from pave.migrating.asking import SignalAnswer, Signals
from pave.migrating.reading import plan_of
from pave.workspace import HOME
from tests.migration.served_signals import ServedHost, ServedSignals, served, served_host

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOST, OLD_HOST = "customers.acme.example", "customers-today.acme.example"


@pytest.fixture(scope="module")
def plan() -> MigrationPlan:
    return plan_of(HOME / "catalog", "customersdot")


def phase(plan: MigrationPlan, id_: str) -> PhasePlan:
    return next(each for each in plan.phases if each.id == id_)


def signal(plan: MigrationPlan, id_: str, kind: str) -> LiveSignal:
    return next(each for each in phase(plan, id_).signals if each.kind == kind)


@pytest.fixture
def server(plan: MigrationPlan) -> Iterator[ServedSignals]:
    every = [name for each in plan.phases for one in each.signals for name in one.allowed]
    with served(list(dict.fromkeys(every))) as found:
        yield found


def asked(server: ServedSignals, one: LiveSignal, since: datetime = NOW) -> SignalAnswer:
    (answer,) = Signals(server.url, {}).ask([one], since, NOW)
    return answer


@pytest.mark.parametrize(
    ("phase_id", "kind", "metric", "good", "bad"),
    [
        ("standby-db", "standby", "database_available_for_failover", 1, 0),
        ("workloads-beside", "queue depth", "sidekiq_queue_size", 3, 400),
    ],
)
def test_a_gauge_holds_fails_or_is_not_there(
    plan: MigrationPlan,
    server: ServedSignals,
    phase_id: str,
    kind: str,
    metric: str,
    good: float,
    bad: float,
) -> None:
    one = signal(plan, phase_id, kind)
    assert asked(server, one).state == "undecided"
    server.values[metric] = good
    assert asked(server, one).state == "holds"
    server.values[metric] = bad
    assert asked(server, one).state == "fails"
    server.values[metric] = float("nan")
    assert asked(server, one).state == "undecided"


def test_a_budget_that_burns_too_fast_in_one_journey_fails(
    plan: MigrationPlan, server: ServedSignals
) -> None:
    one = signal(plan, "names-25", "burn rate")
    assert asked(server, one).state == "holds"
    server.ratios["purchase-availability"] = 0.0004
    assert asked(server, one).state == "holds"
    server.ratios["purchase-availability"] = 0.002
    answer = asked(server, one)
    assert answer.state == "fails"
    assert answer.said == "purchase-availability 4 times as fast as allowed, at most 1"


def test_it_burns_since_the_phase_was_made_and_over_no_less_than_is_recorded(
    plan: MigrationPlan, server: ServedSignals
) -> None:
    one = signal(plan, "names-25", "burn rate")
    asked(server, one, NOW - timedelta(hours=2))
    asked(server, one, NOW)
    assert "[7200s]" in server.asked[0]
    assert "[300s]" in server.asked[1]


@pytest.mark.parametrize(
    ("phase_id", "spent", "state"),
    [
        ("names-25", 0.4, "holds"),
        ("names-25", 0.6, "fails"),
        ("clocks-switch", 0.6, "holds"),
        ("clocks-switch", 1.1, "fails"),
    ],
)
def test_half_of_a_budget_is_for_those_who_are_moved(
    plan: MigrationPlan, server: ServedSignals, phase_id: str, spent: float, state: str
) -> None:
    one = signal(plan, phase_id, "budget")
    name, allowed = next(iter(one.allowed.items()))
    server.ratios[name] = spent * allowed
    assert asked(server, one).state == state


def test_a_promise_of_which_nobody_counted_an_event_leaves_it_undecided(
    plan: MigrationPlan, server: ServedSignals
) -> None:
    one = signal(plan, "names-25", "burn rate")
    server.slis.remove("purchase-availability")
    answer = asked(server, one)
    assert answer.state == "undecided"
    assert answer.said == "nobody has counted events of purchase-availability"
    server.ratios["sign-in-availability"] = 0.5
    assert asked(server, one).state == "fails", "what is known to be bad is bad, whatever else isn't known"


def test_a_server_that_says_nothing_leaves_all_undecided_and_is_asked_once(plan: MigrationPlan) -> None:
    some = [signal(plan, "names-25", "budget"), signal(plan, "names-25", "burn rate")]
    answers = Signals("http://127.0.0.1:9", {}).ask(some, NOW, NOW)
    assert [each.state for each in answers] == ["undecided", "undecided"]
    assert "did not answer" in answers[0].said
    answers = Signals(None, {}).ask(some, NOW, NOW)
    assert {each.said for each in answers} == {"nobody says where it is measured (--url)"}


def test_what_a_phase_has_no_measure_of_says_why(plan: MigrationPlan, server: ServedSignals) -> None:
    answer = asked(server, signal(plan, "redis-switch", "queue depth"))
    assert answer.state == "undecided"
    assert answer.said == "no workload says what takes its jobs (`metrics.queue`)"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedHost]:
    with served_host(tmp_path, HOST, OLD_HOST) as found:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "host.pem"))
        yield found


def test_every_journey_is_asked_at_every_name(plan: MigrationPlan, host: ServedHost) -> None:
    one = signal(plan, "names-25", "health")
    reached = dict.fromkeys((HOST, OLD_HOST), f"127.0.0.1:{host.port}")
    (answer,) = Signals(None, {}, reached).ask([one], NOW, NOW)
    assert (answer.state, answer.said) == ("holds", "8 of 8 answer")
    assert set(host.asked) == {
        (name, path)
        for name in (HOST, OLD_HOST)
        for path in (
            "/subscriptions/new",
            "/customers/sign_in",
            "/.well-known/openid-configuration",
            "/-/readiness",
        )
    }
    host.status = 404
    (answer,) = Signals(None, {}, reached).ask([one], NOW, NOW)
    assert answer.state == "fails"
    assert f"https://{HOST}/subscriptions/new answers 404" in answer.said


def test_a_host_with_another_s_certificate_fails(
    plan: MigrationPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = signal(plan, "names-25", "health")
    with served_host(tmp_path, "somebody-else.example") as host:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "host.pem"))
        reached = dict.fromkeys((HOST, OLD_HOST), f"127.0.0.1:{host.port}")
        (answer,) = Signals(None, {}, reached).ask([one], NOW, NOW)
    assert answer.state == "fails"
    assert "doesn't answer (SSLError)" in answer.said
    assert host.asked == []


def test_a_name_that_leads_nowhere_from_here_is_undecided(plan: MigrationPlan) -> None:
    one = signal(plan, "names-25", "health")
    (answer,) = Signals(None, {}, {}).ask([one], NOW, NOW)
    assert answer.state == "undecided"
    assert f"{HOST} doesn't resolve from here" in answer.said


def test_any_answer_of_a_vendor_shows_that_it_is_reached(
    plan: MigrationPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = signal(plan, "let-in", "vendor reachability")
    names = [each.removeprefix("https://").rstrip("/") for each in one.urls]
    with served_host(tmp_path, *names) as host:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "host.pem"))
        host.status = 401
        reached = dict.fromkeys(names, f"127.0.0.1:{host.port}")
        (answer,) = Signals(None, {}, reached).ask([one], NOW, NOW)
        assert answer.state == "holds"
    (answer,) = Signals(None, {}, reached).ask([one], NOW, NOW)
    assert answer.state == "fails", "nobody listens there any more"


def test_every_phase_in_which_users_meet_something_asks_for_a_budget_first(plan: MigrationPlan) -> None:
    for each in plan.phases:
        has_budget = any(one.kind == "budget" and one.when == "before" for one in each.signals)
        assert has_budget == each.is_cut_over, each.id


def test_those_who_ask_for_the_name_are_led_back_by_themselves(plan: MigrationPlan) -> None:
    assert [each.id for each in plan.phases if each.returns] == [
        "names-5",
        "names-25",
        "names-50",
        "names-100",
    ]
