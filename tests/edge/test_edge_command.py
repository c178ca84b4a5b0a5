"""`pave edge`, as its users meet it."""

import json
import shutil
from pathlib import Path

import pytest

from pave.edge import core_rules
from tests.built import require_built
from tests.command import pave


@pytest.fixture
def real_core_rules() -> None:
    require_built(core_rules.BUILT, "python tools/build.py core-rules")


@pytest.fixture
def without_core_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_rules, "BUILT", tmp_path / "core-rules")


def test_a_host_shows_the_rules_of_the_plan_with_their_owners_and_places(home: Path) -> None:
    report = json.loads(pave(home, "edge", "show", "customers.acme.example", "--format", "json").stdout)
    assert report["kind"] == "EdgeReport"
    policy = next(each for each in report["policies"] if each["name"] == "customersdot-purchase")
    limit = next(each for each in policy["rules"] if each["rule"]["limit"] is not None)
    (owner,) = limit["owners"]
    assert owner["team"] == "fulfillment-platform"
    file, line, _ = owner["source"].rsplit(":", 2)
    assert "rateLimit: {requests: 30" in (home / file).read_text("utf-8").splitlines()[int(line) - 1]


def test_a_service_and_its_host_show_the_same(home: Path) -> None:
    by_name = pave(home, "edge", "show", "usage-api", "--env", "staging")
    by_host = pave(home, "edge", "show", "usage-api.staging.acme.example.")
    assert by_name.exit_code == 0, by_name.stderr
    assert by_name.stdout == by_host.stdout


def test_an_unknown_host_names_those_that_are_there(home: Path) -> None:
    run = pave(home, "edge", "show", "customer.acme.example")
    assert run.exit_code == 2
    assert "Did you mean `customers.acme.example`?" in run.stderr


def test_machines_that_a_name_leads_to_are_shown_as_unguarded(home: Path) -> None:
    run = pave(home, "edge", "show", "catalog/examples/customersdot-today.yaml")
    assert "no rule stands in front of them" in run.stdout


def test_what_is_for_employees_says_who_gets_through(home: Path) -> None:
    run = pave(home, "edge", "test", "lunch-menu", "--request", "GET /")
    assert "only members of employees@acme.example get through" in " ".join(run.stdout.split())
    assert "members of employees@acme.example alone" in pave(home, "edge", "show", "lunch-menu").stdout


def test_nobody_gets_in_to_what_has_no_host(home: Path) -> None:
    run = pave(home, "edge", "show", "invoice-archive")
    assert run.exit_code == 2
    assert "no way in" in run.stderr


@pytest.mark.edge
@pytest.mark.usefixtures("real_core_rules")
def test_an_attack_is_refused_and_the_answer_says_by_which_core_rule(home: Path) -> None:
    words = (
        "edge",
        "test",
        "customersdot",
        "--request",
        "GET /customers/sign_in?id=1%27%20OR%20%271%27=%271",
    )
    run = pave(home, *words, "--format", "json")
    report = json.loads(run.stdout)
    assert (run.exit_code, report["does"], report["decided"]) == (1, "refused", 1000)
    assert any(each.startswith("owasp-crs-v042200-id942100-sqli") for each in report["recognised"])


@pytest.mark.edge
@pytest.mark.usefixtures("real_core_rules")
def test_an_attack_in_a_body_is_seen(home: Path, tmp_path: Path) -> None:
    (tmp_path / "form").write_text("user=a&pass=x' union select 1,2,3 from b--")
    words = (
        "edge",
        "test",
        "customersdot",
        "--request",
        "POST /customers/sign_in",
        "--body",
        str(tmp_path / "form"),
    )
    assert pave(home, *words).stdout.startswith("REFUSED by rule 1000")


@pytest.mark.edge
@pytest.mark.usefixtures("real_core_rules")
def test_a_rate_that_no_limit_is_asked_about_says_that_nothing_limits_the_client(home: Path) -> None:
    words = ("edge", "test", "lunch-menu", "--request", "GET /")
    assert "Nothing limits this client" in pave(home, *words, "--rate", "500/1m").stdout
    assert "Nothing limits this client" not in pave(home, *words).stdout
    limited = ("edge", "test", "customersdot", "--request", "POST /customers/sign_in", "--rate", "50/1m")
    report = json.loads(pave(home, *limited, "--format", "json").stdout)
    assert (bool(report["limits"]), report["unlimited"]) == (True, False)


@pytest.mark.edge
@pytest.mark.usefixtures("real_core_rules")
def test_a_rate_says_at_which_request_the_limit_bites(home: Path) -> None:
    words = (
        "edge",
        "test",
        "customersdot",
        "--request",
        "POST /customers/sign_in",
        "--header",
        "User-Agent: a",
    )
    run = pave(home, *words, "--rate", "50/1m")
    assert run.exit_code == 1
    assert "number 21 meets the limit" in run.stdout
    assert pave(home, *words, "--rate", "10/1m").exit_code == 0


