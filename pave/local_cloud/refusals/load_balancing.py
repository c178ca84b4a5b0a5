"""Cloud Load Balancing, and the groups of endpoints that GKE fills for it."""

from collections.abc import Iterator, Sequence

from catalog.document import Json
from pave.local_cloud.kubernetes import endpoint_groups
from pave.local_cloud.refusal import ERRORS, ApiError, CloudCall
from pave.local_cloud.store import StoredResource
from stacks.properties import revealed
from stacks.providers.compute import BACKEND_SERVICE, ENDPOINT_GROUP
from stacks.providers.routes import URL_MAP

FORWARDING_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
FORWARDING = "https://cloud.google.com/load-balancing/docs/forwarding-rule-concepts"
SERVICE = "kubernetes:core/v1:Service"
CONTROLLER = "https://github.com/kubernetes/ingress-gce/blob/master/pkg/neg/syncers/utils.go"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A backend names only groups that exist, routes lead to backends that do, and while one leads there, it
    stays; GKE fills no group that it can't tell from another's, and an address leads to one proxy for each of
    its ports."""
    yield from _routes(asked)
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
    if asked.token == BACKEND_SERVICE:
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


def _routes(asked: CloudCall) -> Iterator[ApiError]:
    if asked.token == URL_MAP and asked.after is not None:
        made = {name for each in asked.others if each.type == BACKEND_SERVICE for name in _names(each)}
        for service in sorted(_led_to(asked.after) - made):
            yield ApiError(404, f"The resource '{service}' was not found, notFound", ERRORS)
    elif asked.token == BACKEND_SERVICE and asked.after is None and asked.held is not None:
        yield from _in_use(asked.held, asked.others)


def _names(held: StoredResource) -> set[str]:
    return {held.id, str(held.outputs.get("selfLink"))}


def _in_use(held: StoredResource, others: Sequence[StoredResource]) -> Iterator[ApiError]:
    names = _names(held)
    for each in others:
        if each.type == URL_MAP and names & _led_to(revealed(each.inputs)):
            what = f"The backend_service resource '{held.id}' is already being used by '{each.id}'"
            yield ApiError(400, f"{what}, resourceInUseByAnotherResource", ERRORS)


def _led_to(url_map: Json) -> set[str]:
    """The backends to which a map of routes leads."""
    matchers = url_map.get("pathMatchers") or ()
    led = [rule.get("service") for each in matchers for rule in each.get("pathRules") or ()]
    led += [each.get("defaultService") for each in (url_map, *matchers)]
    return {service for service in led if isinstance(service, str)}


def _way(rule: Json) -> tuple[object, object]:
    return rule.get("ipAddress"), rule.get("portRange")
