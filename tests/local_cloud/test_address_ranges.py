"""Ranges that Google takes for no subnet, no control plane and no managed stores."""

from typing import Any

import pytest

from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.address_ranges import refusals
from stacks.providers.cluster import CLUSTER
from stacks.providers.compute import GLOBAL_ADDRESS, SUBNET


def said(token: str, **inputs: Any) -> list[str]:
    return [str(each) for each in refusals(CloudCall(token, "acme", None, inputs, None, ()))]


def secondary(pods: str, services: str) -> list[dict[str, str]]:
    return [
        {"rangeName": "pods", "ipCidrRange": pods},
        {"rangeName": "services", "ipCidrRange": services},
    ]


@pytest.mark.parametrize(
    ("token", "inputs", "why"),
    [
        (SUBNET, {"ipCidrRange": "8.8.0.0/20"}, "is the internet's"),
        (SUBNET, {"secondaryIpRanges": secondary("172.17.0.0/16", "10.8.0.0/20")}, "every Docker"),
        (SUBNET, {"secondaryIpRanges": secondary("10.4.0.0/14", "10.8.0.0/29")}, "services take"),
        (CLUSTER, {"privateClusterConfig": {"masterIpv4CidrBlock": "10.0.0.0/27"}}, "controlPlane take /28"),
        (
            GLOBAL_ADDRESS,
            {"purpose": "VPC_PEERING", "address": "10.0.0.0", "prefixLength": 26},
            "stores take a /24",
        ),
    ],
)
def test_a_range_that_google_does_not_take_is_refused(token: str, inputs: dict[str, Any], why: str) -> None:
    (found,) = said(token, **inputs)
    assert why in found
    assert "https://" in found


def test_ranges_that_google_takes_are_made() -> None:
    assert (
        said(SUBNET, ipCidrRange="10.0.0.0/20", secondaryIpRanges=secondary("10.4.0.0/14", "10.8.0.0/20"))
        == []
    )
    assert said(CLUSTER, privateClusterConfig={"masterIpv4CidrBlock": "172.16.0.0/28"}) == []
    assert said(GLOBAL_ADDRESS, addressType="EXTERNAL") == []