@pytest.mark.usefixtures("without_core_rules")
def test_without_core_rules_the_answer_waits_and_says_what_builds_them(home: Path) -> None:
    run = pave(home, "edge", "test", "customersdot", "--request", "GET /customers/sign_in")
    assert run.exit_code == 3
    assert run.stdout.startswith("UNDECIDED")
    said = " ".join(run.stdout.split())
    assert "tools/build.py core-rules" in said
    assert "If no core rule recognises it: ANSWERED: web gets it" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--request", "sign_in"], "is no request"),
        (["--request", "GET /", "--header", "x"], "is no header"),
        (["--request", "GET /", "--ip", "1.2.3"], "is no address"),
        (["--request", "GET /", "--header", "Host: other.example"], "is another host"),
        (["--request", "GET /", "--rate", "many"], "is no rate"),
        (["--request", "GET /", "--body", "nowhere.txt"], "nowhere.txt can't be read"),
        (["--request", "get /"], "its method in capitals"),
        (["--request", "GET /ü"], "letters beyond ASCII as `%C3%BC`"),
        (["--request", "GET /", "--ip", "fe80::1%eth0"], "is no address"),
        (["--request", "GET /", "--region", "deu"], "is no country"),
        (["--request", "GET /", "--region", ""], "is no country"),
        (["--request", f"GET /{'a' * 70_000}"], "and refuses more before any rule is asked"),
        (["--request", "GET /", "--header", f"X: {'a' * 70_000}"], "takes 65,536"),
    ],
)
def test_words_that_mean_no_request_are_refused(home: Path, words: list[str], said: str) -> None:
    run = pave(home, "edge", "test", "usage-api", *words)
    assert run.exit_code == 2
    assert said in run.stderr


def test_two_services_that_say_one_host_are_shown_together(home: Path, tmp_path: Path) -> None:
    """A check refuses it; here it is seen whose rules they are."""
    shutil.copytree(home / "catalog", tmp_path / "catalog")
    menu = tmp_path / "catalog/services/lunch-menu.yaml"
    menu.write_text(menu.read_text("utf-8") + "  edge: {host: customers.acme.example}\n", "utf-8")
    report = json.loads(pave(tmp_path, "edge", "show", "lunch-menu", "--format", "json").stdout)
    assert report["services"] == ["customersdot", "lunch-menu"]


LIMIT = "rateLimit: {requests: 20, perSeconds: 60, mode: enforce, previewedOn: 2026-09-01"


@pytest.fixture
def by_token(home: Path, tmp_path: Path) -> Path:
    """The shipped catalog, whose sign-in tells clients by a header and their address."""
    shutil.copytree(home / "catalog", tmp_path / "catalog")
    spec = tmp_path / "catalog/services/customersdot.yaml"
    text = spec.read_text("utf-8")
    assert LIMIT in text
    spec.write_text(text.replace(LIMIT, f"{LIMIT}, key: {{by: [address], header: X-Api-Key}}"), "utf-8")
    return tmp_path


def test_a_key_is_shown_with_what_a_client_may_do_all_the_same(by_token: Path) -> None:
    shown = " ".join(pave(by_token, "edge", "show", "customersdot").stdout.split())
    assert "told by the address that the proxy names together with its header X-Api-Key" in shown
    assert "Whoever writes another X-Api-Key with each request has a new allowance each time" in shown


@pytest.mark.edge
@pytest.mark.usefixtures("real_core_rules")
@pytest.mark.parametrize(("headers", "lacks"), [(["X-Api-Key: one"], False), ([], True)])
def test_a_request_is_counted_by_the_key_and_said_to_lack_what_it_has_not(
    by_token: Path, headers: list[str], lacks: bool
) -> None:
    given = [word for header in ["User-Agent: a", *headers] for word in ("--header", header)]
    words = ("edge", "test", "customersdot", "--request", "POST /customers/sign_in", "--rate", "50/1m")
    run = pave(by_token, *words, *given)
    said = " ".join(run.stdout.split())
    assert run.exit_code == 1
    assert "number 21 meets the limit" in said
    assert ("it has no header X-Api-Key" in said) == lacks


@pytest.mark.parametrize(
    ("path", "read_as"),
    [
        ("/customers/%73ign_in", "/customers/sign_in"),
        ("//customers//sign_in", "/customers/sign_in"),
        ("/trials/../customers/sign_in", "/customers/sign_in"),
        ("/customers%2Fsign_in", "/customers/sign_in"),
    ],
)
def test_a_path_that_may_be_read_as_one_of_another_journey_is_undecided(
    home: Path, path: str, read_as: str
) -> None:
    run = pave(home, "edge", "test", "customersdot", "--request", f"GET {path}", "--format", "json")
    report = json.loads(run.stdout)
    assert (run.exit_code, report["does"], report["otherwise"]) == (3, "undecided", None)
    assert f"may be read as `{read_as}`, which belongs to sign-in" in report["why"]


@pytest.mark.usefixtures("real_core_rules")
@pytest.mark.edge
def test_what_is_refused_either_way_is_refused(home: Path) -> None:
    run = pave(home, "edge", "test", "customersdot", "--request", "GET /../../customers/sign_in")
    assert run.exit_code == 1, run.stdout
    assert run.stdout.startswith("REFUSED by rule 1000")


@pytest.mark.parametrize("host", ["CUSTOMERS.acme.example", "customers.acme.example:443"])
def test_a_host_is_the_same_in_capitals_and_with_its_port(home: Path, host: str) -> None:
    run = pave(home, "edge", "test", "customersdot", "--request", "GET /", "--header", f"Host: {host}")
    assert run.exit_code in {0, 3}, run.stderr


def test_the_header_for_the_client_is_the_proxys_to_write_and_believed_of_who_comes_past_it(
    home: Path,
) -> None:
    words = (
        "edge",
        "test",
        "customersdot",
        "--request",
        "GET /",
        "--header",
        "CF-Connecting-IP: 198.51.100.9",
    )
    assert "itself writes CF-Connecting-IP" in pave(home, *words).stderr
    report = json.loads(pave(home, *words, "--past-proxy", "--ip", "203.0.113.5", "--format", "json").stdout)
    assert (report["client"], report["connects"]) == ("198.51.100.9", "203.0.113.5")
