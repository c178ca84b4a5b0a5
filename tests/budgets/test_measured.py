"""What is read of a server's answer, and what is none."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from components.design.monitoring.budget import Ratios
from pave.budgets.overview import as_text, overview
from pave.budgets.report import BudgetReport
from stacks.budgets.measured import Measured, NotMeasured, measured
from tests.command import pave

ANSWER = Path(__file__).with_name("customersdot.json")


def answer(*series: tuple[str, str], **labels: str) -> bytes:
    known = {"service": "portal", "cell": "production", "sli": "web", **labels}
    result: list[Any] = [
        {"metric": {"__name__": f"sli:bad_ratio:rate{window}", **known}, "value": [1, value]}
        for window, value in series
    ]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode()


def test_of_two_replicas_the_worse_counts() -> None:
    found = measured(answer(("28d", "0.1"), ("28d", "0.2"), ("6h", "0")), "here", "production", "portal")
    assert found == Measured({"web": Ratios(0.2, 0.0)}, 1)


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1", "1.5", "much"])
def test_what_is_no_share_is_unknown(value: str) -> None:
    assert measured(answer(("28d", value)), "here", "production", "portal") == Measured({}, 0)


@pytest.mark.parametrize("labels", [{"service": "other"}, {"cell": "staging"}])
def test_what_is_measured_of_others_is_not_ours(labels: dict[str, str]) -> None:
    assert measured(answer(("28d", "0"), **labels), "here", "production", "portal") == Measured({}, 0)


NOT_ALL = [
    b'{"status": "error", "data": {"resultType": "vector", "result": []}}',
    b'{"status": "success", "isPartial": true, "data": {"resultType": "vector", "result": []}}',
]


@pytest.mark.parametrize("text", [b"", b"[]", b'{"status": "error"}', b"<html>", b"\xff", *NOT_ALL])
def test_what_is_no_answer_is_refused(text: bytes) -> None:
    with pytest.raises(NotMeasured, match="no answer of Prometheus"):
        measured(text, "here", "production", "portal")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--from", str(ANSWER)], 1),
        ([], 2),
        (["--url", "http://127.0.0.1:9", "--from", str(ANSWER)], 2),
        (["--url", "ftp://metrics.acme.example"], 2),
        (["--url", "http://127.0.0.1:9"], 2),
        (["--from", "nowhere.json"], 2),
        (["--env", "staging", "--from", str(ANSWER)], 3),
    ],
)
def test_it_ends_with_1_when_a_budget_is_exhausted_and_with_3_when_nobody_knows(
    home: Path, words: list[str], code: int
) -> None:
    done = pave(home, "budget", "customersdot", *words)
    assert (done.exit_code, "Traceback" in done.output) == (code, False), done.output


def test_what_a_server_answered_can_be_kept_and_read_again(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    words = ("budget", "customersdot", "--format", "json")
    first = pave(home, *words, "--from", str(ANSWER), "--save", str(kept))
    again = json.loads(pave(home, *words, "--from", str(kept)).stdout)
    assert {**again, "source": str(ANSWER)} == json.loads(first.stdout)
    assert again["state"] == "exhausted"


def test_without_a_service_all_are_told_of_and_the_worst_comes_first(home: Path) -> None:
    done = pave(home, "budget", "--from", str(ANSWER), "--format", "json")
    told = json.loads(done.stdout)
    places = [(one["service"], one["environment"]) for one in told["services"]]
    assert done.exit_code == 1
    assert (told["kind"], told["state"], places[0]) == (
        "BudgetOverviewReport",
        "exhausted",
        ("customersdot", "production"),
    )
    assert {("customersdot", "staging"), ("lunch-menu", "production")} <= set(places)
    assert [one["state"] for one in told["services"][1:]] == ["unknown"] * (len(places) - 1), (
        "nobody measured"
    )
    alone = json.loads(pave(home, "budget", "customersdot", "--from", str(ANSWER), "--format", "json").stdout)
    assert told["services"][0] == alone


def test_of_all_services_only_those_of_one_environment_can_be_asked_for(home: Path) -> None:
    done = pave(home, "budget", "--from", str(ANSWER), "--env", "staging", "--format", "json")
    assert done.exit_code == 3
    assert {one["environment"].split(".")[0] for one in json.loads(done.stdout)["services"]} == {"staging"}
    assert pave(home, "budget", "--from", str(ANSWER), "--env", "stagging").exit_code == 2


def test_a_service_that_cannot_be_read_hides_no_other(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "catalog"
    shutil.copytree(home / "catalog", own)
    (own / "services/broken.yaml").write_text("apiVersion: pave/v1\nkind: Service\n")
    done = pave(home, "budget", "--from", str(ANSWER), "--catalog", str(own))
    assert done.exit_code == 2
    assert "broken" in done.stdout
    assert "24.19 of 20.16" in done.stdout


def test_five_that_are_over_together_are_looked_at_together() -> None:
    def over(name: str) -> BudgetReport:
        return BudgetReport(
            service=name,
            environment="production",
            source="here",
            window_days=28,
            state="exhausted",
            budgets=[],
        )

    def said(*names: str) -> str:
        return as_text(overview([over(name) for name in names], []), colour=False, width=100)

    assert "look first for what they share" not in said(*"abcd")
    assert "look first for what they share" in said(*"abcde")
