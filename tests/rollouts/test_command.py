"""`pave rollout` on a real control plane, as a person who has a kubeconfig."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from catalog.loader import load
from components.design.monitoring.dashboard import markers
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.monitored import monitored
from pave.reports.schemas import published
from pave.workspace import Workspace
from tests.rollouts.cluster import Cluster
from tests.rollouts.observed import Observer, verdict
from tests.rollouts.served import DIGESTS, SHORT, Served

pytestmark = pytest.mark.rollouts

FIRST_STEP = {"1": 6, "2": 1}


@pytest.fixture(scope="module")
def catalog(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(shipped, tmp_path_factory.mktemp("rollouts") / "catalog"))


@pytest.fixture
def serve(cluster: Cluster, catalog: Path) -> Callable[[str], Served]:
    return lambda name: Served(cluster, catalog, name)


def test_status_says_what_runs_at_which_step_and_how_long_still(serve: Callable[[str], Served]) -> None:
    it = serve("seen")
    steady = it.rollout("status")
    assert (steady.exit_code, it.web()["state"]) == (0, "steady"), steady.output
    it.bring("2")
    it.wait(FIRST_STEP)
    it.cluster.wait("the soak", lambda: it.web()["stepSeconds"] is not None, 30)
    report = it.report()
    Draft202012Validator(json.loads(published("RolloutReport").read_text("utf-8"))).validate(report)
    (web,) = report["workloads"]
    assert (web["state"], web["step"], web["steps"], web["share"]) == ("under way", 1, 4, 5)
    assert 500 < web["stepSeconds"] <= 600
    assert web["soakSeconds"] == web["stepSeconds"] + 1200
    found = {each["role"]: (each["images"], each["ready"]) for each in web["versions"]}
    assert found == {"new": ([DIGESTS["2"]], 1), "stable": ([DIGESTS["1"]], 6)}
    said = it.rollout("status")
    assert said.exit_code == 0
    at = "web: under way, step 1 of 4, 5 % of copies; 10 min left of this soak, 30 min of all"
    assert at in " ".join(said.stdout.split())


def test_a_paused_rollout_waits_for_a_person_who_promotes_it_to_everybody(
    serve: Callable[[str], Served],
) -> None:
    it = serve("held-up")
    it.bring("2")
    it.wait(FIRST_STEP)
    told = it.report("pause")
    Draft202012Validator(json.loads(published("RolloutDecisionReport").read_text("utf-8"))).validate(told)
    assert told["outcome"] == "done"
    assert told["workloads"][0]["says"] == ["stays at 5 % until it is promoted."]
    it.cluster.wait("paused", lambda: it.web()["state"] == "paused", 30)
    assert it.report("pause")["outcome"] == "nothing"
    assert it.rollout("status").exit_code == 3
    assert it.rollout("wait").exit_code == 3
    assert it.rollout("promote").exit_code == 0
    it.wait({"1": 5, "2": 2})
    full = it.rollout("promote", "--full")
    assert "Skipped: " in full.stdout
    assert "50 % of copies, a soak of 600 s" in " ".join(full.stdout.split())
    it.wait({"2": 6})
    it.wait_for("Healthy")
    assert it.rollout("wait").exit_code == 0
    ended = {each["images"][0]: each["ended"] for each in it.report("history")["versions"]}
    assert ended == {DIGESTS["1"]: "completed", DIGESTS["2"]: "completed"}


def test_who_takes_a_version_back_is_recorded_and_may_bring_a_mended_one(
    serve: Callable[[str], Served],
) -> None:
    it = serve("taken-back")
    it.bring("2")
    it.wait(FIRST_STEP)
    done = it.rollout("abort", "--reason", "orders are lost")
    assert done.exit_code == 0, done.output
    it.wait({"1": 6})
    it.cluster.wait("undone", lambda: it.web()["state"] == "undone", 30)
    assert it.rollout("status").exit_code == 1
    assert "taken back by tester" in it.rollout("status").stdout
    assert it.rollout("promote").exit_code == 2
    latest = it.report("history")["versions"][0]
    assert (latest["ended"], latest["why"]) == ("undone", "orders are lost")
    assert latest["undone"]["by"] == "tester"
    assert it.rollout("start", "--image", DIGESTS["3"], "--yes").exit_code == 0
    it.wait({"1": 6, "3": 1})
    past = {each["images"][0]: each["ended"] for each in it.report("history")["versions"]}
    assert past[DIGESTS["2"]] == "undone"


def test_after_an_undo_by_itself_nothing_new_comes_until_somebody_lifts_that(
    serve: Callable[[str], Served],
) -> None:
    it = serve("frozen")
    it.bring("2", "crashes")
    assert it.rollout("wait", "--minutes", "2").exit_code == 1
    it.cluster.wait("undone", lambda: it.web()["state"] == "undone", 60)
    undone = it.web()["undone"]
    assert (undone["by"], undone["signal"]) == (None, "progress-deadline")
    assert "FROZEN" in it.rollout("status").stdout
    refused = it.rollout("start", "--image", DIGESTS["3"], "--yes")
    assert refused.exit_code == 1
    assert "next: pave rollout lift frozen" in refused.stdout
    told = it.report("start", "--image", DIGESTS["3"], "--yes")
    (decided,) = told["workloads"]
    assert (told["outcome"], decided["changes"]) == ("refused", False)
    assert decided["instead"] == "pave rollout lift frozen --reason WHY"
    lifted = it.rollout("lift", "--reason", "the query has its index")
    assert lifted.exit_code == 0, lifted.output
    assert "FROZEN" not in it.rollout("status").stdout
    asked = it.rollout("start", "--image", DIGESTS["3"])
    assert (asked.exit_code, "Nothing was changed yet" in asked.stdout) == (3, True)
    it.wait({"1": 6})
    assert it.rollout("start", "--image", DIGESTS["3"], "--yes").exit_code == 0
    recorded = it.report("history")["versions"]
    (was,) = [each for each in recorded if each["images"] == [DIGESTS["2"]]]
    assert (was["ended"], was["undone"]["lifted"]["why"]) == ("undone", "the query has its index")


def test_nothing_is_taken_back_across_a_step_that_cannot_be_undone_but_by_force(
    serve: Callable[[str], Served],
) -> None:
    it = serve("one-way")
    it.bring("2", irreversible="db")
    it.wait(FIRST_STEP)
    assert it.web()["irreversible"] == ["db"]
    refused = it.rollout("abort", "--reason", "orders are lost")
    assert refused.exit_code == 1
    assert "Roll forward" in refused.stdout
    assert it.rollout("abort", "--force").exit_code == 1
    it.bring("3")  # the mended one is not across it less
    it.cluster.wait("the third", lambda: len(it.web()["versions"]) == 3, 30)
    assert it.rollout("abort", "--reason", "orders are lost").exit_code == 1
    assert it.rollout("abort", "--reason", "orders are lost", "--force").exit_code == 0
    it.wait({"1": 6})
    it.cluster.wait("undone", lambda: it.web()["state"] == "undone", 30)
    assert it.web()["undone"]["forced"] is True


ANALYSED = {"analysis": {"templates": [{"templateName": "verdict"}]}}


def test_what_nobody_knows_is_held_and_goes_on_when_a_person_says_so(
    serve: Callable[[str], Served], observer: Observer
) -> None:
    it = serve("unclear")
    assert it.cluster.api.apply(verdict(it.name, observer, 0.2)).is_taken
    it.bring("2", soak=SHORT, analysis=[ANALYSED])
    done = it.rollout("wait", "--minutes", "2")
    assert (done.exit_code, "HELD" in done.stdout) == (3, True), done.output
    web = it.web()
    assert web["state"] == "held"
    assert "inconclusive" in web["blocks"][0]
    (analysis,) = web["analyses"]
    assert [(each["name"], each["outcome"], each["value"]) for each in analysis["signals"]] == [
        ("errors", "Inconclusive", "[0.2]")
    ]
    assert it.rollout("promote").exit_code == 0
    it.wait({"1": 5, "2": 2})


def test_a_verdict_takes_a_version_back_and_is_the_reason_that_is_kept(
    serve: Callable[[str], Served], observer: Observer
) -> None:
    it = serve("failing")
    assert it.cluster.api.apply(verdict(it.name, observer, 0.9)).is_taken
    it.bring("2", soak=SHORT, analysis=[ANALYSED])
    done = it.rollout("wait", "--minutes", "2")
    assert (done.exit_code, "by errors" in done.stdout) == (1, True), done.output
    web = it.web()
    assert (web["state"], web["frozen"]["signal"], web["undone"]["signal"]) == ("undone", "errors", "errors")
    assert it.rollout("promote", "--workload", "web").exit_code == 1
    latest = it.report("history")["versions"][0]
    assert (latest["ended"], latest["undone"]["signal"]) == ("undone", "errors")
    assert latest["analyses"][0]["outcome"] == "Failed"
    it.bring("1", soak=SHORT)  # back in the spec
    it.wait_for("Healthy")
    assert it.rollout("start", "--image", DIGESTS["3"]).exit_code == 1
    assert it.rollout("lift", "--reason", "mended").exit_code == 0
    assert it.rollout("start", "--image", DIGESTS["3"]).exit_code == 3


def test_what_happens_to_rollouts_is_marked_on_dashboards_and_rings(
    serve: Callable[[str], Served], observer: Observer, shipped: Path
) -> None:
    it = serve("marked")
    it.bring("2", soak=SHORT)
    it.wait({"2": 6}, 90)
    it.bring("3", "crashes")
    it.cluster.wait("undone", lambda: it.web()["state"] == "undone", 60)
    catalog = load(shipped, [])
    portal = monitored(catalog, Workspace(shipped, date.min).service("customersdot", None), EXPORTED)
    marks = {each.legend: each.expr for each in markers(msgspec.structs.replace(portal, namespace=it.name))}
    for what in ("started", "step", "completed", "taken back"):
        it.cluster.wait(what, partial(observer.since, marks[what], 120), 30)
    (rings,) = [
        alert.expr.replace('"customersdot"', f'"{it.name}"')
        for watch in portal.watches
        for alert in watch.alerts
        if alert.labels["alert_class"] == "rollout-stopped" and alert.labels["subject"] == "web"
    ]
    it.cluster.wait("the alert", lambda: observer.since(rings, 5), 30)


def test_a_good_version_is_waited_for_until_it_has_come_to_everybody(
    serve: Callable[[str], Served],
) -> None:
    it = serve("waited-for")
    it.bring("2", soak=SHORT)
    done = it.rollout("wait", "--minutes", "2")
    assert done.exit_code == 0, done.output
    assert "web under way at step " in done.stderr
    it.wait({"2": 6})


def test_an_image_that_the_spec_owns_is_started_by_nobody_else(cluster: Cluster, catalog: Path) -> None:
    it = Served(cluster, catalog, "by-the-spec", owner="spec")
    done = it.rollout("start", "--image", DIGESTS["2"], "--yes")
    assert (done.exit_code, "write the new digest into `image`" in done.output) == (2, True)


def test_a_cluster_that_runs_another_service_there_is_left_alone(serve: Callable[[str], Served]) -> None:
    it = serve("mistaken")
    staging = it.catalog / "services" / "mistaken.yaml"
    staging.write_text(staging.read_text() + "  environments: [{name: staging}]\n")
    done = it.rollout("abort", "--reason", "the wrong one")
    assert done.exit_code == 2
    assert "Is it the right one" in done.output
