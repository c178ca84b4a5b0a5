"""The local cloud takes those network policies by host name that GKE takes, on clusters that know them."""

from typing import Any

import pytest

from pave.local_cloud.refusal import CloudCall, refused
from pave.local_cloud.store import StoredResource
from stacks.providers.cluster import CLUSTER
from stacks.providers.kubernetes import FQDN_NETWORK_POLICY

PORTS = [{"protocol": "TCP", "port": 443}]
HTTPS = {"matches": [{"name": "api.vendor.example"}, {"pattern": "*.vendor.example"}], "ports": PORTS}


def said(egress: list[Any], *others: StoredResource) -> list[str]:
    inputs = {"metadata": {"name": "vendor"}, "spec": {"podSelector": {}, "egress": egress}}
    call = CloudCall(FQDN_NETWORK_POLICY, "acme/us-east1/production", None, inputs, None, others)
    return [str(error) for error in refused(call)]


def cluster(name: str, **inputs: Any) -> StoredResource:
    id_ = f"projects/acme/locations/us-east1/clusters/{name}"
    return StoredResource("acme", CLUSTER, id_, "urn", inputs, {}, "", "")


def test_hosts_by_name_and_by_pattern_are_taken() -> None:
    assert said([HTTPS], cluster("production", enableFqdnNetworkPolicy=True)) == []


@pytest.mark.parametrize(
    ("egress", "why"),
    [
        ([], "spec.egress must have at least 1 item"),
        ([{"ports": PORTS}], "spec.egress[0].matches must have at least 1 item"),
        ([HTTPS, {**HTTPS, "to": []}], "spec.egress[1].to is unknown"),
        ([{"matches": [{}]}], "matches[0] must have exactly one of name and pattern"),
        ([{"matches": [{"name": "a.example", "pattern": "*.a.example"}]}], "exactly one of name and pattern"),
        ([{"matches": [{"host": "a.example"}]}], "exactly one of name and pattern"),
        ([{"matches": [{"name": "*.vendor.example"}]}], "matches[0].name should match"),
        ([{"matches": [{"name": "https://vendor.example"}]}], "matches[0].name should match"),
        ([{"matches": [{"pattern": "-*.vendor.example"}]}], "matches[0].pattern should match"),
        ([{**HTTPS, "ports": [{"protocol": "SCTP"}]}], "ports[0].protocol must be one of ALL, TCP, UDP"),
        ([{**HTTPS, "ports": [{"port": 0}]}], "ports[0].port must be from 1 to 65535"),
    ],
)
def test_what_the_kind_does_not_allow_is_refused_at_its_field(egress: list[Any], why: str) -> None:
    (error,) = said(egress)
    assert why in error


def test_a_cluster_without_them_does_not_know_the_kind() -> None:
    (error,) = said([HTTPS], cluster("production"), cluster("staging", enableFqdnNetworkPolicy=True))
    assert "no matches for kind" in error
    assert said([HTTPS], cluster("staging")) == []
