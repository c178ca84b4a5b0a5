"""Whether a new version may come to what runs step by step, asked before an update."""

import dataclasses
from datetime import date
from typing import Any, cast

import msgspec
import pytest

from components.workloads.annotations import IRREVERSIBLE
from pave.preflight.asking import planned_stack
from pave.preflight.images import ArtifactImage
from pave.preflight.model import CloudProject, PlannedStack, PreflightFinding
from pave.preflight.questions.rollouts import ask
from pave.workspace import Workspace
from stacks.budgets.running import Running, fingerprints
from stacks.plan import PlannedResource, record_stack
from stacks.providers.kubernetes import ROLLOUT
from stacks.rollouts.model import Lifted, RanVersion, RolledVersion, Undone, WorkloadRollout
from stacks.stack import parse_stack
from tests.repository import HOME

OLD, BAD = (f"us-docker.pkg.dev/acme-registry/app/app@sha256:{digit * 64}" for digit in "12")
UNDONE = Undone("bad", "2026-11-21T10:00:00Z", None, "errors", "errors")


@pytest.fixture(scope="module")
def planned() -> PlannedStack:
    work = Workspace(HOME / "catalog", date(2026, 11, 21))
    stack = parse_stack("service.customersdot.production", work.catalog)
    found = planned_stack(work, stack, record_stack(work.catalog, stack), {})
    (web,) = [each for each in found.resources if (each.type, each.name) == (ROLLOUT, "customersdot-web")]
    return dataclasses.replace(found, resources=[web])


def image(planned: PlannedStack) -> str:
    return str(planned.resources[0].inputs["spec"]["template"]["spec"]["containers"][0]["image"])


def version(name: str, revision: int, role: Any, image: str, *changed: str) -> RolledVersion:
    return RolledVersion(name, revision, role, [image], 6, 6, list(changed))


def running(*versions: RolledVersion, **more: Any) -> WorkloadRollout:
    said: dict[str, Any] = {
        "workload": "web",
        "kind": "Rollout",
        "state": "steady",
        "step": None,
        "steps": 4,
        "share": 100,
        "step_seconds": None,
        "soak_seconds": None,
        "blocks": [],
        "unready": [],
        "analyses": [],
        "undone": None,
        "frozen": None,
        "irreversible": [],
        "skipped": [],
        **more,
    }
    return WorkloadRollout(versions=list(versions), **said)


class There:
    """A cloud in which that runs."""

    def __init__(self, *found: WorkloadRollout, gone: str = "") -> None:
        self.found = found
        self.gone = gone
        self.asked: list[tuple[str, str]] = []

    def workloads(self, cluster: str, namespace: str) -> list[WorkloadRollout]:
        self.asked.append((cluster, namespace))
        return list(self.found)

    def has_image(self, image: ArtifactImage) -> bool:
        return str(image) != self.gone


def answer(planned: PlannedStack, *found: WorkloadRollout) -> PreflightFinding:
    (said,) = ask(planned, cast("CloudProject", There(*found)))
    return said


def test_the_cluster_of_the_environment_is_asked_about_the_services_namespace(planned: PlannedStack) -> None:
    there = There()
    assert [each.answer for each in ask(planned, cast("CloudProject", there))] == ["ok"]
    path = "projects/acme-subscriptions-prod/locations/us-east1/clusters/production-cluster"
    assert there.asked == [(path, "customersdot")]


def test_a_new_version_may_come_to_what_is_steady(planned: PlannedStack) -> None:
    assert answer(planned, running(version("old", 1, "stable", OLD))).answer == "ok"


def test_nothing_new_comes_that_would_go_back_by_itself_to_an_image_that_is_gone(
    planned: PlannedStack,
) -> None:
    there = There(running(version("old", 1, "stable", OLD)), gone=OLD)
    (said,) = ask(planned, cast("CloudProject", there))
    assert (said.answer, OLD in said.what) == ("no", True)
    resource = planned.resources[0]
    inputs = msgspec.json.decode(msgspec.json.encode(resource.inputs))
    inputs["spec"]["progressDeadlineAbort"] = False
    by_hand = dataclasses.replace(planned, resources=[msgspec.structs.replace(resource, inputs=inputs)])
    (said,) = ask(by_hand, cast("CloudProject", there))
    assert said.answer == "ok"


def test_going_back_to_what_ran_before_passes_a_freeze(planned: PlannedStack) -> None:
    ran = [RanVersion("older", [image(planned)])]
    now = running(version("old", 1, "stable", OLD), frozen=UNDONE, ran=ran)
    assert answer(planned, now).what == "goes back to what ran before"


