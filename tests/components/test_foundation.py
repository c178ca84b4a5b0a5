from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pulumi
import pytest

from catalog.loader import load
from stacks.plan import Plan, PlannedResource, plan_of
from stacks.programs.foundation import program
from stacks.programs.outputs import FoundationOutputs
from stacks.providers.access import ENABLED_API
from stacks.providers.apis import apis_of
from stacks.providers.table import TYPES
from stacks.recording.model import Recording
from stacks.recording.recorder import record
from tests.components.sdk_types import input_names, mistakes

CATALOG = load(Path(__file__).parents[2] / "catalog")
STATEFUL = {token for token, row in TYPES.items() if row.is_stateful}
PROVIDER = "urn:pulumi:foundation.production::pave::pulumi:providers:gcp::gcp"

both = pytest.mark.parametrize("environment", ["production", "staging"])


@cache
def recording(environment: str) -> Recording:
    return record(lambda: program(CATALOG, environment), project="pave", stack=f"foundation.{environment}")


def plan(environment: str = "production") -> Plan:
    return plan_of(recording(environment))


def cloud_resources(environment: str = "production") -> Iterator[PlannedResource]:
    return (r for r in plan(environment).resources if r.type.startswith("gcp:"))


def all_of(kind: str, environment: str = "production") -> list[PlannedResource]:
    return [resource for resource in plan(environment).resources if resource.type == kind]


def one(kind: str, environment: str = "production") -> PlannedResource:
    (resource,) = all_of(kind, environment)
    return resource


def urns(unknown: Any) -> set[str]:
    """What an unknown value depends on."""
    return set(unknown["$unknown"])


@both
def test_the_sdk_knows_every_input_and_misses_none(environment: str) -> None:
    assert {r.urn: found for r in recording(environment).resources if (found := mistakes(r))} == {}


@both
def test_every_resource_leads_to_a_line_of_its_environment(environment: str) -> None:
    resources = [r for r in plan(environment).resources if not r.type.startswith("pulumi:providers:")]
    origins = [resource.origin for resource in resources]
    said = {f"environments/{environment}.yaml", f"zones/{environment}.yaml"}
    assert {None if origin is None else origin.document for origin in origins} <= said
    assert all(origin is not None and origin.written for origin in origins)


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("gcp:compute/network:Network", "/spec/network"),
        ("gcp:compute/globalAddress:GlobalAddress", "/spec/network/stores"),
        ("gcp:compute/routerNat:RouterNat", "/spec/egressAddresses"),
        ("gcp:container/cluster:Cluster", "/spec/cluster"),
        ("gcp:container/nodePool:NodePool", "/spec/cluster"),
        ("gcp:dns/managedZone:ManagedZone", "/spec/dns"),
        ("gcp:binaryauthorization/policy:Policy", "/spec/imageRegistries"),
        ("gcp:storage/bucket:Bucket", "/spec/project"),
    ],
)
def test_a_resource_comes_from_the_part_of_the_environment_that_asks_for_it(kind: str, pointer: str) -> None:
    origin = one(kind).origin
    assert origin is not None
    assert origin.pointer == pointer


@both
def test_all_that_can_bear_labels_bears_them(environment: str) -> None:
    wanted = {
        "cost-centre": "platform",
        "env": environment,
        "managed-by": "pave",
        "stack": f"foundation_{environment}",
        "team": "platform",
    }
    labelled = set()
    for resource in cloud_resources(environment):
        for name in input_names(resource.type) & {"labels", "resourceLabels", "userLabels"}:
            assert resource.inputs.get(name) == wanted, resource.urn
            labelled.add(resource.type.split(":")[-1])
    node_pool = one("gcp:container/nodePool:NodePool", environment)
    assert node_pool.inputs["nodeConfig"]["resourceLabels"] == wanted
    assert labelled >= {"Address", "Bucket", "Cluster", "CryptoKey", "GlobalAddress", "ManagedZone"}


def test_no_resource_uses_a_default_provider_or_stands_outside_a_component() -> None:
    for resource in cloud_resources():
        assert resource.options.provider == PROVIDER
        assert resource.parent is not None
        assert "$pave:foundation:" in resource.parent


def test_the_provider_is_that_of_the_environments_project_and_region() -> None:
    inputs = one("pulumi:providers:gcp").inputs
    assert (inputs["project"], inputs["region"]) == ("acme-subscriptions-prod", "us-east1")


@both
def test_names_are_explicit_so_that_a_lost_resource_can_be_found_again(environment: str) -> None:
    for resource in cloud_resources(environment):
        # Records have names that several may share.
        if "name" in input_names(resource.type) and resource.type != "gcp:dns/recordSet:RecordSet":
            assert resource.inputs["name"] == resource.name


def test_what_keeps_state_is_protected_and_retained_in_production() -> None:
    guarded = {r.type for r in cloud_resources() if r.options.protect and r.options.retain_on_delete}
    assert guarded == STATEFUL & {r.type for r in cloud_resources()}
    assert all(r.options.protect for r in cloud_resources() if r.type in STATEFUL)
    assert one("gcp:container/cluster:Cluster").inputs["deletionProtection"] is True


