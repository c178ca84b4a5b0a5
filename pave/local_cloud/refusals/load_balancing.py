"""Cloud Load Balancing, and the groups of endpoints that GKE fills for it."""

from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.kubernetes import endpoint_groups
from pave.local_cloud.refusal import ERRORS, ApiError, CloudCall
from stacks.properties import revealed
from stacks.providers.compute import ENDPOINT_GROUP

BACKEND = "gcp:compute/backendService:BackendService"
FORWARDING_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
FORWARDING = "https://cloud.google.com/load-balancing/docs/forwarding-rule-concepts"
SERVICE = "kubernetes:core/v1:Service"
CONTROLLER = "https://github.com/kubernetes/ingress-gce/blob/master/pkg/neg/syncers/utils.go"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A backend names only groups that exist, GKE fills none that it can't tell from another's, and an
    address leads to one proxy for each of its ports."""
    if asked.after is None:
        return
    if asked.token == FORWARDING_RULE:
        way = _way(asked.after)
        if any(
            each.type == FORWARDING_RULE and each.scope == asked.scope and _way(revealed(each.inputs)) == way
            for each in asked.others
        ):
            what = f"Invalid value for field 'resource.IPAddress': '{way[0]}'. Specified IP address is in-use"
            yield ApiError(400, f"{what} and would result in a conflict., invalid", FORWARDING)
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


def _way(rule: Json) -> tuple[object, object]:
    return rule.get("ipAddress"), rule.get("portRange")
