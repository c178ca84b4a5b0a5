"""A version that has changed tables for good, as its spec says: planned so, and really not taken back."""

import copy
import shutil
from pathlib import Path

import pytest

from catalog.loader import load
from components.design.monitoring.deploys.deciding import FAIL
from components.workloads.annotations import HELD, HOLDS, IRREVERSIBLE
from pave.local_cloud.kubernetes import problems
from stacks.plan import Plan, record_stack
from stacks.stack import parse_stack
from tests.kubernetes.api_server import Json
from tests.kubernetes.planned import known
from tests.rollouts.cluster import Cluster
from tests.rollouts.observed import Observer
from tests.rollouts.served import DIGESTS, Served

STACK = "service.customersdot.production"
WEB_OF_THE_PIPELINE = "    - name: web\n      imageOwner: pipeline\n"
SAID = "migration: {workload: web, "


@pytest.fixture(scope="module")
def plan(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Of the portal, whose migration can't be undone this time."""
    folder = Path(shutil.copytree(shipped, tmp_path_factory.mktemp("for-good") / "catalog"))
    spec = folder / "services" / "customersdot.yaml"
    text = spec.read_text("utf-8")
    assert text.count(SAID) == 1
    spec.write_text(text.replace(SAID, f"{SAID}irreversible: true, "))
    catalog = load(folder)
    assert not catalog.problems
    return record_stack(catalog, parse_stack(STACK, catalog))


def inputs(plan: Plan, kind: str, name: str) -> Json:
    wanted = (f"kubernetes:argoproj.io/v1alpha1:{kind}", name)
    (found,) = [each for each in plan.resources if (each.type, each.name) == wanted]
    made: Json = copy.deepcopy(known(found.inputs))
    return made


def test_the_plan_says_so_on_every_copy_of_that_image_and_nothing_gives_up_by_itself(plan: Plan) -> None:
    rollout = inputs(plan, "Rollout", "customersdot-web")
    assert rollout["spec"]["template"]["metadata"]["annotations"][IRREVERSIBLE] == "db"
    assert rollout["spec"]["progressDeadlineAbort"] is False
    for what in ("guard", "gate"):
        (metric,) = inputs(plan, "AnalysisTemplate", f"customersdot-web-{what}")["spec"]["metrics"]
        assert metric["failureCondition"] == "false"


def test_where_the_pipeline_owns_the_image_each_release_says_whether_there_is_a_way_back(
    shipped: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(shipped, tmp_path / "catalog"))
    spec = folder / "services" / "customersdot.yaml"
    spec.write_text(spec.read_text("utf-8").replace("    - name: web\n", WEB_OF_THE_PIPELINE, 1))
    catalog = load(folder)
    assert not catalog.problems
    made = record_stack(catalog, parse_stack(STACK, catalog))
    canary = inputs(made, "Rollout", "customersdot-web")["spec"]["strategy"]["canary"]
    asked = [canary["analysis"], *(step["analysis"] for step in canary["steps"] if "analysis" in step)]
    for args in (each["args"] for each in asked):
        assert args[1]["name"] == "held"
        assert args[1]["valueFrom"]["fieldRef"]["fieldPath"] == f"metadata.annotations['{HELD}']"
    for what in ("guard", "gate"):
        template = inputs(made, "AnalysisTemplate", f"customersdot-web-{what}")
        assert list(problems("kubernetes:argoproj.io/v1alpha1:AnalysisTemplate", template)) == []
        (metric,) = template["spec"]["metrics"]
        assert metric["failureCondition"] == 'result[0] == 1 && "{{args.held}}" == ""'
        limits = [metric["consecutiveErrorLimit"].replace("{{args.held}}", held) for held in ("", HOLDS)]
        assert limits[0] == "30"
        assert 10**8 < int(limits[1]) < 2**31
        (other,) = inputs(made, "AnalysisTemplate", f"customersdot-api-{what}")["spec"]["metrics"]
        assert other["consecutiveErrorLimit"] == 30


@pytest.mark.rollouts
def test_a_verdict_against_it_holds_it_for_a_person_who_rolls_forward(
    cluster: Cluster, observer: Observer, plan: Plan, shipped: Path, tmp_path: Path
) -> None:
    catalog = Path(shutil.copytree(shipped, tmp_path / "catalog"))
    it = Served(cluster, catalog, "for-good")
    for what in ("guard", "gate"):
        template = inputs(plan, "AnalysisTemplate", f"customersdot-web-{what}")
        template["metadata"] = {"name": f"web-{what}", "namespace": it.name}
        (metric,) = template["spec"]["metrics"]
        metric["interval"] = "1s"
        metric["provider"]["prometheus"] |= {"address": observer.url, "query": f"vector({FAIL})"}
        assert cluster.api.apply(template).is_taken
    it.bring("2", as_planned=inputs(plan, "Rollout", "customersdot-web"))
    done = it.rollout("wait", "--minutes", "2")
    assert (done.exit_code, "HELD" in done.stdout) == (3, True), done.output
    web = it.web()
    assert (web["state"], web["irreversible"], web["undone"]) == ("held", ["db"], None)
    assert {each["role"]: each["images"] for each in web["versions"]} == {
        "new": [DIGESTS["2"]],
        "stable": [DIGESTS["1"]],
    }
    refused = it.rollout("abort", "--reason", "orders are lost")
    assert (refused.exit_code, "Roll forward" in refused.stdout) == (1, True)
    it.wait({"1": 6, "2": 1})
