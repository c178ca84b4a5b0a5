"""What a service is exposed to and holds sets a floor, whatever it calls itself."""

import itertools
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog.kinds.service import Service, effective
from catalog.loader import load
from policies.enforcement import TARGET_LEVEL, floor_of, is_blocking
from policies.rule import Bundle
from policies.stakes import SENSITIVE, stakes

IMAGE = "us-docker.pkg.dev/acme-registry/shop/web@sha256:" + "0" * 64
PLAIN = {"edge": {"exposure": "employees"}, "dataClass": "green"}


@pytest.fixture
def at_stake(shipped: Path, tmp_path: Path) -> Any:
    """What is at stake in a service of an internal experiment, with these fields beside."""
    catalog = load(shipped)
    numbers = itertools.count()

    def find(purpose: str = "production", **fields: Any) -> set[str]:
        name = f"shop-{next(numbers)}"
        spec = {"tier": "internal", "stage": "experiment", "workloads": [{"name": "web", "image": IMAGE}]}
        spec |= {key: value for key, value in (PLAIN | fields).items() if value is not None}
        written = {"apiVersion": "pave/v1", "kind": "Service", "spec": spec}
        path = tmp_path / f"{name}.yaml"
        path.write_text(json.dumps(written | {"metadata": {"name": name, "owner": "workplace"}}))
        document = catalog.add(path)
        assert document is not None, catalog.problems
        found = effective(catalog, document, "production")
        assert isinstance(found, Service), found
        return set(stakes(found.spec, purpose))

    return find


def test_what_nobody_outside_reaches_and_holds_nothing_has_nothing_at_stake(at_stake: Any) -> None:
    assert at_stake() == set()
    assert at_stake(dataClass=None) == set()


@pytest.mark.parametrize("data", SENSITIVE)
def test_data_of_people_is_at_stake_wherever_it_is(at_stake: Any, data: str) -> None:
    assert at_stake(dataClass=data) == {"data"}


def test_what_is_not_told_counts_as_the_worst_where_there_is_a_way_in_or_a_store(at_stake: Any) -> None:
    store = [{"name": "db", "kind": "postgres", "version": "16"}]
    assert at_stake(dataClass=None, stores=store) == {"data"}
    assert at_stake(dataClass=None, edge={"exposure": "public"}) == {"public", "data"}
    assert at_stake(dataClass="green", stores=store) == set()
    assert at_stake(dataClass="green", edge={"exposure": "public"}) == {"public"}


def test_doors_that_attackers_try_are_at_stake(at_stake: Any) -> None:
    door = {"name": "door", "paths": ["/door"], "rateLimit": {"requests": 9, "perSeconds": 60}}
    for sensitive, stake in (("login", "sign-in"), ("payment", "payment"), ("token", "sign-in")):
        assert at_stake(endpoints=[{**door, "sensitive": sensitive}]) == {stake}


def test_outside_production_nothing_is(at_stake: Any) -> None:
    assert at_stake("staging", dataClass="red", edge={"exposure": "public"}) == set()


def test_what_guards_binds_whatever_tier_and_stage(bundle: Bundle) -> None:
    guarding = [rule for rule in bundle.rules.values() if rule.guards]
    assert {stake for rule in guarding for stake in rule.guards} == {"public", "data", "sign-in", "payment"}
    for rule in guarding:
        for target in set(TARGET_LEVEL.values()):
            floor = bool(floor_of(rule, target, frozenset(rule.guards[:1])))
            assert is_blocking(rule.severity, rule.level, "failed", target, is_floor=floor) == (
                rule.severity == "error"
            )
            assert not floor_of(rule, target, frozenset())
            plain = msgspec.structs.replace(rule, guards=())
            assert not floor_of(plain, target, frozenset(rule.guards))
