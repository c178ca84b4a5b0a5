"""The local cloud refuses in pods what an API server refuses; tests/kubernetes asks one the same."""

from typing import Any

import pytest

from pave.local_cloud.kubernetes import problems
from tests.components.service_plans import named, one
from tests.kubernetes.planned import known

ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
CRON = "kubernetes:batch/v1:CronJob"
PROBE = {"httpGet": {"path": "/startup", "port": 9090}}


def rollout(**changes: Any) -> Any:
    """A planned one whose proxy has some fields replaced; those that are None are left out."""
    inputs = known(named(":Rollout", "customersdot-web").inputs)
    (sidecar,) = inputs["spec"]["template"]["spec"]["initContainers"]
    for name, value in changes.items():
        sidecar.pop(name, None)
        if value is not None:
            sidecar[name] = value
    return inputs


def test_a_proxy_that_goes_on_running_is_taken_in_rollouts_and_in_schedules() -> None:
    assert list(problems(ROLLOUT, rollout())) == []
    assert list(problems(CRON, known(one(":CronJob").inputs))) == []


def test_probes_of_an_init_container_that_ends_are_refused() -> None:
    found = dict(problems(ROLLOUT, rollout(restartPolicy=None)))
    at = "spec.template.spec.initContainers[0]"
    assert found.keys() == {f"{at}.startupProbe", f"{at}.livenessProbe"}
    assert all("without restartPolicy=Always" in why for why in found.values())


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"restartPolicy": "Sometimes"}, "restartPolicy", "Unsupported value"),
        ({"restartPolicy": "Never", "livenessProbe": None}, "startupProbe", "Forbidden"),
    ],
)
def test_what_else_no_init_container_may_say_is_refused(
    changes: dict[str, Any], field: str, why: str
) -> None:
    found = dict(problems(ROLLOUT, rollout(**changes)))
    assert why in found[f"spec.template.spec.initContainers[0].{field}"]


def test_two_containers_of_one_name_are_refused_in_a_schedule_too() -> None:
    inputs = known(one(":CronJob").inputs)
    pod = inputs["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    pod["containers"][0]["name"] = pod["initContainers"][0]["name"]
    ((at, why),) = problems(CRON, inputs)
    assert at == "spec.jobTemplate.spec.template.spec.containers[0].name"
    assert "Duplicate value" in why
