from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin, pointer_of
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from catalog.neighbourhood import neighbourhood
from components.design.database_proxy import IMAGE
from components.design.egress import egress
from components.design.foundation.foundation import design_foundation
from components.design.foundation.model import DelegatedZone, FoundationDesign, MaintenanceWindow

CATALOG = load(Path(__file__).parents[2] / "catalog")


def environment(name: str = "production", **changes: Any) -> Environment:
    """A shipped environment with some fields of its spec replaced."""
    document = CATALOG.documents["Environment"][name]
    data = deepcopy(document.data)
    data["spec"].update(changes)
    return Environment(document, Environment.filled(data))


def decided(environment: Environment, below: Sequence[Environment] = ()) -> FoundationDesign:
    return design_foundation(environment, below, None)


def network(**changes: Any) -> dict[str, Any]:
    written: dict[str, Any] = CATALOG.documents["Environment"]["production"].data["spec"]["network"]
    return {**written, **changes}


def origins(value: Any) -> Iterator[Origin]:
    """All origins in a design."""
    if isinstance(value, Origin):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from origins(getattr(value, field))
    elif isinstance(value, list):
        for item in value:
            yield from origins(item)


@pytest.mark.parametrize("name", ["production", "staging"])
def test_every_element_comes_from_a_place_in_the_file_of_its_environment(name: str) -> None:
    document = CATALOG.documents["Environment"][name]
    found = set(origins(decided(environment(name))))
    assert {origin.document for origin in found} == {f"environments/{name}.yaml"}
    assert {origin.pointer for origin in found} >= {"/spec/network/stores", "/spec/cluster", "/spec/dns"}
    assert all(pointer_of(o.pointer, document.data) in document.parsed.values for o in found if o.written)


def test_what_nobody_wrote_says_so(tmp_path: Path) -> None:
    written = (CATALOG.root / "environments" / "staging.yaml").read_text()
    place = tmp_path / "environments" / "staging.yaml"
    place.parent.mkdir()
    place.write_text(written.replace("  egressAddresses: 2\n", ""))
    staging = load(tmp_path).find(Environment, "staging")
    assert staging is not None
    nat = decided(staging).nat
    assert nat.addresses == ["staging-egress-0", "staging-egress-1"]
    assert nat.origin == Origin("environments/staging.yaml", "/spec/egressAddresses", written=False)


def test_services_and_their_foundation_agree_on_the_addresses_of_outgoing_calls() -> None:
    service = service_at(CATALOG, "customersdot", "production")
    assert isinstance(service, Service)
    promised = egress(service, neighbourhood(CATALOG, service), [], [], []).addresses
    assert promised == ["production-egress-0", "production-egress-1"]
    assert decided(service.environment).nat.addresses == promised


@given(
    addresses=st.integers(1, 16),
    zones=st.integers(1, 4),
    most=st.integers(1, 200),
)
def test_nodes_share_the_ports_of_the_reserved_addresses(addresses: int, zones: int, most: int) -> None:
    changed = environment(
        egressAddresses=addresses,
        zones=[f"us-east1-{letter}" for letter in "bcde"[:zones]],
        cluster={"nodesPerZone": {"min": 1, "max": most}},
    )
    design = decided(changed)
    nat = design.nat
    for ports in (nat.least_ports, nat.most_ports):
        assert ports.bit_count() == 1
    assert 32 <= nat.least_ports < nat.most_ports <= 65536
    all_at_their_least = nat.least_ports * design.cluster.nodes.most_nodes
    assert all_at_their_least <= addresses * 64512 // 2 or nat.least_ports == 32


def test_the_most_nodes_include_one_more_in_each_zone_for_an_upgrade() -> None:
    nodes = decided(environment(cluster={"nodesPerZone": {"min": 2, "max": 8}})).cluster.nodes
    assert (nodes.most_nodes, nodes.max_surge, nodes.max_unavailable) == (27, 1, 0)


def test_two_ranges_limit_the_number_of_nodes() -> None:
    ranges = {"nodes": "10.0.0.0/28", "pods": "10.4.0.0/21"}
    assert decided(environment(network=network(**ranges))).cluster.nodes.room_for_nodes == {
        "nodes": 12,
        "pods": 8,
    }


def test_managed_stores_take_the_range_that_is_theirs() -> None:
    access = decided(environment()).private_access
    assert ip_network(f"{access.address}/{access.prefix_length}") == ip_network(network()["stores"])


@pytest.mark.parametrize(
    ("operators", "private"),
    [(["10.100.0.0/24"], True), ([], True), (["10.100.0.0/24", "8.8.8.0/24"], False)],
)
def test_the_control_plane_has_a_public_endpoint_only_for_operators_who_need_one(
    operators: list[str], private: bool
) -> None:
    cluster = decided(environment(network=network(operators=operators))).cluster
    assert cluster.has_private_endpoint_only is private
    assert [range_.cidr for range_ in cluster.operators] == operators


