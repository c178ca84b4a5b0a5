"""New versions step by step: what a workload asks for, and who does it."""

from typing import Any

import pytest

from components.cluster.rollout_definitions import definitions
from pave.local_cloud.kubernetes import problems
from stacks.providers.kubernetes import ROLLOUT
from tests.components.service_plans import named
from tests.components.test_foundation import plan as foundation
from tests.kubernetes.planned import known


def rollout(name: str = "customersdot-web") -> Any:
    return known(named(":Rollout", name).inputs)


def within(kind: str, name: str) -> Any:
    (found,) = [r for r in foundation().resources if r.type.endswith(kind) and r.name == name]
    return found.inputs


def test_a_rollout_goes_by_the_steps_of_its_owner_and_waits_at_each_but_the_last() -> None:
    assert rollout()["spec"]["strategy"]["canary"]["steps"] == [
        {"setWeight": 5},
        {"pause": {"duration": "900s"}},
        {"setWeight": 25},
        {"pause": {"duration": "900s"}},
        {"setWeight": 50},
        {"pause": {"duration": "900s"}},
    ]
    assert rollout()["spec"]["progressDeadlineAbort"] is True


def test_the_engine_waits_for_the_first_version_and_for_no_later_one() -> None:
    annotations = rollout()["metadata"]["annotations"]
    assert annotations == {"pulumi.com/waitFor": "jsonpath={.status.availableReplicas}"}


def test_the_definition_takes_what_is_planned_and_nothing_misspelt() -> None:
    assert list(problems(ROLLOUT, rollout())) == []
    wrong = rollout()
    wrong["spec"]["strategy"]["canary"]["steps"][0] = {"setWeigth": 5}
    ((path, why),) = problems(ROLLOUT, wrong)
    assert path == "spec.strategy.canary.steps[0]"
    assert "setWeigth" in why


@pytest.mark.parametrize("field", ["minReadySeconds", "revisionHistoryLimit"])
def test_the_definition_takes_no_value_of_another_type(field: str) -> None:
    wrong = rollout()
    wrong["spec"][field] = "sixty"
    assert [path for path, _ in problems(ROLLOUT, wrong)] == [f"spec.{field}"]


def test_the_cluster_gets_the_kinds_before_the_controller_that_needs_them() -> None:
    kinds = [r for r in foundation().resources if r.type.endswith(":CustomResourceDefinition")]
    assert {r.name for r in kinds} == {each["metadata"]["name"] for each in definitions()}
    assert all(r.options.protect and r.options.retain_on_delete for r in kinds)
    (controller,) = [
        r for r in foundation().resources if r.name == "argo-rollouts" and "Deployment" in r.type
    ]
    assert {r.urn for r in kinds} <= {*controller.options.depends_on}


def test_two_controllers_elect_one_and_may_do_no_more_than_rollouts_take() -> None:
    spec = within(":Deployment", "argo-rollouts")["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    assert (spec["replicas"], container["args"]) == (2, ["--leader-elect=true"])
    rules = within(":ClusterRole", "argo-rollouts")["rules"]
    assert not [rule for rule in rules if "*" in rule["verbs"] + rule["resources"] + rule["apiGroups"]]
    written = {resource for rule in rules if "create" in rule["verbs"] for resource in rule["resources"]}
    assert written == {
        *("analysisruns", "analysisruns/finalizers", "experiments", "experiments/finalizers"),
        *("events", "leases", "pods/eviction", "replicasets"),
    }