def test_going_back_to_what_only_the_last_updates_know_of_passes_a_freeze(planned: PlannedStack) -> None:
    work = Workspace(HOME / "catalog", date(2026, 11, 21))
    stack = parse_stack("service.customersdot.production", work.catalog)
    plan = record_stack(work.catalog, stack)
    ran = fingerprints(plan)
    now = running(version("old", 1, "stable", OLD), frozen=UNDONE)
    for earlier, said in (([ran], "ok"), ([], "no")):
        before = Running({**ran, "image": "another"}, earlier)
        found = planned_stack(work, stack, plan, {}, before=before)
        assert answer(dataclasses.replace(found, resources=planned.resources), now).answer == said


def test_going_back_to_what_all_copies_are_of_asks_for_no_image_to_go_back_to(planned: PlannedStack) -> None:
    of = image(planned)
    there = There(running(version("bad", 2, "new", BAD), version("old", 1, "stable", of)), gone=of)
    (said,) = ask(planned, cast("CloudProject", there))
    assert (said.answer, said.what) == ("ok", "goes back to what all copies are of")


def test_nothing_new_comes_while_what_took_itself_back_waits_for_somebody(planned: PlannedStack) -> None:
    frozen = running(
        version("bad", 2, "new", BAD), version("old", 1, "stable", OLD), undone=UNDONE, frozen=UNDONE
    )
    said = answer(planned, frozen)
    assert (said.answer, said.fix) == ("no", "pave rollout lift customersdot --env production --reason WHY")
    lifted = msgspec.structs.replace(UNDONE, lifted=Lifted("2026-11-21T11:00:00Z", "jane", "mended"))
    assert answer(planned, msgspec.structs.replace(frozen, undone=lifted, frozen=None)).answer == "ok"


def test_going_back_to_what_all_copies_are_of_is_never_stopped(planned: PlannedStack) -> None:
    frozen = running(
        version("bad", 2, "new", BAD),
        version("old", 1, "stable", image(planned)),
        undone=UNDONE,
        frozen=UNDONE,
    )
    assert answer(planned, frozen).answer == "ok"


def test_it_is_stopped_where_a_store_was_changed_for_good_until_it_was_taken_back(
    planned: PlannedStack,
) -> None:
    one_way = running(
        version("new", 2, "new", BAD, "db"),
        version("old", 1, "stable", image(planned)),
        irreversible=["db"],
    )
    said = answer(planned, one_way)
    assert (said.answer, said.fix) == ("no", "Roll forward: name a mended image in the spec.")
    forced = msgspec.structs.replace(UNDONE, version="new", by="jane", forced=True)
    assert answer(planned, msgspec.structs.replace(one_way, undone=forced)).answer == "ok"


def test_the_same_image_brings_nothing_new(planned: PlannedStack) -> None:
    frozen = running(
        version("bad", 2, "new", image(planned)),
        version("old", 1, "stable", OLD),
        undone=UNDONE,
        frozen=UNDONE,
    )
    assert answer(planned, frozen).what == "brings no new image"


def test_a_mended_version_says_too_that_there_is_no_way_back(planned: PlannedStack) -> None:
    held = running(version("bad", 2, "new", BAD, "db"), version("old", 1, "stable", OLD), irreversible=["db"])
    said = answer(planned, held)
    assert (said.answer, "Keep `irreversible: true`" in said.fix) == ("no", True)
    resource = planned.resources[0]
    inputs = msgspec.json.decode(msgspec.json.encode(resource.inputs))
    inputs["spec"]["template"]["metadata"].setdefault("annotations", {})[IRREVERSIBLE] = "db"
    kept: list[PlannedResource] = [msgspec.structs.replace(resource, inputs=inputs)]
    assert answer(dataclasses.replace(planned, resources=kept), held).answer == "ok"


def test_nobody_goes_back_to_before_what_cannot_be_undone(planned: PlannedStack) -> None:
    everywhere = running(version("new", 2, "stable", BAD, "db"), version("old", 1, "earlier", image(planned)))
    said = answer(planned, everywhere)
    assert (said.answer, said.fix) == ("no", "Roll forward: name a mended image in the spec.")


def test_an_image_of_the_pipelines_is_none_of_an_updates_business(planned: PlannedStack) -> None:
    theirs = dataclasses.replace(planned, images_of_the_pipeline=frozenset({"web"}))
    frozen = running(version("bad", 2, "new", BAD), undone=UNDONE, frozen=UNDONE)
    assert answer(theirs, frozen).answer == "ok"
