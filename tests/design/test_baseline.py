"""What the services of an environment share at its edge: few policies, however many services there are."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.environment import Environment
from catalog.kinds.service import services_in
from catalog.kinds.zone import Zone, ZoneEdge, ZoneLimit, ZoneWaf
from catalog.loader import Catalog, load
from components.design.capacity.quotas import foundation_uses, service_uses
from components.design.edge.baseline import shared_policies
from components.design.edge.host import Fragment, host_edge
from components.design.model import Design
from components.design.service import designed
from stacks.plan import record_stack
from stacks.stack import foundation_stack, stack_of
from tests.repository import HOME

SPEC = """apiVersion: pave/v1
kind: Service
metadata: {{name: {name}, owner: platform}}
spec:
  tier: standard
  stage: beta
  workloads: [{{name: web, image: "us-docker.pkg.dev/acme-registry/shop/app@sha256:{digest}"}}]
  endpoints: [{{name: all, paths: [/*], slo: {{availability: 99.5, latencyMs: 400}}{limit}}}]
  edge: {{{edge}}}
"""
OWN = "waf: {leftOut: [{rule: 942100}]}"
LIMIT = ", rateLimit: {requests: 20}"


def written(folder: Path, name: str, edge: str = "exposure: public", limit: str = "") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(SPEC.format(name=name, edge=edge, limit=limit, digest="0" * 64), "utf-8")
    return path


def with_files(files: list[Path]) -> Catalog:
    catalog = load(HOME / "catalog", files)
    assert (catalog.problems, catalog.contested()) == ([], [])
    return catalog


def in_production(catalog: Catalog) -> dict[str, Design]:
    return {each.full_name: designed(catalog, each) for each in services_in(catalog, "production")}


def zone_of(catalog: Catalog, name: str = "production") -> Zone:
    found = catalog.find(Zone, name)
    assert found is not None
    return found


def test_a_hundred_services_that_ask_for_nothing_take_no_policy_of_their_own(tmp_path: Path) -> None:
    catalog = with_files([written(tmp_path, f"shop-{n}") for n in range(100)])
    made = {each.full_name: each for each in services_in(catalog, "production")}
    for n in range(100):
        taken = {use.metric for use in service_uses(made[f"shop-{n}"])}
        assert "GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES" in taken
        assert not any(
            metric.startswith("SECURITY_POLICY") or metric == "SECURITY_POLICIES" for metric in taken
        )
    production = catalog.find(Environment, "production")
    assert production is not None
    uses = [
        use for use in foundation_uses(production, zone_of(catalog), 3) if use.metric == "SECURITY_POLICIES"
    ]
    assert [use.amount for use in uses] == [4]


@pytest.mark.parametrize(
    ("edge", "limit", "shared"),
    [
        ("exposure: public", "", "production-edge-preview"),
        ("waf: {mode: enforce, previewedOn: 2026-10-01}", "", "production-edge-enforce"),
        ("proxy: cloudflare", "", "production-edge-cloudflare-preview"),
        ("proxy: cloudflare, waf: {mode: enforce}", "", "production-edge-cloudflare-enforce"),
        ("waf: {sensitivity: 2}", "", None),
        ("waf: {regions: {allow: [DE]}}", "", None),
        (OWN, "", None),
        ("exposure: public", LIMIT, None),
    ],
)
def test_who_asks_for_anything_else_has_a_policy_of_its_own(
    tmp_path: Path, edge: str, limit: str, shared: str | None
) -> None:
    (policy,) = in_production(with_files([written(tmp_path, "shop", edge, limit)]))["shop"].security_policies
    assert policy.resource == (shared or "shop-all")
    assert (policy.address is None) == (shared is None)


def test_the_plan_makes_the_shared_ones_once_and_a_service_refers_to_one(tmp_path: Path) -> None:
    catalog = with_files([written(tmp_path, "shop")])
    below = record_stack(catalog, foundation_stack("production"))
    made = {each.inputs["name"] for each in below.resources if each.type.endswith(":SecurityPolicy")}
    zone = zone_of(catalog)
    production = catalog.find(Environment, "production")
    assert production is not None
    assert made == {each.resource for each in shared_policies(production, zone)}
    shop = next(each for each in services_in(catalog, "production") if each.name == "shop")
    plan = record_stack(catalog, stack_of(shop))
    assert not any(each.type.endswith(":SecurityPolicy") for each in plan.resources)
    (backend,) = [each for each in plan.resources if each.type.endswith(":BackendService")]
    assert backend.inputs["securityPolicy"].endswith("/global/securityPolicies/production-edge-preview")


KINDS = st.sampled_from(
    [("exposure: public", ""), (OWN, ""), ("exposure: public", LIMIT), ("proxy: cloudflare", "")]
)


@given(st.lists(KINDS, min_size=1, max_size=5), KINDS)
def test_one_more_service_changes_no_strangers_rules_and_no_shared_ones(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[tuple[str, str]], one_more: tuple[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("services")
    files = [written(folder, f"shop-{n}", *kind) for n, kind in enumerate(kinds)]
    before, after = with_files(files), with_files([*files, written(folder, "newcomer", *one_more)])
    known, later = in_production(before), in_production(after)
    assert {name: design.security_policies for name, design in later.items() if name != "newcomer"} == {
        name: design.security_policies for name, design in known.items()
    }
    production = after.find(Environment, "production")
    assert production is not None
    assert shared_policies(production, zone_of(before)) == shared_policies(production, zone_of(after))


def test_a_shared_rule_is_the_zones_and_is_shown_where_the_zone_says_it(tmp_path: Path) -> None:
    catalog = with_files([written(tmp_path, "shop")])
    service = next(each for each in services_in(catalog, "production") if each.name == "shop")
    edge = host_edge([Fragment(service, designed(catalog, service))])
    owners = {
        one.origin.document for rule in edge.policies[0].rules for one in rule.owners if rule.rule.expression
    }
    assert owners == {"zones/production.yaml"}


def test_the_zones_limit_holds_where_a_journey_has_none(tmp_path: Path) -> None:
    catalog = with_files([written(tmp_path, "shop"), written(tmp_path, "other", limit=LIMIT)])
    zone = zone_of(catalog)
    asked = ZoneEdge(ZoneWaf(1), ZoneLimit(600, 60, "enforce", None))
    zone.spec = msgspec.structs.replace(zone.spec, edge=asked)
    services = {each.name: each for each in services_in(catalog, "production")}
    for name in ("shop", "other"):
        services[name].zone = zone
    policies = {name: designed(catalog, services[name]).security_policies[0] for name in ("shop", "other")}
    limits = {
        name: [rule.limit.requests for rule in policy.rules if rule.limit is not None]
        for name, policy in policies.items()
    }
    assert limits == {"shop": [600], "other": [20]}
    assert policies["shop"].address is not None