def hours(window: MaintenanceWindow) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(moment) for moment in (window.start, window.end))
    return start, end


@pytest.mark.parametrize(("name", "day"), [("production", "SU"), ("staging", "SA")])
def test_maintenance_is_weekly_long_enough_for_gke_and_not_during_the_nightly_jobs(
    name: str, day: str
) -> None:
    window = decided(environment(name)).cluster.maintenance
    start, end = hours(window)
    assert window.recurrence == f"FREQ=WEEKLY;BYDAY={day}"
    assert start.strftime("%a").upper().startswith(day)
    assert (start.utcoffset(), start.date()) == (timedelta(0), end.date())
    assert start.hour >= 5
    weeks_in_32_days = 4
    assert weeks_in_32_days * (end - start) >= timedelta(hours=48)


def test_staging_is_upgraded_before_production_in_the_same_weekend() -> None:
    staging, production = (decided(environment(name)) for name in ("staging", "production"))
    before, after = hours(staging.cluster.maintenance), hours(production.cluster.maintenance)
    assert before[1] < after[0]


def test_nodes_may_write_logs_and_metrics_and_read_images_and_nothing_else() -> None:
    registries = ["us-docker.pkg.dev/acme-registry/apps/", "eu-docker.pkg.dev/acme-registry", "ghcr.io/acme/"]
    grants = decided(environment(imageRegistries=registries)).node_account.grants
    assert [(grant.role, grant.project) for grant in grants] == [
        ("roles/logging.logWriter", "acme-subscriptions-prod"),
        ("roles/monitoring.metricWriter", "acme-subscriptions-prod"),
        ("roles/monitoring.viewer", "acme-subscriptions-prod"),
        ("roles/stackdriver.resourceMetadata.writer", "acme-subscriptions-prod"),
        ("roles/artifactregistry.reader", "acme-registry"),
    ]


@pytest.mark.parametrize("registry", ["us-docker.pkg.dev/acme", "us-docker.pkg.dev/acme/"])
def test_images_run_from_below_a_registry_but_not_from_one_with_a_longer_name(registry: str) -> None:
    policy = decided(environment(imageRegistries=[registry])).image_policy
    assert policy.patterns[:2] == ["us-docker.pkg.dev/acme/**", IMAGE]


def test_no_audit_entry_is_deleted_while_it_must_be_kept() -> None:
    audit = decided(environment()).audit
    assert audit.cold_after_days < audit.retention_days == 365 < audit.deleted_after_days


def test_the_audit_log_is_locked_where_the_environment_is_protected_unless_it_says_otherwise() -> None:
    assert decided(environment()).audit.is_locked
    assert decided(environment(audit={"retentionDays": 500})).audit.is_locked
    assert not decided(environment(audit={"locked": False})).audit.is_locked
    assert not decided(environment("staging")).audit.is_locked


def test_reads_of_real_data_are_audited_too() -> None:
    assert decided(environment("production")).audit.kinds == [
        "ADMIN_READ",
        "DATA_READ",
        "DATA_WRITE",
    ]
    assert decided(environment("staging")).audit.kinds == ["ADMIN_READ", "DATA_WRITE"]


def guards(design: FoundationDesign) -> set[bool]:
    parts = (design.network, design.private_access, design.nat, design.cluster, design.dns_zone, design.audit)
    return {design.protected, *(part.protected for part in parts)}


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_environment_protects_all_that_keeps_state(protected: bool) -> None:
    assert guards(decided(environment(protected=protected))) == {protected}


def test_only_load_balancers_reach_nodes_and_everybody_else_is_refused() -> None:
    rules = decided(environment()).firewall.rules
    assert [(rule.action, rule.sources, rule.targets) for rule in rules] == [
        ("allow", ["35.191.0.0/16", "130.211.0.0/22"], "nodes"),
        ("deny", ["0.0.0.0/0"], "all"),
    ]
    assert rules[0].priority < rules[1].priority


def test_a_zone_delegates_to_those_below_that_say_what_leads_to_them() -> None:
    assert decided(environment("staging")).dns_zone.delegates == []
    unknown = environment("staging", dns={"domain": "staging.acme.example"})
    assert decided(environment(), [unknown]).dns_zone.delegates == []
    servers = ["ns-cloud-a1.googledomains.com", "ns-cloud-a2.googledomains.com"]
    known = {"domain": "staging.acme.example", "delegation": {"nameServers": servers}}
    (below,) = decided(environment(), [environment("staging", dns=known)]).dns_zone.delegates
    assert below == DelegatedZone("staging.acme.example", servers, [])


def test_a_later_key_has_a_name_of_its_own() -> None:
    first, third = (
        decided(environment(cluster=cluster)).secrets_key for cluster in ({}, {"keyGeneration": 3})
    )
    assert (first.resource, first.key) == ("production-cluster", "production-cluster-secrets")
    assert (third.resource, third.key) == ("production-cluster-g3", "production-cluster-secrets-g3")
