"""Rollouts as they are planned, on a real control plane with the real controller."""

import copy
import time
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.components.service_plans import named
from tests.kubernetes.api_server import Json
from tests.kubernetes.planned import known
from tests.rollouts.cluster import ZONES, Cluster

pytestmark = pytest.mark.rollouts

SOAK = "2s"
DEADLINE = 8
"""Seconds instead of minutes, so that a test ends; what comes after what is the plan's."""

LOOKS = 5
"""Seconds at most until the controller has seen that a deadline is over, and this test that it has."""


def planned(namespace: str, image: str, behaviour: str = "good", copies: int = 6) -> Json:
    """The Rollout of the portal as it is planned, with shorter times, in a namespace of its own, and with
    nothing that judges it."""
    rollout: Json = copy.deepcopy(known(named(":Rollout", "customersdot-web").inputs))
    canary = rollout["spec"]["strategy"]["canary"]
    canary.pop("analysis")
    canary["steps"] = [step for step in canary["steps"] if "analysis" not in step]
    rollout["metadata"] = {"name": "web", "namespace": namespace}
    spec = rollout["spec"]
    spec |= {"replicas": copies, "minReadySeconds": 0, "progressDeadlineSeconds": DEADLINE}
    for step in spec["strategy"]["canary"]["steps"]:
        if "pause" in step:
            step["pause"]["duration"] = SOAK
    template = spec["template"]
    template["metadata"].setdefault("annotations", {})["behaviour"] = behaviour
    template["spec"] = {
        "containers": [{"name": "web", "image": image}],
        "topologySpreadConstraints": template["spec"]["topologySpreadConstraints"],
    }
    return rollout


def started(cluster: Cluster, namespace: str) -> None:
    """The first version is up in a new namespace."""
    named = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    assert cluster.api.apply(named).is_taken
    answer = cluster.api.apply(planned(namespace, "app:1"))
    assert answer.is_taken, answer.body
    cluster.wait("the first copy", lambda: status(cluster, namespace).get("availableReplicas"), 60)
    assert images(cluster, namespace)["app:1"] >= 1
    cluster.wait("all copies of it", lambda: images(cluster, namespace) == {"app:1": 6}, 30)


def status(cluster: Cluster, namespace: str) -> Json:
    found: Json = cluster.api.get(planned(namespace, "any")).body.get("status", {})
    return found


def images(cluster: Cluster, namespace: str, *, ready: bool = True) -> dict[str, int]:
    """How many copies there are of each image, of those that are ready."""
    found: dict[str, int] = {}
    for pod in cluster.pods(namespace):
        conditions = {each["type"]: each["status"] for each in pod.get("status", {}).get("conditions", ())}
        if not ready or conditions.get("Ready") == "True":
            (container,) = pod["spec"]["containers"]
            found[container["image"]] = found.get(container["image"], 0) + 1
    return found


def zones(cluster: Cluster, namespace: str, image: str) -> dict[str, int]:
    """How many copies of an image are in each zone that has some."""
    nodes = [
        pod["spec"]["nodeName"]
        for pod in cluster.pods(namespace)
        if pod["spec"]["containers"][0]["image"] == image
    ]
    return dict(Counter(node.removeprefix("node-") for node in nodes))


def has(cluster: Cluster, namespace: str, shares: dict[str, int]) -> bool:
    return images(cluster, namespace) == shares


def phases(cluster: Cluster, namespace: str) -> tuple[Any, Any]:
    found = status(cluster, namespace)
    return found.get("phase"), found.get("abort")


def test_a_good_version_comes_in_the_designed_shares_to_everybody(cluster: Cluster) -> None:
    started(cluster, "good")
    assert cluster.api.apply(planned("good", "app:2")).is_taken
    for old, new in ((6, 1), (5, 2), (3, 3)):
        shares = {"app:1": old, "app:2": new}
        cluster.wait(str(shares), partial(has, cluster, "good", shares), 60)
        assert max(zones(cluster, "good", "app:2").values()) == 1, "each meets another zone"
    cluster.wait("all of the new", lambda: images(cluster, "good") == {"app:2": 6}, 60)
    assert zones(cluster, "good", "app:2") == dict.fromkeys(ZONES, 2)
    cluster.wait("healthy", lambda: phases(cluster, "good") == ("Healthy", None), 30)


@pytest.mark.parametrize("behaviour", ["never-ready", "crashes"])
def test_a_version_that_does_not_come_up_is_taken_back_and_nobody_meets_it(
    cluster: Cluster, behaviour: str
) -> None:
    started(cluster, behaviour)
    assert cluster.api.apply(planned(behaviour, "app:2", behaviour)).is_taken
    asked = time.monotonic()

    def is_aborted() -> bool:
        assert "app:2" not in images(cluster, behaviour), "nobody meets it"
        return phases(cluster, behaviour)[1] is True

    def is_given_up() -> bool:
        assert images(cluster, behaviour).get("app:2", 0) == 0
        assert images(cluster, behaviour).get("app:1", 0) >= 6
        return phases(cluster, behaviour) == ("Degraded", True)

    cluster.wait("aborted", is_aborted, DEADLINE + 60)
    assert time.monotonic() - asked <= DEADLINE + LOOKS
    cluster.wait("given up", is_given_up, 30)
    cluster.wait("only the old", lambda: images(cluster, behaviour, ready=False) == {"app:1": 6}, 30)


def test_a_rollout_goes_on_where_it_was_when_its_controller_has_died(cluster: Cluster) -> None:
    started(cluster, "killed")
    assert cluster.api.apply(planned("killed", "app:2")).is_taken
    cluster.wait("the first step", lambda: images(cluster, "killed") == {"app:1": 6, "app:2": 1}, 60)
    cluster.kill_the_controller()
    assert images(cluster, "killed")["app:1"] >= 5
    cluster.start_the_controller()
    cluster.wait("all of the new", lambda: images(cluster, "killed") == {"app:2": 6}, 90)


def test_a_second_version_takes_the_place_of_the_first_that_has_not_come(cluster: Cluster) -> None:
    started(cluster, "second")
    assert cluster.api.apply(planned("second", "app:2")).is_taken
    cluster.wait("the first step", lambda: images(cluster, "second").get("app:2") == 1, 60)
    assert cluster.api.apply(planned("second", "app:3")).is_taken
    cluster.wait("all of the third", lambda: images(cluster, "second") == {"app:3": 6}, 120)
