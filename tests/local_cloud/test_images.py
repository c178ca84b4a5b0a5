"""Pods of the local cloud don't start without their images."""

import pytest

from pave.local_cloud.refusal import CloudCall, refused
from pave.local_cloud.settings import IMAGE, checked
from stacks.pods import containers
from tests.components.service_plans import named, one
from tests.kubernetes.planned import known

ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
CRON = "kubernetes:batch/v1:CronJob"


@pytest.mark.parametrize("missing", [True, False])
def test_whoever_waits_for_pods_without_their_image_gives_up(missing: bool) -> None:
    inputs = known(named(":Rollout", "customersdot-web").inputs)
    for _, container in containers(ROLLOUT, inputs):
        kind, name, value = checked(IMAGE, container["image"], "missing" if missing else "there")
        settings = {(kind, name): value}
        found = list(refused(CloudCall(ROLLOUT, "cluster", None, inputs, None, [], settings)))
        pulled = [str(each) for each in found if "ImagePullBackOff" in each.what]
        assert len(pulled) == missing
        assert all(container["image"] in each for each in pulled)


def test_nobody_waits_for_the_pods_of_a_schedule() -> None:
    inputs = known(one(":CronJob").inputs)
    images = [checked(IMAGE, each["image"], "missing") for _, each in containers(CRON, inputs)]
    settings = {(kind, name): value for kind, name, value in images}
    assert list(refused(CloudCall(CRON, "cluster", None, inputs, None, [], settings))) == []
