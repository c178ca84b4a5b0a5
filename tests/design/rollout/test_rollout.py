"""Which workloads get steps, which don't, and whom a step reaches."""

import pytest

from components.design.model import WorkloadDesign
from components.design.rollout.model import RolloutStep
from tests.design.test_service_design import workload

IMAGE = "image: us-docker.pkg.dev/acme-registry/a/b:1"
WEB = f"    - {{name: web, {IMAGE}}}"


def steps(design: WorkloadDesign) -> list[RolloutStep]:
    assert design.rollout is not None
    return design.rollout.steps


def test_each_step_says_how_many_copies_it_gets_and_how_long_it_is_looked_at() -> None:
    found = steps(workload(WEB, "  rollout: {steps: [5, 50, 100], soakMinutes: 10}"))
    assert [(each.weight, each.copies, each.of, each.soak_seconds) for each in found] == [
        (5, 1, 4, 600),
        (50, 2, 4, 600),
        (100, 3, 3, 0),
    ]
    assert found[0].percent == 25


@pytest.mark.parametrize(
    ("asked", "rest"),
    [
        (WEB, "  rollout: {steps: [100]}"),
        (f"    - {{name: clock, kind: worker, {IMAGE}, singleLeader: true}}", "  endpoints: []"),
        (f"    - {{name: bill, kind: cron, {IMAGE}, schedule: 0 4 * * *}}", "  endpoints: []"),
    ],
)
def test_what_nobody_asks_steps_for_or_must_be_alone_has_none(asked: str, rest: str) -> None:
    assert workload(asked, rest).rollout is None


def test_people_turn_back_where_the_owner_says_so() -> None:
    by_hand, by_itself = (workload(WEB, f"  rollout: {{rollback: {who}}}") for who in ("manual", "automatic"))
    assert by_hand.rollout is not None
    assert by_itself.rollout is not None
    assert (by_hand.rollout.turns_back, by_itself.rollout.turns_back) == (False, True)


MIGRATED = (
    "  stores: [{name: db, kind: postgres, migration: {workload: web, command: [migrate], irreversible: %s}}]"
)


@pytest.mark.parametrize(("said", "turns_back", "changed"), [("true", False, ["db"]), ("false", True, [])])
def test_nothing_turns_back_by_itself_from_a_version_that_has_changed_tables_for_good(
    said: str, turns_back: bool, changed: list[str]
) -> None:
    found = workload(WEB, MIGRATED % said).rollout
    assert found is not None
    assert (found.turns_back, found.irreversible) == (turns_back, changed)


def test_an_image_that_does_not_bring_the_migration_turns_back_as_ever() -> None:
    other = "    - {name: mails, kind: worker, image: us-docker.pkg.dev/acme-registry/a/mails:1}"
    found = workload(f"{other}\n{WEB}", MIGRATED % "true").rollout
    assert found is not None
    assert (found.turns_back, found.irreversible) == (True, [])