def test_only_what_is_never_deleted_is_protected_where_the_environment_is_not() -> None:
    kept = {r.type for r in cloud_resources("staging") if r.options.protect and r.options.retain_on_delete}
    assert kept == {token for token in STATEFUL if TYPES[token].is_forever} != set()
    assert one("gcp:container/cluster:Cluster", "staging").inputs["deletionProtection"] is False


def test_the_network_has_ranges_for_pods_and_services_and_logs_its_flows() -> None:
    assert one("gcp:compute/network:Network").inputs["autoCreateSubnetworks"] is False
    subnet = one("gcp:compute/subnetwork:Subnetwork").inputs
    assert subnet["ipCidrRange"] == "10.0.0.0/20"
    assert subnet["secondaryIpRanges"] == [
        {"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"},
        {"rangeName": "services", "ipCidrRange": "10.8.0.0/20"},
    ]
    assert subnet["privateIpGoogleAccess"] is True
    assert subnet["logConfig"]["flowSampling"] > 0


def test_managed_stores_get_private_addresses_in_the_network() -> None:
    address, connection = (
        one("gcp:compute/globalAddress:GlobalAddress"),
        one("gcp:servicenetworking/connection:Connection"),
    )
    assert (address.inputs["purpose"], address.inputs["addressType"]) == ("VPC_PEERING", "INTERNAL")
    assert (address.inputs["address"], address.inputs["prefixLength"]) == ("10.16.0.0", 20)
    assert connection.inputs["reservedPeeringRanges"] == [address.name]
    assert urns(connection.inputs["network"]) == {one("gcp:compute/network:Network").urn}
    assert address.urn in connection.options.depends_on


def test_calls_leave_from_exactly_the_reserved_addresses() -> None:
    addresses = all_of("gcp:compute/address:Address")
    nat = one("gcp:compute/routerNat:RouterNat").inputs
    assert [address.inputs["addressType"] for address in addresses] == ["EXTERNAL", "EXTERNAL"]
    assert nat["natIpAllocateOption"] == "MANUAL_ONLY"
    assert len(nat["natIps"]) == len(addresses) == 2
    assert urns(nat["natIps"][0]) == {address.urn for address in addresses}
    assert nat["sourceSubnetworkIpRangesToNat"] == "LIST_OF_SUBNETWORKS"
    (subnetwork,) = nat["subnetworks"]
    assert urns(subnetwork["name"]) == {one("gcp:compute/subnetwork:Subnetwork").urn}


def test_a_nat_with_dynamic_ports_has_no_endpoint_independent_mapping() -> None:
    nat = one("gcp:compute/routerNat:RouterNat").inputs
    assert nat["enableDynamicPortAllocation"] is True
    assert nat["enableEndpointIndependentMapping"] is False
    assert (nat["minPortsPerVm"], nat["maxPortsPerVm"]) == (2048, 8192)


def test_only_load_balancers_may_enter_and_only_to_nodes() -> None:
    allow, deny = all_of("gcp:compute/firewall:Firewall")
    (account,) = [r.urn for r in all_of("gcp:serviceaccount/account:Account") if r.name == "production-nodes"]
    assert allow.inputs["sourceRanges"] == ["35.191.0.0/16", "130.211.0.0/22"]
    assert [urns(target) for target in allow.inputs["targetServiceAccounts"]] == [{account}]
    assert "denies" not in allow.inputs
    assert deny.inputs["denies"] == [{"protocol": "all"}]
    assert deny.inputs["sourceRanges"] == ["0.0.0.0/0"]
    assert deny.inputs["priority"] > allow.inputs["priority"]
    assert deny.inputs["logConfig"] == {"metadata": "INCLUDE_ALL_METADATA"}
    assert "allows" not in deny.inputs
    assert "targetServiceAccounts" not in deny.inputs


def test_the_zone_is_public_and_signed() -> None:
    zone = one("gcp:dns/managedZone:ManagedZone").inputs
    assert (zone["dnsName"], zone["visibility"], zone["forceDestroy"]) == ("acme.example.", "public", False)
    assert zone["dnssecConfig"]["state"] == "on"


def test_the_zone_leads_to_that_of_the_environment_below_and_vouches_for_its_key() -> None:
    assert all_of("gcp:dns/recordSet:RecordSet", "staging") == []
    records = all_of("gcp:dns/recordSet:RecordSet")
    key, servers = [made for made in records if made.inputs["name"] == "staging.acme.example."]
    for made, kind in ((servers, "NS"), (key, "DS")):
        assert (made.inputs["name"], made.inputs["type"]) == ("staging.acme.example.", kind)
        assert made.inputs["managedZone"] == one("gcp:dns/managedZone:ManagedZone").name
    staging = CATALOG.documents["Environment"]["staging"].data["spec"]["dns"]["delegation"]
    assert servers.inputs["rrdatas"] == [f"{server}." for server in staging["nameServers"]]
    assert key.inputs["rrdatas"] == staging["ds"]
    assert servers.urn in key.options.depends_on


