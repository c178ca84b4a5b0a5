"""Services as they exist in the world are ALLOWED, spec and plan, by every rule that binds them."""

from datetime import date

import pytest

from catalog.kinds.service import places_of
from catalog.loader import load
from catalog.stores.registry import store_kinds
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from stacks.gate.gate import judge_stack
from stacks.stack import service_stack
from tests.components.service_plans import CATALOG, SHAPES

REAL = (
    "django-shop",  # Django with Celery worker and beat
    "shop-api",  # a Node API with a read replica
    "price-list",  # an internal gRPC service
    "nightly-export",  # a batch job to a bucket
    "search-indexer",  # a consumer of a queue with search beside it
    "order-desk",  # what publishes to that queue
    "blog",  # PHP on a MySQL
    "every-store",  # a store of every kind in one service
)


@pytest.mark.parametrize("name", REAL)
def test_a_real_service_is_allowed_with_its_plan(name: str, bundle: Bundle, today: date) -> None:
    catalog = load(CATALOG, [SHAPES[each] for each in REAL])
    assert places_of(catalog, name) == ["production"]
    plan, decision = judge_stack(
        catalog, service_stack(name, "production"), EmbeddedEngine(bundle), bundle.rules, today
    )
    assert [each.message for each in decision.findings if each.blocking] == []
    assert decision.allowed
    assert plan.resources


def test_one_of_them_has_a_store_of_every_kind() -> None:
    stores = load(CATALOG, [SHAPES["every-store"]]).documents["Service"]["every-store"].data["spec"]["stores"]
    assert {store["kind"] for store in stores} == {*store_kinds()}


def test_that_calls_are_encrypted_is_its_owners_word_where_something_is_called_at_an_address(
    bundle: Bundle, today: date
) -> None:
    catalog = load(CATALOG, [SHAPES[each] for each in REAL])
    said = {
        name: judge_stack(
            catalog, service_stack(name, "production"), EmbeddedEngine(bundle), bundle.rules, today
        )[1].declared
        for name in ("search-indexer", "shop-api")
    }
    assert "security/calls-are-encrypted" in said["search-indexer"]
    assert "security/calls-are-encrypted" not in said["shop-api"], "it calls a vendor, over HTTPS only"
