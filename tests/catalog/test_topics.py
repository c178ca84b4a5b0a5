"""Topics that queues subscribe to are there, where the service runs."""

import shutil
from pathlib import Path

import pytest

from catalog.loader import Catalog, load

CATALOG = Path(__file__).parents[2] / "catalog"
OWNER = """\
apiVersion: pave/v1
kind: Service
metadata: {name: shop, owner: platform}
spec:
  tier: standard
  stage: beta
  workloads: [{name: web, image: a:1}]
  stores: [{name: orders, kind: topic}, {name: db, kind: bucket}]
  environments:
    - name: production
    - {name: staging, override: {stores: [{name: trial, kind: topic}]}}
"""
USER = """\
apiVersion: pave/v1
kind: Service
metadata: {name: book, owner: platform}
spec:
  tier: standard
  stage: beta
  workloads: [{name: book, kind: worker, image: a:1}]
  stores: [{name: incoming, kind: queue, from: FROM}]
  environments: [{name: ENVIRONMENT}]
"""


def said(folder: Path, source: str, environment: str = "production", owner: str = OWNER) -> list[str]:
    for part in ("environments", "teams"):
        shutil.copytree(CATALOG / part, folder / part)
    (folder / "services").mkdir()
    (folder / "services" / "shop.yaml").write_text(owner)
    user = USER.replace("FROM", source).replace("ENVIRONMENT", environment)
    (folder / "services" / "book.yaml").write_text(user)
    return judged(load(folder), environment)


def judged(catalog: Catalog, environment: str) -> list[str]:
    from catalog.kinds.service import Service, service_at

    found = service_at(catalog, "book", environment)
    return [] if isinstance(found, Service) else [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("source", "environment", "place", "words"),
    [
        ("{service: shpo, topic: orders}", "production", "8:58", "no service `shpo`"),
        ("{service: shop, topic: ordres}", "production", "8:71", "Did you mean `orders`?"),
        ("{service: shop, topic: db}", "production", "8:71", "no store `db` of kind topic in `shop`"),
        ("{service: shop, topic: trial}", "production", "8:71", "no store `trial`"),
        ("{topic: orders}", "production", "8:56", "no store `orders` of kind topic in this service"),
        ("{topic: incoming}", "production", "8:56", "no store `incoming` of kind topic"),
    ],
)
def test_a_topic_that_is_not_there_is_named_at_its_place(
    tmp_path: Path, source: str, environment: str, place: str, words: str
) -> None:
    (problem,) = said(tmp_path, source, environment)
    assert problem.startswith(f"services/book.yaml:{place}")
    assert words in problem


def test_a_topic_has_to_be_where_the_service_runs(tmp_path: Path) -> None:
    only = OWNER.partition("  environments")[0] + "  environments: [{name: staging}]\n"
    (problem,) = said(tmp_path, "{service: shop, topic: orders}", owner=only)
    assert "`shop` doesn't run in production, so that it publishes nothing there." in problem


def test_a_topic_that_an_override_brings_is_there(tmp_path: Path) -> None:
    assert said(tmp_path, "{service: shop, topic: trial}", "staging") == []


def test_an_owner_whose_override_is_broken_does_not_break_the_check(tmp_path: Path) -> None:
    broken = OWNER.replace("{name: trial, kind: topic}", "{name: trial}")
    assert said(tmp_path, "{service: shop, topic: orders}", "staging", owner=broken) == []
