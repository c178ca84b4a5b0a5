"""The local cloud takes those scrapes and rules that Google's operator takes, on clusters that have one."""

from typing import Any

import pytest

from pave.local_cloud.kubernetes import problems
from pave.local_cloud.refusal import CloudCall, refused
from pave.local_cloud.store import StoredResource
from stacks.providers.cluster import CLUSTER
from stacks.providers.kubernetes import GLOBAL_RULES, OPERATOR_CONFIG, POD_MONITORING, RULES

RECORDED = {"record": "sli:bad:rate5m", "expr": "sum(rate(bad_total[5m]))", "labels": {"sli": "a"}}
ALERT = {"alert": "Burn", "expr": "sli:bad:rate5m > 1", "for": "2m", "annotations": {"summary": "It burns."}}
GROUP = {"name": "all", "interval": "1m", "rules": [RECORDED, ALERT]}
ENDPOINT = {"port": 8080, "path": "/metrics", "interval": "30s"}


def said(token: str, spec: dict[str, Any], *others: StoredResource) -> list[str]:
    inputs = {"metadata": {"name": "portal", "namespace": "portal"}, "spec": spec}
    call = CloudCall(token, "acme/us-east1/production", None, inputs, None, others)
    return [str(error) for error in refused(call)]


def rules(*rules: dict[str, Any], **group: Any) -> dict[str, Any]:
    return {"groups": [{**GROUP, "rules": list(rules) or GROUP["rules"], **group}]}


def cluster(name: str, **inputs: Any) -> StoredResource:
    id_ = f"projects/acme/locations/us-east1/clusters/{name}"
    return StoredResource("acme", CLUSTER, id_, "urn", inputs, {}, "", "")


COLLECTING = {"monitoringConfig": {"managedPrometheus": {"enabled": True}}}


@pytest.mark.parametrize("token", [RULES, GLOBAL_RULES])
def test_rules_as_prometheus_knows_them_are_taken(token: str) -> None:
    assert said(token, rules(), cluster("production", **COLLECTING)) == []


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (rules({**RECORDED, "alert": "Both"}), "rules[0] must have exactly one of record and alert"),
        (rules({"expr": "up"}), "rules[0] must have exactly one of record and alert"),
        (rules({"record": "a"}), "rules[0].expr is required"),
        (rules({**RECORDED, "record": "bad ratio"}), "rules[0].record is no name of a metric"),
        (rules({**RECORDED, "for": "1m"}), "rules[0].for is only valid if alert is set"),
        (rules({**ALERT, "for": "2 minutes"}), "rules[0].for is no duration"),
        (rules({**ALERT, "for": ""}), "rules[0].for is no duration"),
        (rules({**ALERT, "keep_firing_for": "2m"}), "rules[0].keep_firing_for is unknown"),
        (rules({**ALERT, "labels": {"cost-centre": "a"}}), "rules[0].labels has cost-centre"),
        (rules({**ALERT, "labels": {"cluster": "a"}}), "rules[0].labels has cluster"),
        (rules(interval="often"), "groups[0].interval is no duration"),
        (rules(limit=3), "groups[0].limit is unknown"),
        ({"groups": [{"name": "all", "interval": "1m"}]}, "groups[0].rules is required"),
    ],
)
def test_what_the_operator_does_not_take_is_refused_at_its_field(spec: dict[str, Any], why: str) -> None:
    (error,) = said(RULES, spec)
    assert why in error


def test_two_groups_of_one_name_are_refused() -> None:
    assert all("name stands twice" in error for error in said(RULES, {"groups": [GROUP, GROUP]}))
    assert len(said(RULES, {"groups": [GROUP, GROUP]})) == 2


@pytest.mark.parametrize(
    ("endpoints", "why"),
    [
        ([], "spec.endpoints must have at least 1 item"),
        ([{"path": "/metrics"}], "endpoints[0].port is required"),
        ([{**ENDPOINT, "interval": "half a minute"}], "endpoints[0].interval is no duration"),
        ([{**ENDPOINT, "honorLabels": True}], "endpoints[0].honorLabels is unknown"),
    ],
)
def test_a_scrape_that_asks_nobody_is_refused(endpoints: list[Any], why: str) -> None:
    assert said(POD_MONITORING, {"selector": {}, "endpoints": [ENDPOINT]}) == []
    (error,) = said(POD_MONITORING, {"selector": {}, "endpoints": endpoints})
    assert why in error


def test_a_cluster_that_collects_nothing_does_not_know_the_kinds() -> None:
    for token in (RULES, GLOBAL_RULES):
        (error,) = said(token, rules(), cluster("production"))
        assert "no matches for kind" in error
        assert said(token, rules(), cluster("staging")) == []


def test_rules_for_all_namespaces_stand_in_none() -> None:
    def wrong(token: str, **metadata: str) -> list[str]:
        spec = {"groups": [GROUP]}
        return [
            field for field, _ in problems(token, {"metadata": {"name": "portal", **metadata}, "spec": spec})
        ]

    assert wrong(GLOBAL_RULES) == []
    assert wrong(GLOBAL_RULES, namespace="portal") == ["metadata"]
    assert wrong(RULES, namespace="portal") == []
    assert wrong(RULES) == ["metadata"]


TOLD = {"namespace": "observability", "name": "alertmanager", "port": 9093}


@pytest.mark.parametrize(
    ("metadata", "told", "why"),
    [
        ({"name": "config", "namespace": "gmp-public"}, TOLD, None),
        ({"name": "mine", "namespace": "gmp-public"}, TOLD, "metadata.name is not config"),
        ({"name": "config", "namespace": "portal"}, TOLD, "metadata.namespace is not gmp-public"),
        (
            {"name": "config", "namespace": "gmp-public"},
            {"name": "alertmanager", "port": 9093},
            "alertmanagers[0].namespace is required",
        ),
        (
            {"name": "config", "namespace": "gmp-public"},
            {**TOLD, "url": "http://alertmanager:9093"},
            "alertmanagers[0].url is unknown",
        ),
    ],
)
def test_only_the_one_configuration_of_the_operator_is_patched_and_with_what_it_knows(
    metadata: dict[str, str], told: dict[str, Any], why: str | None
) -> None:
    inputs = {"metadata": metadata, "rules": {"alerting": {"alertmanagers": [told]}}}
    call = CloudCall(OPERATOR_CONFIG, "acme/us-east1/production", None, inputs, None, ())
    said = [str(error) for error in refused(call)]
    assert len(said) == (why is not None)
    assert all(str(why) in each for each in said)
    assert [field for field, _ in problems(OPERATOR_CONFIG, {"metadata": metadata})] == ["rules"]
