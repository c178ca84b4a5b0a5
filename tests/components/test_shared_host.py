"""Two services at one host: each has its own backends and rules, and only the routes know of both."""

from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.edge.host import Fragment, host_edge, route_of
from components.design.service import designed
from pave.planning.compare import differences
from stacks.plan import Plan, record_stack
from stacks.stack import stack_of
from tests.repository import HOME

SPEC = """apiVersion: pave/v1
kind: Service
metadata: {{name: {name}, owner: {owner}}}
spec:
  tier: standard
  stage: beta
  workloads: [{{name: web, image: "us-docker.pkg.dev/acme-registry/shop/app@sha256:{digest}"}}]
  endpoints: [{endpoints}]
  edge: {edge}
"""
FRONT_DOOR = ("URLMap", "GlobalAddress", "GlobalForwardingRule", "RecordSet", "Certificate", "SSLPolicy")


def spec(name: str, edge: str, *paths: str, owner: str = "platform") -> str:
    slo = "slo: {availability: 99.5, latencyMs: 400}, rateLimit: {requests: 20}"
    endpoints = ", ".join(f"{{name: j{n}, paths: [{path}], {slo}}}" for n, path in enumerate(paths))
    return SPEC.format(name=name, edge=edge, endpoints=endpoints, owner=owner, digest="0" * 64)


def shop(*guests: str) -> str:
    return spec("shop", f"{{host: shop.acme.example, guests: [{', '.join(guests)}]}}", "/*", "/basket/*")


def guest(name: str, *paths: str) -> str:
    return spec(name, "{host: shop.acme.example, behind: shop}", *paths, owner="workplace")


def catalog_of(folder: Path, **texts: str) -> Catalog:
    files = []
    for name, text in texts.items():
        files.append(folder / f"{name}.yaml")
        files[-1].write_text(text, "utf-8")
    catalog = load(HOME / "catalog", files)
    assert (catalog.problems, catalog.contested()) == ([], [])
    return catalog


def in_production(catalog: Catalog, name: str) -> Service:
    found = service_at(catalog, name, "production")
    assert isinstance(found, Service), found
    return found


def planned(catalog: Catalog, name: str) -> Plan:
    return record_stack(catalog, stack_of(in_production(catalog, name)))


@pytest.fixture
def both(tmp_path: Path) -> Catalog:
    return catalog_of(tmp_path, shop=shop("search"), search=guest("search", "/search/*"))


def test_a_guest_has_its_backends_and_rules_and_no_front_door(both: Catalog) -> None:
    types = {each.type.rpartition(":")[2] for each in planned(both, "search").resources}
    assert types & {*FRONT_DOOR, "TargetHttpsProxy", "CertificateMap"} == set()
    assert types >= {"BackendService", "SecurityPolicy", "HealthCheck"}


def test_the_front_door_leads_to_the_very_backend_that_the_guest_makes(both: Catalog) -> None:
    (made,) = [each for each in planned(both, "search").resources if each.type.endswith(":BackendService")]
    (urls,) = [
        each
        for each in planned(both, "shop").resources
        if each.name == "shop" and each.type.endswith(":URLMap")
    ]
    (route,) = [
        each for each in urls.inputs["pathMatchers"][0]["pathRules"] if each["paths"] == ["/search/*"]
    ]
    project = in_production(both, "shop").environment.spec.project
    assert route["service"].endswith(f"/projects/{project}/global/backendServices/{made.inputs['name']}")


def test_a_guest_that_comes_or_goes_changes_one_thing_of_the_other(tmp_path: Path, both: Catalog) -> None:
    alone = planned(catalog_of(tmp_path, shop=shop()), "shop")
    for before, after in permutations((alone, planned(both, "shop"))):
        assert [(each.action, each.urn.rpartition("::")[2]) for each in differences(before, after)] == [
            ("update", "shop")
        ]


PATHS = ["/a/*", "/a/b/*", "/a/b", "/c", "/c/*", "/d.e/*"]


@st.composite
def hosts(draw: st.DrawFn) -> dict[str, list[str]]:
    """Up to four guests, each with paths of its own."""
    paths = draw(st.permutations(PATHS))
    cuts = sorted(draw(st.lists(st.integers(1, len(PATHS)), min_size=1, max_size=4, unique=True)))
    return {f"guest-{n}": paths[a:b] for n, (a, b) in enumerate(zip([0, *cuts], cuts, strict=False))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hosts")


@given(hosts(), st.randoms(use_true_random=False), st.data())
def test_fragments_in_any_order_make_the_same_host_and_one_more_changes_nothing_of_the_others(
    folder: Path, guests: dict[str, list[str]], chance: Random, data: st.DataObject
) -> None:
    texts = {name: guest(name, *paths) for name, paths in guests.items()}
    catalog = catalog_of(folder, shop=shop(*guests), **texts)
    services = [in_production(catalog, name) for name in ("shop", *guests)]
    fragments = [Fragment(service, designed(catalog, service)) for service in services]
    whole = host_edge(fragments)
    shuffled = [*fragments]
    chance.shuffle(shuffled)
    assert host_edge(shuffled) == whole
    gone = data.draw(st.sampled_from(sorted(guests)))
    rest = host_edge([each for each in fragments if each.service.name != gone])
    own = next(each.design.security_policies for each in fragments if each.service.name == gone)
    names = {policy.resource for policy in own}
    assert rest.policies == [each for each in whole.policies if each.name not in names]
    assert rest.routes == [each for each in whole.routes if each.owner.service != gone]


def test_each_path_of_a_host_leads_to_its_owner(both: Catalog) -> None:
    edge = host_edge(
        [
            Fragment(each, designed(both, each))
            for each in (in_production(both, n) for n in ("search", "shop"))
        ]
    )
    found = {path: route_of(edge.routes, path) for path in ("/search/x", "/basket/x", "/x")}
    assert {path: route and (route.owner.service, route.owner.team) for path, route in found.items()} == {
        "/search/x": ("search", "workplace"),
        "/basket/x": ("shop", "platform"),
        "/x": ("shop", "platform"),
    }
