"""Waivers: what they allow, until when, and what is wrong with them."""

import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.days import days_since_epoch
from catalog.document import Document
from catalog.kinds.waiver import Waiver
from catalog.loader import load
from catalog.yaml.text import parse
from pave.checking.judge import Judge, judge_documents
from policies.decision import Decision, Finding
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from policies.waivers import LONGEST_DAYS, counts_today
from tests.shipped import NAMED_BY_SERVICES

HOME = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)
RULE = "reliability/database-is-regional"
WAIVER = """# yaml-language-server: $schema=../schema/waiver.schema.json
apiVersion: pave/v1
kind: Waiver
metadata: {{name: db-in-one-zone}}
spec:
  rule: {rule}
  service: customersdot
  environment: production
  path: {path}
  reason: The move waits for the vendor's maintenance window in January.
  owner: {owner}
  ticket: https://example.com/issues/1
  requestedBy: ada
  approvedBy: {approver}
  granted: {granted}
  expires: {expires}
"""
GOOD = {
    "rule": RULE,
    "path": "spec.stores[db].availability",
    "owner": "fulfillment-platform",
    "approver": "grace",
    "granted": "2026-11-01",
    "expires": "2027-01-15",
}
Ask = Callable[..., Decision]


@pytest.fixture
def ask(bundle: Bundle, tmp_path: Path) -> Ask:
    """The decision on customersdot with a zonal database and one waiver."""
    for folder in (*NAMED_BY_SERVICES, "services"):
        shutil.copytree(HOME / "catalog" / folder, tmp_path / folder)
    (tmp_path / "waivers").mkdir()
    spec = tmp_path / "services" / "customersdot.yaml"
    sound = spec.read_text("utf-8")

    def run(
        today: date = TODAY, *, zonal: bool = True, beside: Sequence[dict[str, str]] = (), **changes: str
    ) -> Decision:
        spec.write_text(
            sound.replace("availability: regional", "availability: zonal", 1) if zonal else sound, "utf-8"
        )
        text = WAIVER.format(**{**GOOD, **changes})
        (tmp_path / "waivers" / "db-in-one-zone.yaml").write_text(text, "utf-8")
        for number, other in enumerate(beside):
            text = WAIVER.format(**{**GOOD, **other}).replace("db-in-one-zone", f"db-{number}")
            (tmp_path / "waivers" / f"db-{number}.yaml").write_text(text, "utf-8")
        catalog = load(tmp_path)
        assert catalog.problems == []
        judge = Judge(catalog, lambda: EmbeddedEngine(bundle), bundle.rules, today)
        documents = [
            catalog.documents["Service"]["customersdot"],
            catalog.documents["Waiver"]["db-in-one-zone"],
        ]
        decisions, problems = judge_documents(catalog, documents, "production", judge)
        assert problems == []
        return decisions[0]

    return run


def waived(decision: Decision) -> list[Finding]:
    return [finding for finding in decision.findings if finding.waiver is not None]


def said(decision: Decision) -> list[str]:
    return [
        f"{f.rule.split('/')[1]}: {f.message}" for f in decision.findings if f.rule.startswith("waivers/")
    ]


def is_blocked_by(decision: Decision, rule: str) -> bool:
    return any(finding.rule == rule and finding.blocking for finding in decision.findings)


def test_a_sound_waiver_lets_one_finding_through_and_stays_visible(ask: Ask) -> None:
    decision = ask()
    assert [(f.rule, f.waiver, f.blocking) for f in waived(decision)] == [(RULE, "db-in-one-zone", False)]
    assert (decision.counts.waived, said(decision)) == (1, [])


