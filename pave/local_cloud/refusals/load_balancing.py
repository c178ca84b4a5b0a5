"""Cloud Load Balancing, and the groups of endpoints that GKE fills for it."""

from collections.abc import Iterator

from pave.local_cloud.kubernetes import endpoint_groups
from pave.local_cloud.refusal import ERRORS, ApiError, CloudCall
from stacks.properties import revealed
from stacks.providers.compute import ENDPOINT_GROUP

BACKEND = "gcp:compute/backendService:BackendService"
SERVICE = "kubernetes:core/v1:Service"
CONTROLLER = "https://github.com/kubernetes/ingress-gce/blob/master/pkg/neg/syncers/utils.go"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A backend names only groups that exist, and GKE fills none that it can't tell from another's."""
    if asked.after is None:
        return
    if asked.token == BACKEND:
        there = {name for each in asked.others for name in (each.id, each.outputs.get("selfLink"))}
        for backend in asked.after.get("backends") or ():
            if backend["group"] not in there:
                what = f"The resource {backend['group']} was not found, notFound"
                yield ApiError(404, what, ERRORS)
    if asked.token == SERVICE:
        groups = set(endpoint_groups(asked.after).values())
        for each in asked.others:
            inputs = revealed(each.inputs)
            if each.type == ENDPOINT_GROUP and inputs["name"] in groups and not inputs.get("description"):
                what = f"found a custom named neg {inputs['name']} with an empty description"
                yield ApiError(0, what, CONTROLLER)
