"""What of a stack is risky to change, and what a change goes back to."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.budgets.running import (
    ASPECTS,
    KEPT,
    NOTHING,
    Change,
    Running,
    change,
    fingerprints,
    following,
    read_running,
)
from stacks.plan import Plan, PlannedResource
from stacks.recording.model import Options


def resource(type_: str, inputs: dict[str, Any], name: str = "web") -> PlannedResource:
    return PlannedResource(f"urn:{type_}:{name}", type_, name, None, True, inputs, Options(), origin=None)


def deployment(image: str = "a@sha256:1", replicas: int = 3, **more: Any) -> PlannedResource:
    pods = {"spec": {"containers": [{"name": "web", "image": image, **more}]}}
    return resource("kubernetes:apps/v1:Deployment", {"spec": {"replicas": replicas, "template": pods}})


BACKEND = "gcp:compute/backendService:BackendService"
DATABASE = "gcp:sql/databaseInstance:DatabaseInstance"
USUAL = [deployment(), resource(BACKEND, {"timeoutSec": 30}), resource(DATABASE, {"tier": "small"})]


def of(*resources: PlannedResource) -> dict[str, str]:
    return fingerprints(Plan("service.portal.production", list(resources)))


@pytest.mark.parametrize(
    ("resources", "aspects"),
    [
        (USUAL, ()),
        ([deployment("a@sha256:2"), *USUAL[1:]], ("image",)),
        ([deployment(replicas=2), *USUAL[1:]], ("copies",)),
        ([USUAL[0], resource(BACKEND, {"timeoutSec": 60}), USUAL[2]], ("traffic",)),
        ([*USUAL[:2], resource(DATABASE, {"tier": "large"})], ("data",)),
        (USUAL[:2], ("data",)),
        ([*USUAL, resource(DATABASE, {}, "second")], ("data",)),
        ([deployment(livenessProbe={"path": "/"}), *USUAL[1:]], ()),
        ([*USUAL, resource("kubernetes:monitoring.googleapis.com/v1:Rules", {"spec": {}})], ()),
        ([*USUAL, resource("kubernetes:policy/v1:PodDisruptionBudget", {"spec": {}})], ()),
    ],
)
def test_what_runs_how_often_where_traffic_goes_and_what_keeps_data_is_risky_to_change(
    resources: list[PlannedResource], aspects: tuple[str, ...]
) -> None:
    assert change(Running(of(*USUAL)), of(*resources)).aspects == aspects


@pytest.mark.parametrize("kind", ["apps/v1:Deployment", "batch/v1:CronJob", "argoproj.io/v1alpha1:Rollout"])
def test_an_image_is_one_whatever_kind_of_object_runs_it(kind: str) -> None:
    def running(image: str) -> dict[str, str]:
        pods = {"spec": {"containers": [{"name": "web", "image": image}]}}
        return of(resource(f"kubernetes:{kind}", {"spec": {"template": pods}}))

    assert change(Running(running("a@sha256:1")), running("a@sha256:2")).aspects == ("image",)


def test_a_new_stack_changes_nothing_that_runs() -> None:
    assert change(NOTHING, of(*USUAL)) == Change((), is_rollback=False)


def test_what_ran_before_is_a_rollback_and_half_of_it_is_not() -> None:
    old, new = of(*USUAL), of(deployment("a@sha256:2"), *USUAL[1:])
    runs = following(following(NOTHING, old), new)
    assert change(runs, old) == Change(("image",), is_rollback=True)
    mixed = of(deployment(), resource(BACKEND, {"timeoutSec": 60}), USUAL[2])
    assert change(runs, mixed) == Change(("image", "traffic"), is_rollback=False)


def test_to_bring_again_what_was_rolled_back_is_no_rollback() -> None:
    old, new = of(*USUAL), of(deployment("a@sha256:2"), *USUAL[1:])
    runs = following(following(following(NOTHING, old), new), old)
    assert change(runs, new) == Change(("image",), is_rollback=False)


def test_the_same_again_is_not_remembered_twice() -> None:
    one = of(*USUAL)
    assert following(Running(one, [{"image": "x"}]), one) == Running(one, [{"image": "x"}])


@given(st.lists(st.sampled_from(["1", "2", "3", "4", "5", "6", "7", "8"]), max_size=30))
def test_whatever_came_after_one_goes_back_to_the_last_few(images: list[str]) -> None:
    runs = NOTHING
    for image in images:
        runs = following(runs, of(deployment(image)))
    assert len(runs.earlier) <= KEPT
    assert runs.now not in runs.earlier
    for one in runs.earlier:
        assert change(runs, one).is_rollback


def test_it_is_read_as_it_was_written_and_what_an_older_pave_wrote_is_unknown() -> None:
    runs = Running(of(*USUAL), [of(deployment("a@sha256:2"))])
    assert read_running({"version": "1", "running": msgspec.to_builtins(runs)}) == runs
    assert read_running(None) == NOTHING
    for older in ({"version": "1"}, {"running": "x"}, {"running": {"now": {"image": 1}}}, "text"):
        assert read_running(older) is None


def test_a_fingerprint_says_nothing_of_what_it_is_made_of() -> None:
    found = of(*USUAL, resource(DATABASE, {"password": "hunter2"}, "other"))
    assert set(found) == set(ASPECTS)
    assert "hunter2" not in str(found)