def test_the_zone_has_what_its_own_file_says() -> None:
    made = {
        (each.inputs["name"], each.inputs["type"]): each.inputs["rrdatas"]
        for each in all_of("gcp:dns/recordSet:RecordSet")
    }
    assert made["acme.example.", "MX"] == ["10 mx1.mail.example.net.", "20 mx2.mail.example.net."]
    assert made["_dmarc.acme.example.", "TXT"][0].startswith('"v=DMARC1; p=reject')


def test_audit_entries_are_kept_a_year_where_nobody_can_publish_or_rewrite_them() -> None:
    bucket, sink = one("gcp:storage/bucket:Bucket"), one("gcp:logging/projectSink:ProjectSink")
    writer = one("gcp:storage/bucketIAMMember:BucketIAMMember")
    assert bucket.inputs["publicAccessPrevention"] == "enforced"
    assert bucket.inputs["uniformBucketLevelAccess"] is True
    assert bucket.inputs["forceDestroy"] is False
    assert bucket.inputs["retentionPolicy"] == {"isLocked": True, "retentionPeriod": str(365 * 86400)}
    assert [rule["condition"]["age"] for rule in bucket.inputs["lifecycleRules"]] == [90, 395]
    assert bucket.inputs["lifecycleRules"][1]["action"] == {"type": "Delete"}
    assert sink.inputs["destination"] == f"storage.googleapis.com/{bucket.name}"
    assert sink.inputs["uniqueWriterIdentity"] is True
    assert writer.inputs["role"] == "roles/storage.objectCreator"
    assert urns(writer.inputs["member"]) == {sink.urn}
    logged = one("gcp:projects/iAMAuditConfig:IAMAuditConfig").inputs
    assert logged["service"] == "allServices"
    assert {"logType": "DATA_READ"} in logged["auditLogConfigs"]


@both
def test_the_outputs_are_those_that_services_refer_to(environment: str) -> None:
    outputs = recording(environment).outputs
    assert sorted(outputs) == sorted(FoundationOutputs.__dataclass_fields__)
    assert outputs["cluster_name"] == f"{environment}-cluster"
    assert outputs["private_range"] == f"{environment}-stores"


def test_a_service_reads_the_outputs_by_the_names_under_which_they_were_exported() -> None:
    def service() -> None:
        foundation = FoundationOutputs.of("production")
        for name in FoundationOutputs.__dataclass_fields__:
            pulumi.export(name, getattr(foundation, name))

    outputs = recording("production").outputs
    references = {"organization/pave/foundation.production": outputs}
    read = record(service, project="pave", stack="service.web.production", references=references).outputs
    known = {name for name, value in outputs.items() if not isinstance(value, dict)}
    assert known == {"cluster_name", "dns_zone", "private_range", "workload_pool"}
    assert {name: read[name] for name in known} == {name: outputs[name] for name in known}
    assert all(read[name] == {"$unknown": []} for name in read.keys() - known)


def test_a_foundation_that_is_too_old_is_to_be_updated_first() -> None:
    references = {"organization/pave/foundation.production": {"cluster_name": "production-cluster"}}

    def service() -> None:
        pulumi.export("network_id", FoundationOutputs.of("production").network_id)

    with pytest.raises(pulumi.RunError, match=r"Run `pave up foundation\.production` first"):
        record(service, project="pave", stack="service.web.production", references=references)


def test_an_environment_that_the_catalog_lacks_is_named_with_those_it_has() -> None:
    with pytest.raises(pulumi.RunError, match=r"no usable environment `prod` \(usable: production,"):
        record(lambda: program(CATALOG, "prod"), project="pave", stack="foundation.prod")


def test_the_same_catalog_gives_the_same_plan_byte_for_byte() -> None:
    again = record(
        lambda: program(load(CATALOG.root), "production"), project="pave", stack="foundation.production"
    )
    assert msgspec.json.encode(again) == msgspec.json.encode(recording("production"))


@both
def test_the_api_of_everything_is_enabled_before_it_and_stays(environment: str) -> None:
    enabled = all_of(ENABLED_API, environment)
    assert {one.inputs["service"] for one in enabled} == {api.service for api in apis_of(TYPES)}
    assert {one.inputs["disableOnDestroy"] for one in enabled} == {False}
    apis = {one.urn for one in enabled}
    by_urn = {each.urn: each for each in plan(environment).resources}

    def waits(urn: str | None) -> bool:
        """Whether a resource, or a component around it, is registered only after the APIs are enabled."""
        if urn is None:
            return False
        one = by_urn[urn]
        return apis <= {*one.options.depends_on} or waits(one.parent)

    others = [one for one in cloud_resources(environment) if one.type != ENABLED_API]
    assert [one.urn for one in others if not waits(one.urn)] == []
