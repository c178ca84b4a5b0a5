"""What the last operation on a stack has left open."""

from typing import Any

import pytest

from catalog.kinds.environment import Environment
from catalog.loader import load
from pave.asked_rules import SHIPPED
from pave.delivery.command_line import CommandLine
from pave.delivery.drift import describe_drift, tally
from pave.delivery.engine.target import AskedCloud
from pave.delivery.reports import DriftReport, StackDrift
from pave.delivery.unfinished import Ended, LastOperation, Unfinished, unfinished, waiting_for
from pave.finding import STATE
from pave.reviewing.delegation import misled
from stacks.providers.edge import ZONE
from tests.repository import HOME

STACK = "service.lunch-menu.production"
REFRESHED = ("refresh", "succeeded")


def left(*history: tuple[str, ...], is_cut_off: bool = False, resources: int = 4) -> Unfinished | None:
    return unfinished(
        LastOperation([Ended(*each, *[""][: 3 - len(each)]) for each in history], is_cut_off, resources)
    )


@pytest.mark.parametrize(
    ("history", "why", "verb"),
    [
        ([], None, None),
        ([("update", "succeeded", "anything")], None, None),
        ([("update", "failed")], "failed", "up"),
        ([("update", "in-progress")], "failed", "up"),
        ([REFRESHED, ("import", "succeeded"), ("update", "failed")], "failed", "up"),
        ([("update", "succeeded"), ("update", "failed")], None, None),
        ([("destroy", "failed"), ("update", "succeeded")], "failed", "destroy"),
        ([("destroy", "succeeded"), ("update", "failed")], "kept", "up"),
    ],
)
def test_what_failed_or_was_taken_down_in_part_is_unfinished_until_an_update_ends_well(
    history: list[tuple[str, ...]], why: str | None, verb: str | None
) -> None:
    found = left(*history)
    assert (found and found.why, found and found.verb) == (why, verb)


def test_an_update_that_was_cut_off_is_unfinished_whatever_ended_before() -> None:
    found = left(("update", "succeeded"), is_cut_off=True)
    assert found is not None
    assert (found.why, found.verb) == ("cut-off", "up")


def test_an_update_that_left_out_what_waits_for_secrets_says_so_in_its_message() -> None:
    assert waiting_for([]) is None
    found = left(("update", "succeeded", waiting_for(["api-key", "token"]) or ""))
    assert found is not None
    assert (found.why, found.secrets) == ("waits", ["api-key", "token"])


def described(*stacks: StackDrift) -> tuple[str, int]:
    report = DriftReport(cloud="local", stacks=[*stacks], absent=[], unlisted=[])
    line = CommandLine("", HOME / "catalog", AskedCloud("local", STATE), (), SHIPPED)
    lines = [each.text for each in describe_drift(report, lambda _: "", line)]
    assert lines[-1] == tally(report)
    return "\n".join(lines), report.exit_code


def test_a_stack_that_is_not_finished_is_never_as_left_and_says_what_is_next() -> None:
    waits = left(("update", "succeeded", waiting_for(["k"]) or ""))
    for open_, following in (
        (left(("update", "failed")), f"next: pave up {STACK} --catalog"),
        (waits, f"where it has no value yet: pave secrets set {STACK} --catalog"),
        (left(("destroy", "succeeded")), f"or, when it may go too: pave destroy {STACK} --catalog"),
    ):
        text, code = described(StackDrift(STACK, unfinished=open_), StackDrift("service.b.production"))
        assert f"AS LEFT  {STACK}" not in text
        assert f"UNFINISHED  {STACK}: " in text
        assert following in text
        assert "2 stacks: 1 as left, 1 unfinished" in text
        assert code == 1


def state_with(*servers: str) -> list[dict[str, Any]]:
    return [{"type": ZONE, "outputs": {"nameServers": list(servers)}}]


def test_a_file_that_leads_elsewhere_than_to_the_zone_is_a_finding_with_what_to_write() -> None:
    environment = load(HOME / "catalog").find(Environment, "staging")
    assert environment is not None
    written = [f"ns-cloud-d{number}.googledomains.com" for number in range(1, 5)]
    assert (
        misled(environment, []) is misled(environment, state_with(*(f"{each}." for each in written))) is None
    )
    wrong = misled(environment, state_with("ns1.example.", "ns2.example."))
    assert wrong is not None
    assert (wrong.written, wrong.made) == (written, ["ns1.example", "ns2.example"])
    text, code = described(StackDrift(STACK, misled=wrong))
    assert f"MISLED  {STACK}" in text
    assert "write there, and in the zone above, spec.dns.delegation: {nameServers: [ns1.example, ns2." in text
    assert code == 1
