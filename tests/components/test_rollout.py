"""New versions step by step: what a workload asks for, and who does it."""

from typing import Any

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.cluster.rollout_definitions import definitions
from components.design.model import WorkloadDesign
from components.design.service import designed
from pave.local_cloud.kubernetes import problems
from pave.workspace import HOME
from stacks.providers.kubernetes import ANALYSIS_TEMPLATE, ROLLOUT
from tests.components.service_plans import named, unwatched
from tests.components.test_foundation import plan as foundation
from tests.components.test_observability_unit import plan as unit
from tests.kubernetes.planned import known


def rollout(name: str = "customersdot-web") -> Any:
    return known(named(":Rollout", name).inputs)


def workloads() -> list[WorkloadDesign]:
    catalog = load(HOME / "catalog", [])
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    return designed(catalog, service).workloads


def within(kind: str, name: str) -> Any:
    (found,) = [r for r in foundation().resources if r.type.endswith(kind) and r.name == name]
    return found.inputs


VERSION = {"name": "version", "valueFrom": {"podTemplateHashValue": "Latest"}}


def judged(what: str) -> Any:
    """How a rollout refers to one of its analyses."""
    return {"templates": [{"templateName": f"web-{what}"}], "args": [VERSION]}


def test_a_rollout_goes_by_the_steps_of_its_owner_and_waits_at_each_but_the_last() -> None:
    canary = rollout()["spec"]["strategy"]["canary"]
    assert canary["steps"] == [
        step
        for weight in (5, 25, 50)
        for step in (
            {"setWeight": weight},
            {"pause": {"duration": "900s"}},
            {"analysis": judged("gate")},
        )
    ]
    assert canary["analysis"] == judged("guard")
    assert rollout()["spec"]["progressDeadlineAbort"] is True


def test_where_nobody_can_judge_it_a_rollout_only_waits() -> None:
    watched = known(named(":Rollout", "lunch-menu-web", "lunch-menu").inputs)
    (unjudged,) = [r for r in unwatched().resources if r.name == "customersdot-web" and r.type == ROLLOUT]
    for made in (watched, known(unjudged.inputs)):
        canary = made["spec"]["strategy"]["canary"]
        assert "analysis" not in canary
        assert not [step for step in canary["steps"] if "analysis" in step]


def test_a_workers_new_version_takes_its_share_of_the_queue_and_is_judged_by_the_jobs_that_it_does() -> None:
    (design,) = [each for each in workloads() if each.name == "jobs"]
    assert design.rollout is not None
    first = design.rollout.steps[0]
    assert (first.weight, first.copies, first.of, first.percent) == (5, 1, 4, 25)
    assert rollout("customersdot-jobs")["spec"]["strategy"]["canary"]["steps"][0] == {"setWeight": 5}
    for what in ("guard", "gate"):
        found = known(named(":AnalysisTemplate", f"customersdot-jobs-{what}").inputs)
        (metric,) = found["spec"]["metrics"]
        assert 'workload="jobs"' in metric["provider"]["prometheus"]["query"]


def template(what: str) -> Any:
    return known(named(":AnalysisTemplate", f"customersdot-web-{what}").inputs)


@pytest.mark.parametrize("what", ["guard", "gate"])
def test_an_analysis_asks_the_units_prometheus_about_the_version_that_comes(what: str) -> None:
    made = template(what)
    assert list(problems(ANALYSIS_TEMPLATE, made)) == []
    assert made["spec"]["args"] == [{"name": "version"}]
    (metric,) = made["spec"]["metrics"]
    asked = metric["provider"]["prometheus"]
    assert asked["address"] == "http://prometheus.observability.svc:9090"
    assert (
        'service="customersdot",cell="production",workload="web",version=~"|{{args.version}}"'
        in (asked["query"])
    )
    assert metric["failureCondition"] == "result[0] == 1"


def test_a_gate_opens_only_for_what_passes_and_the_guard_has_no_end() -> None:
    (gate,), (guard,) = (template(what)["spec"]["metrics"] for what in ("gate", "guard"))
    assert gate["successCondition"] == "result[0] == 0"
    assert gate["consecutiveSuccessLimit"] == 1
    assert gate["count"] == gate["inconclusiveLimit"] == 180
    assert "count" not in guard
    assert guard["successCondition"] == "result[0] != 1"


def test_who_asks_is_let_in_by_the_unit_and_out_of_its_own_namespace() -> None:
    out = within(":NetworkPolicy", "argo-rollouts-asks")["spec"]
    (rule,) = out["egress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 9090}]
    (policy,) = [r for r in unit().resources if r.name == "observability-judged"]
    (opened,) = policy.inputs["spec"]["ingress"]
    assert opened["ports"] == rule["ports"]
    (to,), (from_,) = rule["to"], opened["from"]
    assert to["podSelector"] == policy.inputs["spec"]["podSelector"]
    assert from_["podSelector"] == out["podSelector"]
    assert from_["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "argo-rollouts"}
    (metrics,) = out["ingress"]
    assert (metrics["from"], metrics["ports"]) == ([to], [{"protocol": "TCP", "port": 8090}])


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
