"""Services at one host: both say so, with paths of their own, or each is told what is wrong."""

from pathlib import Path

import pytest

from catalog.loader import Catalog
from tests.catalog.test_loader import IMAGE, root, said, service, write

__all__ = ["root"]

SPEC = f"""apiVersion: pave/v1
kind: Service
metadata: {{{{name: {{name}}, owner: platform}}}}
spec:
  tier: standard
  stage: ga
  workloads: [{{{{name: web, image: "{IMAGE}"}}}}]
  endpoints: [{{{{name: {{journey}}, paths: [{{path}}], slo: {{{{availability: 99.5, latencyMs: 400}}}}}}}}]
  edge: {{edge}}
"""
HOST = "{host: shop.acme.example, guests: [search]}"
GUEST = "{host: shop.acme.example, behind: shop}"


def together(
    root: Path, host: str = HOST, guest: str = GUEST, path: str = "/search/*", more: str = ""
) -> Catalog:
    write(root, SPEC.format(name="shop", journey="all", path="/*", edge=host), "shop.yaml")
    return write(
        root, SPEC.format(name="search", journey="find", path=path, edge=guest) + more, "search.yaml"
    )


def test_two_that_say_the_same_of_each_other_share_a_host(root: Path) -> None:
    catalog = together(root)
    assert catalog.contested() == []
    assert service(catalog, "shop").spec.edge.guests == ["search"]
    assert service(catalog, "search").spec.edge.behind == "shop"


def test_without_the_others_word_the_host_stays_its_own(root: Path) -> None:
    catalog = together(root, guest="{host: shop.acme.example}")
    assert {problem.document for problem in catalog.contested()} == {
        "services/shop.yaml",
        "services/search.yaml",
    }


@pytest.mark.parametrize(
    ("guest", "words"),
    [
        (
            "{behind: shop}",
            "`host` of a guest is that of whom it is behind: shop.acme.example, and not none.",
        ),
        ("{host: other.acme.example, behind: shop}", "shop.acme.example, and not other.acme.example"),
        ("{host: shop.acme.example, behind: shop, proxy: cloudflare}", "`proxy` of a guest"),
        (
            "{host: shop.acme.example, behind: shop, formerHosts: [a.acme.example]}",
            "`formerHosts` belongs to",
        ),
        (
            "{host: shop.acme.example, behind: shpo}",
            "There is no service `shpo` in the catalog. Did you mean `shop`?",
        ),
        ("{host: shop.acme.example, behind: search}", "`search` is this service itself."),
    ],
)
def test_a_guest_that_does_not_fit_is_told_where_it_says_so(root: Path, guest: str, words: str) -> None:
    found = said(together(root, guest=guest), "search")
    assert any(words in each and each.startswith("services/search.yaml:9:") for each in found), found


def test_a_guest_that_nobody_has_invited_is_refused(root: Path) -> None:
    [told] = said(together(root, host="{host: shop.acme.example}"), "search")
    assert "`shop` doesn't name `search` among the guests at its host." in told
    assert "services/shop.yaml" in told


def test_who_invites_somebody_that_does_not_come_is_told(root: Path) -> None:
    [told] = said(together(root, guest="{host: search.acme.example}"), "shop")
    assert "`search` doesn't say that it is behind `shop`" in told


def test_a_path_of_both_is_refused_with_both_places(root: Path) -> None:
    [told] = said(together(root, path="/*"), "shop")
    assert told.startswith("services/shop.yaml:9:")
    assert "`/*` belongs to the endpoint `all` and to `find` of `search`" in told
    assert "`spec.endpoints[find].paths` of services/search.yaml" in told


def test_a_guest_is_where_the_other_one_is(root: Path) -> None:
    [told] = said(together(root, more="  environments: [{name: staging}]\n"), "shop")
    assert "`search` doesn't run in production" in told


def test_an_instance_of_a_guest_has_a_front_door_of_its_own(root: Path) -> None:
    two = "{name: two, override: {edge: {host: b.acme.example}}}"
    more = f"  environments: [{{name: production, instances: [{two}]}}]\n"
    found = said(together(root, more=more), "search", "production.two")
    assert any("An instance answers at a host of its own" in each for each in found)


def test_a_host_that_is_not_written_is_known_too(root: Path) -> None:
    assert service(together(root, host="{guests: [search]}"), "search").spec.edge.host == "shop.acme.example"
