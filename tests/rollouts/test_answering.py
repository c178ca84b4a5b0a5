"""How a command about rollouts answers where nothing runs, and what it says of a decision as data."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from pave.reports.schemas import published
from pave.rollouts.answering import decision_report
from pave.rollouts.deciding import RolloutDecision
from stacks.rollouts.changing import ObjectChange
from tests.command import pave
from tests.rollouts.served import DIGESTS

WORDS = {
    "status": ("RolloutReport", ()),
    "wait": ("RolloutReport", ()),
    "history": ("RolloutHistoryReport", ()),
    "start": ("RolloutDecisionReport", ("--image", DIGESTS["1"])),
    "promote": ("RolloutDecisionReport", ()),
    "pause": ("RolloutDecisionReport", ()),
    "abort": ("RolloutDecisionReport", ()),
    "lift": ("RolloutDecisionReport", ("--reason", "seen")),
}


@pytest.mark.parametrize("word", WORDS)
def test_where_nothing_runs_every_command_says_so_in_words_and_as_data(home: Path, word: str) -> None:
    kind, options = WORDS[word]
    about = ("rollout", word, "lunch-menu", "--cloud", "local", *options)
    said = pave(home, *about)
    assert (said.exit_code, "Nothing of lunch-menu runs" in said.stdout) == (0, True), said.output
    told = pave(home, *about, "--format", "json")
    assert told.exit_code == 0, told.output
    report = json.loads(told.stdout)
    Draft202012Validator(json.loads(published(kind).read_text("utf-8"))).validate(report)
    assert (report["kind"], report["service"]) == (kind, "lunch-menu")


def test_an_image_that_comes_to_nothing_is_refused(home: Path) -> None:
    done = pave(home, "rollout", "start", "invoice-archive", "--image", DIGESTS["1"])
    assert (done.exit_code, "is changed in its spec" in done.stderr) == (2, True), done.output


CHANGE = ObjectChange("/apis/x", {})
DONE = RolloutDecision([CHANGE], ["web: on from step 1 of 4 (5 %)."])
NOTHING = RolloutDecision(says=["api: it is paused already."])
REFUSED = RolloutDecision(refused="jobs: its copies are still coming up.", instead="abort")


@pytest.mark.parametrize(
    ("found", "acted", "outcome", "changes"),
    [
        ({"web": DONE, "api": NOTHING}, True, "done", [True, False]),
        ({"web": DONE, "api": NOTHING}, False, "waits", [True, False]),
        ({"web": DONE, "jobs": REFUSED}, True, "refused", [False, False]),
        ({"api": NOTHING}, False, "nothing", [False]),
        ({}, True, "nothing", []),
    ],
)
def test_a_decision_is_told_by_workload(
    shipped: Path, found: dict[str, RolloutDecision], acted: bool, outcome: str, changes: list[bool]
) -> None:
    service = service_at(load(shipped, []), "customersdot", "production")
    assert isinstance(service, Service)
    report = decision_report(service, "https://a-cluster", found, acted=acted)
    assert (report.outcome, [each.changes for each in report.workloads]) == (outcome, changes)
    for each in report.workloads:
        if each.refused is not None:
            assert each.refused == "its copies are still coming up."
            assert each.instead == "pave rollout abort customersdot"
