"""Google's Managed Service for Prometheus: what its custom resource definitions and webhooks refuse.

https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/doc/api.md."""

import re
from collections.abc import Callable, Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.cluster import CLUSTER
from stacks.providers.kubernetes import GLOBAL_RULES, OPERATOR_CONFIG, POD_MONITORING, RULES

PAGE = "https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed"

DURATION = re.compile(r"(?=.)" + "".join(f"([0-9]+{unit})?" for unit in ("y", "w", "d", "h", "m", "s", "ms")))
"""https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations"""
METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

OF_A_GROUP = {"name", "interval", "rules"}
OF_A_RULE = {"record", "alert", "expr", "for", "labels", "annotations"}
OF_AN_ENDPOINT = {
    *("port", "scheme", "params", "path", "interval", "timeout", "metricRelabeling"),
    *("proxyUrl", "tls", "basicAuth", "authorization", "oauth2"),
}
FOUND_BY = {"name", "namespace", "port"}
OF_AN_ALERTMANAGER = FOUND_BY | {"apiVersion", "authorization", "pathPrefix", "scheme", "timeout", "tls"}
OF_THE_EVALUATOR = {"alerting", "credentials", "externalLabels", "generatorUrl", "queryProjectID"}
OWN = {"project_id", "location", "cluster", "namespace"}
"""Labels that say where a series is from, which no rule may set."""


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Objects that the operator doesn't know, or that it would not use as they are."""
    kind = asked.token.rpartition(":")[2].removesuffix("Patch")
    if asked.token not in WRONG or asked.after is None:
        return
    for cluster in asked.others:
        is_its_own = cluster.type == CLUSTER and "/".join(cluster.id.split("/")[1::2]) == asked.scope
        if is_its_own and not _collects(cluster.inputs):
            what = f'no matches for kind "{kind}" in version "monitoring.googleapis.com/v1"'
            yield ApiError(404, what, PAGE)
    found = WRONG[asked.token](asked.after)
    yield from (ApiError(422, f"{kind} is invalid: {field} {why}", PAGE) for field, why in found)


def _collects(cluster: Json) -> bool:
    config = cluster.get("monitoringConfig") or {}
    return bool((config.get("managedPrometheus") or {}).get("enabled"))


Wrongs = Iterator[tuple[str, str]]


def _wrong_scrape(object_: Json) -> Wrongs:
    spec = object_["spec"]
    if not spec["endpoints"]:
        yield "spec.endpoints", "must have at least 1 item"
    for i, endpoint in enumerate(spec["endpoints"]):
        at = f"spec.endpoints[{i}]"
        yield from _unknown(at, endpoint, OF_AN_ENDPOINT)
        if endpoint.get("port") in {None, ""}:
            yield f"{at}.port", "is required"
        for field in ("interval", "timeout"):
            if DURATION.fullmatch(endpoint.get(field, "1m")) is None:
                yield f"{at}.{field}", "is no duration"


def _wrong_rules(object_: Json) -> Wrongs:
    spec = object_["spec"]
    names = [group.get("name") for group in spec["groups"]]
    for i, group in enumerate(spec["groups"]):
        at = f"spec.groups[{i}]"
        yield from _unknown(at, group, OF_A_GROUP)
        yield from ((f"{at}.{field}", "is required") for field in sorted(OF_A_GROUP - group.keys()))
        if names.count(group.get("name")) > 1:
            yield f"{at}.name", "stands twice"
        if DURATION.fullmatch(group.get("interval", "1m")) is None:
            yield f"{at}.interval", "is no duration"
        for j, rule in enumerate(group.get("rules", ())):
            yield from _wrong_rule(f"{at}.rules[{j}]", rule)


def _wrong_rule(at: str, rule: Json) -> Wrongs:
    yield from _unknown(at, rule, OF_A_RULE)
    if ("record" in rule) == ("alert" in rule):
        yield at, "must have exactly one of record and alert"
    if not rule.get("expr"):
        yield f"{at}.expr", "is required"
    if METRIC.fullmatch(rule.get("record", "a")) is None:
        yield f"{at}.record", "is no name of a metric"
    for field in ("for", "annotations"):
        if "record" in rule and field in rule:
            yield f"{at}.{field}", "is only valid if alert is set"
    if DURATION.fullmatch(rule.get("for", "1m")) is None:
        yield f"{at}.for", "is no duration"
    for label in rule.get("labels", {}):
        if LABEL.fullmatch(label) is None or label == "__name__":
            yield f"{at}.labels", f"has {label}, which is no name of a label"
        if label in OWN:
            yield f"{at}.labels", f"has {label}, which says where a series is from"


def _wrong_config(object_: Json) -> Wrongs:
    """By its admission policies and its schema there is only one, and each Alertmanager is found by three
    fields: https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/manifests/."""
    metadata = object_["metadata"]
    for field, only in (("name", "config"), ("namespace", "gmp-public")):
        if metadata.get(field) != only:
            yield f"metadata.{field}", f"is not {only}"
    yield from _unknown("rules", object_["rules"], OF_THE_EVALUATOR)
    alerting = object_["rules"].get("alerting") or {}
    yield from _unknown("rules.alerting", alerting, {"alertmanagers"})
    for i, told in enumerate(alerting.get("alertmanagers") or ()):
        at = f"rules.alerting.alertmanagers[{i}]"
        yield from _unknown(at, told, OF_AN_ALERTMANAGER)
        yield from ((f"{at}.{field}", "is required") for field in sorted(FOUND_BY - told.keys()))


WRONG: dict[str, Callable[[Json], Wrongs]] = {
    GLOBAL_RULES: _wrong_rules,
    OPERATOR_CONFIG: _wrong_config,
    POD_MONITORING: _wrong_scrape,
    RULES: _wrong_rules,
}


def _unknown(at: str, value: Json, known: set[str]) -> Wrongs:
    yield from ((f"{at}.{field}", "is unknown") for field in sorted(value.keys() - known))
