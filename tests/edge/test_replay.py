"""Whom rules would have refused, by a log."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.kinds.service_spec import RateLimit
from catalog.loader import load
from components.design.edge.counting import Allowances
from components.design.edge.host import Fragment, HostEdge, host_edge
from components.design.edge_model import KeyPart
from components.design.service import designed
from pave.edge import core_rules
from pave.edge.logged import Logged
from pave.edge.replayed import policy_digest
from pave.edge.replaying import replay
from tests.built import require_built
from tests.command import pave
from tests.edge.test_logs import SUITE

CATALOG = load(Path(__file__).parents[2] / "catalog")


def edge_of(name: str) -> HostEdge:
    service = service_at(CATALOG, name, "production")
    assert isinstance(service, Service)
    return host_edge([Fragment(service, designed(CATALOG, service))])


EDGE = edge_of("customersdot")
ASKED = Logged(
    at=0.0,
    method="POST",
    uri="/customers/sign_in",
    host="customers.acme.example",
    status=200,
    agent="Mozilla/5.0",
    connected="173.245.48.1",
    client="198.51.100.7",
)


def many(count: int, every: float, asked: Logged = ASKED) -> list[Logged]:
    return [asked._replace(at=every * number) for number in range(count)]


def test_what_one_client_sends_above_the_limit_is_told_and_nothing_else() -> None:
    others = [ASKED._replace(at=float(n), client=f"198.51.100.{n}") for n in range(20, 50)]
    log = sorted([*many(30, 1.0), *others], key=lambda each: each.at)
    found = replay(EDGE, log, with_core_rules=False)
    ((hit, times),) = found.hits.items()
    # The proxy that asked is in the eleventh of the ranges in their order: the second rule of the limit.
    assert (hit.client, hit.priority, times) == ("198.51.100.7", 2001, 10)


def test_a_client_that_the_proxy_hides_is_counted_by_no_limit_and_said_to_be_hidden() -> None:
    found = replay(EDGE, many(30, 1.0, ASKED._replace(client=None)), with_core_rules=False)
    assert (found.hidden.total(), found.hits.total()) == (30, 0)


def keyed(*key: KeyPart) -> HostEdge:
    """The shipped host, whose limits count by other things."""
    return msgspec.structs.replace(
        EDGE,
        policies=[
            msgspec.structs.replace(
                policy,
                rules=[
                    msgspec.structs.replace(each, rule=msgspec.structs.replace(each.rule, key=list(key)))
                    for each in policy.rules
                ],
            )
            for policy in EDGE.policies
        ],
    )


def test_a_limit_that_counts_by_a_header_that_no_log_has_is_undecided_and_says_so() -> None:
    edge = keyed(KeyPart("USER_IP"), KeyPart("HTTP_HEADER", "X-Api-Key"))
    found = replay(edge, many(30, 1.0), with_core_rules=False)
    assert (found.hits.total(), found.hidden) == (0, {"what header X-Api-Key was": 30})


def test_a_limit_that_counts_by_a_header_that_the_log_has_counts_each_value() -> None:
    log = [each._replace(agent=f"agent {n % 2}") for n, each in enumerate(many(60, 0.5))]
    found = replay(keyed(KeyPart("HTTP_HEADER", "User-Agent")), log, with_core_rules=False)
    assert (found.hits.total(), found.hidden.total()) == (20, 0)


def test_all_clients_of_a_path_share_what_counts_by_paths() -> None:
    log = [each._replace(client=f"198.51.100.{n}") for n, each in enumerate(many(30, 1.0))]
    assert replay(keyed(KeyPart("HTTP_PATH")), log, with_core_rules=False).hits.total() == 10
    assert replay(EDGE, log, with_core_rules=False).hits.total() == 0


@pytest.mark.parametrize(("written", "refused"), [("t13d1516h2_8daaf6152771_b186095e22b6", 10), (None, 0)])
def test_a_fingerprint_counts_where_the_log_has_it(written: str | None, refused: int) -> None:
    edge = keyed(KeyPart("USER_IP"), KeyPart("TLS_JA4_FINGERPRINT"))
    found = replay(edge, many(30, 1.0, ASKED._replace(ja4=written)), with_core_rules=False)
    assert (found.hits.total(), found.hidden.total()) == (refused, 0 if written else 30)


def test_who_came_past_the_proxy_is_refused() -> None:
    found = replay(EDGE, [ASKED._replace(connected="203.0.113.9", client=None)], with_core_rules=False)
    ((hit, _),) = found.hits.items()
    assert (hit.priority, hit.client) == (2147483647, "203.0.113.9")


def test_requests_for_other_hosts_and_for_no_journey_are_counted_apart() -> None:
    log = [ASKED._replace(host="other.example"), ASKED]
    assert replay(EDGE, log, with_core_rules=False).others == 1
    edge = edge_of("usage-api")
    nowhere = ASKED._replace(host=edge.host, uri="/nowhere")
    assert replay(edge, [nowhere], with_core_rules=False).nobody == 1


@pytest.mark.parametrize("path", ["/customers/%73ign_in", "/x/../customers/sign_in", "//customers/sign_in"])
def test_a_path_that_may_be_of_another_journey_is_undecided(path: str) -> None:
    found = replay(EDGE, [ASKED._replace(uri=path)], with_core_rules=False)
    assert (found.hidden.total(), found.undecided.total(), found.unasked) == (1, 1, 0)


def test_a_time_without_requests_is_a_day_of_the_log_at_most() -> None:
    week = [ASKED._replace(at=86400.0 * day / 2) for day in range(15)]
    assert replay(EDGE, week, with_core_rules=False).days == 7
    assert replay(EDGE, [week[0], week[-1]], with_core_rules=False).days == 1
    assert replay(EDGE, [week[0]], with_core_rules=False).days == 0


def test_a_log_of_other_hosts_says_nothing_and_is_no_pass(home: Path, tmp_path: Path) -> None:
    entry = {
        "timestamp": "2026-11-01T00:00:00Z",
        "httpRequest": {
            "requestMethod": "GET",
            "requestUrl": "https://other.example/",
            "remoteIp": "198.51.100.7",
            "status": 200,
        },
    }
    (tmp_path / "log").write_text(json.dumps(entry))
    run = pave(home, "edge", "replay", "customersdot", "--log", str(tmp_path / "log"))
    assert run.exit_code == 3
    assert "None of 1 requests is for a journey of this host" in run.stdout


def test_without_core_rules_each_request_is_said_to_be_undecided() -> None:
    assert replay(EDGE, many(3, 60.0), with_core_rules=False).unasked == 3


def test_a_rule_in_preview_counts_as_if_it_were_enforced_and_its_digest_stays() -> None:
    previewed = [
        msgspec.structs.replace(
            policy,
            rules=[
                msgspec.structs.replace(each, rule=msgspec.structs.replace(each.rule, preview=True))
                for each in policy.rules
            ],
        )
        for policy in EDGE.policies
    ]
    edge = msgspec.structs.replace(EDGE, policies=previewed)
    log = many(30, 1.0)
    assert replay(edge, log, with_core_rules=False).hits == replay(EDGE, log, with_core_rules=False).hits
    assert digests(edge) == digests(EDGE)


def digests(edge: HostEdge) -> list[str]:
    return [policy_digest(edge, policy) for policy in edge.policies]


THROTTLE = RateLimit(
    requests=3, per_seconds=60, action="throttle", ban_seconds=600, mode="enforce", previewed_on=None
)
BAN = msgspec.structs.replace(THROTTLE, action="ban")


@given(st.lists(st.floats(0, 50), max_size=30), st.integers(1, 500))
def test_in_no_period_a_throttle_lets_through_more_than_its_number(gaps: list[float], requests: int) -> None:
    limit, counter, at = msgspec.structs.replace(THROTTLE, requests=requests), Allowances(), 0.0
    through: list[float] = []
    for gap in gaps:
        at += gap
        if not counter.exceeds(("one",), limit, at):
            through.append(at)
    # A period begins with a request, so any sixty seconds meet two at most.
    assert all(sum(begin <= each < begin + 60 for each in through) <= 2 * requests for begin in through)


def test_a_ban_ends_when_it_says_and_is_the_clients_own() -> None:
    counter = Allowances()
    said = [counter.exceeds(("one",), BAN, at) for at in (0, 1, 2, 3, 4, 602, 603, 604)]
    assert said == [False, False, False, True, True, True, False, False]
    assert not counter.exceeds(("two",), BAN, 605)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    attack = '"GET /?id=1%27%20OR%20%271%27=%271&key=s3cret HTTP/1.1" 200 5 "-" "Mozilla/5.0"'
    (tmp_path / "access.log").write_text(f"198.51.100.7 - - [01/Nov/2026:00:00:09 +0000] {attack}\n")
    return tmp_path / "access.log"


@pytest.mark.edge
def test_a_false_alarm_is_told_by_its_path_without_the_values_and_kept_for_others(
    home: Path, log: Path, tmp_path: Path
) -> None:
    require_built(core_rules.BUILT, "python tools/build.py core-rules")
    run = pave(
        home, "edge", "replay", "customersdot", "--log", str(log), "--save", str(tmp_path / "kept.json")
    )
    assert run.exit_code == 1, run.stderr
    assert "/?id=…&key=…" in run.stdout
    kept = (tmp_path / "kept.json").read_text("utf-8")
    assert "s3cret" not in run.stdout + kept
    report = json.loads(kept)
    assert (report["kind"], report["refused"], report["answered"]) == ("EdgeReplayReport", 1, 1)
    assert "owasp-crs-v042200-id942100-sqli" in [
        each["name"] for each in report["rules"][0]["worstSignatures"]
    ]
    assert len(report["logDigest"]) == 64


@pytest.mark.edge
def test_requests_of_the_core_rules_themselves_are_refused_and_never_evidence(
    home: Path, tmp_path: Path
) -> None:
    require_built(core_rules.BUILT, "python tools/build.py core-rules")
    (tmp_path / "942100.yaml").write_text(SUITE)
    words = ("--log", str(tmp_path / "942100.yaml"), "--save", str(tmp_path / "kept.json"))
    run = pave(home, "edge", "replay", "customersdot", *words)
    assert run.exit_code == 0, run.output
    report = json.loads((tmp_path / "kept.json").read_text())
    assert (report["requests"], report["refused"], report["answered"], report["days"]) == (2, 1, 0, 0.0)
    assert "These are requests of a test" in run.stdout
    run = pave(home, "edge", "evidence", "customersdot", str(tmp_path / "kept.json"), "--format", "json")
    assert "evidence" not in {each["says"] for each in json.loads(run.stdout)["policies"]}


@pytest.mark.parametrize("words", [["replay", "--log"], ["evidence"]])
def test_where_nothing_stands_in_front_no_silence_is_a_pass(home: Path, log: Path, words: list[str]) -> None:
    spec = "catalog/examples/customersdot-today.yaml"
    run = pave(home, "edge", words[0], spec, *words[1:], str(log))
    assert run.exit_code == 2
    assert "there is no rule to ask" in run.stderr


def test_what_is_not_known_waits(home: Path, log: Path) -> None:
    run = pave(home, "edge", "replay", "customersdot", "--log", str(log), "--without-core-rules")
    assert run.exit_code == 3
    assert "core rules weren't asked" in run.stdout
