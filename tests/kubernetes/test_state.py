"""kube-state-metrics as a unit's plan starts it, on what the plans ask of Kubernetes: each of its series that
rules and dashboards read is there, with the labels that they read it by.

Its arguments, its account and what that may read are the plan's. No controllers run, so of a schedule's runs
the test says what they would:
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/#CronJobStatus."""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import urllib3

from tests import supervised
from tests.built import require_built
from tests.kubernetes.api_server import PATIENCE, TOOLS, ApiServer, Json, free_ports
from tests.kubernetes.planned import UNIT, resources

pytestmark = pytest.mark.kubernetes

NAME = "kube-state-metrics"
PLACE = "production"
WATCHED = ("customersdot", "invoice-archive", "lunch-menu")

CAME, SUCCEEDED = "2026-11-20T06:00:00Z", "2026-11-20T05:00:07Z"
SECONDS = {"last_schedule_time": 1795154400, "last_successful_time": 1795150807}
"""The same, as `date --utc --date=… +%s` says."""

SAMPLE = re.compile(r"^(kube_\w+)\{(.*)\} (\S+)$", re.MULTILINE)
SELECTOR = re.compile(r"(kube_\w+)\{([^}]*)\}")
LABEL = re.compile(r'(\w+)="([^"]*)"')


class Series(NamedTuple):
    """One that is told, or is asked for: then those that have at least these labels."""

    name: str
    labels: frozenset[tuple[str, str]]


Told = dict[Series, float]


@pytest.fixture(scope="module")
def planned() -> dict[str, list[Json]]:
    """What runs, by whose it is."""
    return {name: resources(name, PLACE) for name in (*WATCHED, UNIT)}


@pytest.fixture(scope="module")
def told(
    server_of: Callable[[str], ApiServer],
    planned: dict[str, list[Json]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Told]:
    """What it tells, once every schedule ran and the last run of each is doubled."""
    require_built(TOOLS / NAME, "make test-kubernetes")
    server = server_of(PLACE)
    every = [resource for theirs in planned.values() for resource in theirs]
    assert all(server.apply(resource).is_taken for resource in every)
    for schedule in of_kind(every, "CronJob"):
        assert server.tell({**schedule, "status": status_of(schedule)}).is_taken
    folder = tmp_path_factory.mktemp(NAME)
    (deployment,) = (one for one in of_kind(planned[UNIT], "Deployment") if one["metadata"]["name"] == NAME)
    with (folder / "log").open("wb") as log:
        port, process = start(server, deployment, folder, log)
        try:
            yield answered(port, deployment, folder / "log")
        finally:
            supervised.end(process)


def start(server: ApiServer, deployment: Json, folder: Path, log: Any) -> tuple[int, supervised.Process]:
    """As its pod would be, but for what differs between machines: where the API server is, and free ports."""
    pod = deployment["spec"]["template"]["spec"]
    namespace = deployment["metadata"]["namespace"]
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"namespace": namespace, "name": pod["serviceAccountName"]},
    }
    kubeconfig = server.kubeconfig()
    kubeconfig["users"][0]["user"] = {"token": server.token_of(account)}
    (folder / "kubeconfig.json").write_text(json.dumps(kubeconfig))
    port, own = free_ports(2)
    here = [
        *(f"--kubeconfig={folder / 'kubeconfig.json'}", "--host=127.0.0.1", f"--port={port}"),
        *("--telemetry-host=127.0.0.1", f"--telemetry-port={own}"),
    ]
    arguments = pod["containers"][0]["args"]
    return port, supervised.start([TOOLS / NAME, *arguments, *here], log, env={"HOME": str(folder)})


def answered(port: int, deployment: Json, log: Path) -> Told:
    """All that it tells, once its pod would be called ready and it has seen what is there."""
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    ready = container["readinessProbe"]["httpGet"]["path"]
    http = urllib3.PoolManager(retries=False, timeout=10)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.3)
        try:
            if http.request("GET", f"http://127.0.0.1:{port}{ready}").status == 200:
                text = http.request("GET", f"http://127.0.0.1:{port}/metrics").data.decode()
                if {"kube_cronjob_created", "kube_deployment_status_observed_generation"} <= {
                    one.name for one in parsed(text)
                }:
                    return parsed(text)
        except urllib3.exceptions.HTTPError:
            continue
    raise AssertionError(f"it doesn't tell of both:\n{log.read_text()[-2000:]}")


def parsed(text: str) -> Told:
    return {Series(name, labelled(labels)): float(value) for name, labels, value in SAMPLE.findall(text)}


def labelled(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(LABEL.findall(text))


def of_kind(found: Sequence[Json], kind: str) -> list[Json]:
    return [resource for resource in found if resource["kind"] == kind]


def status_of(schedule: Json) -> Json:
    """Two runs at once."""
    name, namespace = (schedule["metadata"][key] for key in ("name", "namespace"))
    job = {"apiVersion": "batch/v1", "kind": "Job", "namespace": namespace}
    active = [{**job, "name": f"{name}-{run}"} for run in (1, 2)]
    return {"active": active, "lastScheduleTime": CAME, "lastSuccessfulTime": SUCCEEDED}


def asked_for(found: Sequence[Json]) -> set[Series]:
    """Each of its series that a rule or a dashboard reads, which are texts in ConfigMaps."""
    texts = [text for each in of_kind(found, "ConfigMap") for text in each["data"].values()]
    # Within JSON a quote is escaped.
    selectors = [found for text in texts for found in SELECTOR.findall(text.replace("\\", ""))]
    return {Series(name, labelled(labels)) for name, labels in selectors}


@pytest.mark.parametrize("whose", [*WATCHED, UNIT])
def test_what_rules_and_dashboards_read_is_told_with_their_labels(
    planned: dict[str, list[Json]], told: Told, whose: str
) -> None:
    """A dashboard asks of Deployments also where a service has none yet."""
    has = {"kube_deployment": "Deployment", "kube_cronjob": "CronJob"}
    asked = {
        one
        for one in asked_for(planned[whose])
        if of_kind(planned[whose], has["_".join(one.name.split("_")[:2])])
    }
    missing = [
        one for one in asked if not any(one.name == it.name and one.labels <= it.labels for it in told)
    ]
    assert missing == []


def test_each_series_that_anything_reads_is_among_those(planned: dict[str, list[Json]], told: Told) -> None:
    every = {one.name for found in planned.values() for one in asked_for(found)}
    assert "kube_deployment_status_observed_generation" in every
    assert sum(name.startswith("kube_cronjob_") for name in every) == 4
    assert every <= {one.name for one in told}


def test_it_says_when_a_schedule_came_and_succeeded_and_how_often_it_runs_at_once(told: Told) -> None:
    own = labelled('namespace="customersdot",cronjob="billing-clock"')

    def value(name: str) -> float:
        (found,) = (told[one] for one in told if one.name == f"kube_cronjob_{name}" and own <= one.labels)
        return found

    assert {name: value(f"status_{name}") for name in SECONDS} == SECONDS
    assert value("status_active") == 2
    assert abs(time.time() - value("created")) < 3600


def test_of_nothing_else_in_the_cluster_it_tells(told: Told) -> None:
    assert {one.name.split("_")[1] for one in told} == {"cronjob", "deployment"}


def test_each_deployment_can_be_told_from_others_as_dashboards_do(told: Told) -> None:
    found = [dict(one.labels) for one in told if one.name == "kube_deployment_status_observed_generation"]
    assert {"namespace": "observability", "deployment": NAME} in found
