"""GKE's network policies by host name, as their custom resource definition and its page say."""

import re
from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.cluster import CLUSTER
from stacks.providers.kubernetes import FQDN_NETWORK_POLICY

PAGE = "https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies"

FORMS = {
    "name": re.compile(r"([a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?)+"),
    "pattern": re.compile(r"([a-zA-Z0-9*]([-a-zA-Z0-9_*]*[a-zA-Z0-9*])?\.?)+"),
}

PROTOCOLS = {"TCP", "UDP", "ALL"}


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Rules that name nobody or name them in two ways at once, names with wildcards, ports that there aren't,
    and all of them on a cluster that doesn't know this kind."""
    if asked.token != FQDN_NETWORK_POLICY or asked.after is None:
        return
    for cluster in asked.others:
        is_its_own = cluster.type == CLUSTER and "/".join(cluster.id.split("/")[1::2]) == asked.scope
        if is_its_own and not cluster.inputs.get("enableFqdnNetworkPolicy"):
            what = 'no matches for kind "FQDNNetworkPolicy" in version "networking.gke.io/v1alpha1"'
            yield ApiError(404, what, PAGE)
    spec = asked.after["spec"]
    if not spec["egress"]:
        yield _invalid("spec.egress", "must have at least 1 item")
    for i, rule in enumerate(spec["egress"]):
        yield from _wrong_rule(f"spec.egress[{i}]", rule)


def _wrong_rule(at: str, rule: Json) -> Iterator[ApiError]:
    yield from (
        _invalid(f"{at}.{field}", "is unknown") for field in sorted(rule.keys() - {"matches", "ports"})
    )
    if not rule.get("matches"):
        yield _invalid(f"{at}.matches", "must have at least 1 item")
    for j, match in enumerate(rule.get("matches") or ()):
        if len(match) != 1 or not match.keys() <= FORMS.keys():
            yield _invalid(f"{at}.matches[{j}]", "must have exactly one of name and pattern")
            continue
        ((form, host),) = match.items()
        if FORMS[form].fullmatch(host) is None:
            yield _invalid(f"{at}.matches[{j}].{form}", f"should match '{FORMS[form].pattern}'")
    for j, port in enumerate(rule.get("ports") or ()):
        if port.get("protocol", "ALL") not in PROTOCOLS:
            yield _invalid(f"{at}.ports[{j}].protocol", f"must be one of {', '.join(sorted(PROTOCOLS))}")
        if not 1 <= port.get("port", 1) <= 65535:
            yield _invalid(f"{at}.ports[{j}].port", "must be from 1 to 65535")


def _invalid(field: str, why: str) -> ApiError:
    return ApiError(422, f"FQDNNetworkPolicy is invalid: {field} {why}", PAGE)