def test_a_waiver_is_for_one_place_only(ask: Ask) -> None:
    decision = ask(path="spec.stores[redis].availability")
    assert is_blocked_by(decision, RULE)
    assert said(decision) == [f"unused: Nothing breaks {RULE} at spec.stores[redis].availability."]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expires": "2026-11-20"}, f"expired: The waiver of {RULE} ended on 2026-11-20."),
        ({"approver": "Ada"}, "self-approved: Ada asked for it and approved it."),
        ({"expires": "2027-01-31"}, "over-long: It holds for 91 days, not at most 90."),
        ({"granted": "2026-12-01"}, "not-yet-granted: It holds from 2026-12-01 on."),
        ({"rule": "reliability/no-such-rule"}, "dangling: There is no rule reliability/no-such-rule."),
        (
            {"path": "spec.stores[gone].availability"},
            "dangling: There is no place spec.stores[gone].availability.",
        ),
    ],
)
def test_an_unsound_waiver_lets_nothing_through_and_is_a_finding(
    ask: Ask, changes: dict[str, str], message: str
) -> None:
    decision = ask(**changes)
    assert waived(decision) == []
    assert is_blocked_by(decision, RULE)
    assert message in said(decision)


@pytest.mark.parametrize(
    ("over", "sound"), [("db-in-one-zone", "db-0"), ("db-0", "db-in-one-zone")], ids=["later", "earlier"]
)
def test_one_that_is_over_does_not_shadow_a_sound_one(ask: Ask, over: str, sound: str) -> None:
    ended = {"granted": "2026-08-01", "expires": "2026-10-01"}
    decision = ask(**ended, beside=[{}]) if over == "db-in-one-zone" else ask(beside=[ended])
    assert [one.waiver for one in waived(decision)] == [sound]
    assert said(decision) == [f"expired: The waiver of {RULE} ended on 2026-10-01."]


def test_waivers_in_a_row_are_stopped(ask: Ask) -> None:
    quarters = [TODAY + timedelta(days=90 * n) for n in range(1, 9)]
    row = [
        {"granted": begin.isoformat(), "expires": (begin + timedelta(days=90)).isoformat()}
        for begin in quarters
    ]
    decision = ask(beside=row)
    assert len([one for one in said(decision) if one.startswith("granted-ahead: ")]) == 8
    assert is_blocked_by(decision, "waivers/granted-ahead")


def test_the_next_one_may_be_granted_when_the_end_is_seen_coming(ask: Ask) -> None:
    renewed = ask(date(2027, 1, 5), beside=[{"granted": "2027-01-15", "expires": "2027-04-10"}])
    assert not is_blocked_by(renewed, "waivers/granted-ahead")


def test_a_waiver_that_nothing_needs_blocks_until_it_is_deleted(ask: Ask) -> None:
    decision = ask(zonal=False)
    assert said(decision) == [f"unused: Nothing breaks {RULE} at spec.stores[db].availability."]
    assert is_blocked_by(decision, "waivers/unused")


def test_a_waiver_close_to_its_end_warns_and_still_counts(ask: Ask) -> None:
    assert said(ask(date(2027, 1, 1))) == []
    decision = ask(date(2027, 1, 2))
    assert said(decision) == [f"ends-soon: The waiver of {RULE} ends on 2027-01-15, in 13 days."]
    assert len(waived(decision)) == 1


def test_a_waivers_finding_points_into_its_file(ask: Ask) -> None:
    finding = next(f for f in ask(expires="2026-11-20").findings if f.rule == "waivers/expired")
    assert (finding.document, finding.path, finding.line) == (
        "waivers/db-in-one-zone.yaml",
        "spec.expires",
        16,
    )


@given(st.dates(date(2026, 10, 1), date(2027, 3, 1)), st.integers(0, 200))
def test_no_day_and_no_length_lets_an_ended_or_over_long_waiver_count(today: date, length: int) -> None:
    expires = date(2026, 11, 1) + timedelta(days=length)
    text = WAIVER.format(**{**GOOD, "expires": expires.isoformat()}).encode()
    document = Document("waivers/db-in-one-zone.yaml", text, parse(text, "waivers/db-in-one-zone.yaml"))
    waiver = Waiver.of(document)
    is_in_force = date(2026, 11, 1) <= today <= expires and length <= LONGEST_DAYS
    assert counts_today(waiver, {}, days_since_epoch(today)) == is_in_force
