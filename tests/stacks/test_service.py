import json
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest

from catalog.loader import load
from stacks.programs.service import program
from stacks.recording.model import Recording
from stacks.recording.recorder import record

CATALOG = load(Path(__file__).parents[2] / "catalog")
FOUNDATION = {
    "network_id": "projects/acme-subscriptions-prod/global/networks/production-network",
    "network_self_link": "https://network",
    "subnet_id": "projects/acme-subscriptions-prod/regions/us-east1/subnetworks/production-nodes",
    "private_connection_id": "connection",
    "private_range": "production-stores",
    "nat_addresses": ["203.0.113.1"],
    "cluster_name": "production-cluster",
    "cluster_dns_endpoint": "gke-1.us-east1.gke.goog",
    "cluster_endpoint": "172.16.0.2",
    "cluster_ca_certificate": "Y2VydGlmaWNhdGU=",
    "workload_pool": "acme-subscriptions-prod.svc.id.goog",
    "node_service_account": "nodes@acme-subscriptions-prod.iam.gserviceaccount.com",
    "dns_zone": "acme-example",
    "dns_name_servers": ["ns.example."],
    "pubsub_agent": "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com",
}


@cache
def recording(name: str = "customersdot", environment: str = "production") -> Recording:
    """Of a service on a foundation that stands."""
    return record(
        lambda: program(CATALOG, name, environment),
        project="pave",
        stack=f"service.{name}.{environment}",
        references={f"organization/pave/foundation.{environment}": FOUNDATION},
    )


def provider(package: str) -> dict[str, Any]:
    (found,) = [r.inputs for r in recording().resources if r.type == f"pulumi:providers:{package}"]
    return found


def test_the_cluster_is_reached_as_whoever_runs_the_program_and_without_a_token() -> None:
    assert json.loads(provider("kubernetes")["kubeconfig"]) == {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "production-cluster",
                "cluster": {"server": "https://gke-1.us-east1.gke.goog"},
            }
        ],
        "users": [
            {
                "name": "production-cluster",
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "gke-gcloud-auth-plugin",
                        "installHint": "Install it with `gcloud components install gke-gcloud-auth-plugin`.",
                        "interactiveMode": "Never",
                        "provideClusterInfo": True,
                    }
                },
            }
        ],
        "contexts": [
            {
                "name": "production-cluster",
                "context": {"cluster": "production-cluster", "user": "production-cluster"},
            }
        ],
        "current-context": "production-cluster",
    }


def test_a_cluster_is_the_same_one_whatever_its_address() -> None:
    assert (
        provider("kubernetes")["clusterIdentifier"] == "acme-subscriptions-prod/us-east1/production-cluster"
    )


def test_fields_that_nobody_gave_are_left_to_whoever_set_them() -> None:
    assert provider("kubernetes")["enableServerSideApply"] == "true"


def test_the_project_and_region_are_the_environment_s() -> None:
    assert provider("gcp") == {
        "project": "acme-subscriptions-prod",
        "region": "us-east1",
        "version": provider("gcp")["version"],
    }


def test_stores_stand_in_the_network_of_the_foundation() -> None:
    (redis,) = [r.inputs for r in recording().resources if r.type == "gcp:redis/instance:Instance"]
    assert redis["authorizedNetwork"] == FOUNDATION["network_id"]


WHOLE = "where it answers for the whole domain"


def test_the_outputs_say_where_the_service_is() -> None:
    assert recording().outputs == {
        "url": "https://customers.acme.example",
        "records_elsewhere": [
            {
                "name": name,
                "type": kind,
                "values": values,
                "holder": "cloudflare",
                "why": why,
            }
            for name, kind, values, why in (
                (
                    "customers.acme.example",
                    "CNAME",
                    ["origin.customers.acme.example."],
                    "proxied: leads customers to the proxy, and it here",
                ),
                (
                    "origin.customers.acme.example",
                    "A",
                    [{"$unknown": []}],
                    f"{WHOLE}, not proxied: leads the proxy here",
                ),
                (
                    {"$unknown": []},
                    "CNAME",
                    [{"$unknown": []}],
                    f"{WHOLE}: proves the host, so that Google makes its certificate",
                ),
            )
        ],
        "addresses": [{"$unknown": []}],
        "databases": {"db": {"$unknown": []}},
        "caches": {"redis": {"$unknown": []}},
    }


def test_a_service_that_is_not_in_the_catalog_is_named_with_those_that_are() -> None:
    with pytest.raises(pulumi.RunError, match=r"no usable service `customerdot` .*customersdot"):
        recording("customerdot")


def test_a_service_without_a_usable_environment_says_which_there_are() -> None:
    with pytest.raises(pulumi.RunError, match=r"services/customersdot\.yaml:\d+:\d+.*`moon`.*production"):
        recording(environment="moon")
