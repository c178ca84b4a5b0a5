"""The nodes, which pull the images of the pods."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.settings import is_there
from stacks.pods import CRON_JOB, PODS, containers

PULLING = "https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Pods don't start without their images, and whoever waits for them gives up. Nobody waits for the pods
    of a schedule."""
    if asked.after is None or asked.token not in PODS or asked.token == CRON_JOB:
        return
    for _, container in containers(asked.token, asked.after):
        image = container["image"]
        if not is_there(asked.settings, image):
            what = f"ImagePullBackOff: Back-off pulling image {image}: not found"
            yield ApiError(0, f"{what}. Timed out waiting for the pods to be ready", PULLING)
