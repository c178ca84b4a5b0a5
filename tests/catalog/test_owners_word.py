"""What only an owner can make true: said where a field is defined, asked of one function."""

from collections.abc import Iterator
from typing import Any

import pytest

from catalog import validation
from catalog.owners_word import owners_word
from tests.catalog.test_schema import fields

KEYWORDS = {"ownersWord", "ownersWordWhen"}
SERVICE: dict[str, Any] = {
    "kind": "Service",
    "metadata": {"name": "portal", "owner": "team"},
    "spec": {
        "workloads": [
            {"name": "web", "replicas": {"min": 1, "max": 1}},
            {"name": "clock", "kind": "cron", "runtime": "vm"},
            {"name": "sweep", "kind": "cron"},
        ],
        "stores": [
            {"name": "db", "need": "soft"},
            {"name": "cache", "runtime": "vm"},
            {"name": "queue"},
        ],
        "environments": [
            {"name": "production", "override": {"stores": [{"name": "cache", "size": "large"}]}},
            {
                "name": "staging",
                "override": {
                    "stores": [{"name": "queue", "runtime": "vm"}, {"name": "cache", "runtime": "managed"}],
                    "workloads": [{"name": "web", "replicas": {"max": 4}}],
                },
            },
        ],
    },
}


def tells(*pointer: str | int, value: Any, place: str | None = None) -> str | None:
    word = owners_word(SERVICE, ("spec", *pointer), value, place)
    return None if word is None else word.tells


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("stores", 0, "need"), "hard"),
        (("dependencies", 0, "retry", "jitter"), True),
        (("dependencies", 0), {"name": "zuora", "need": "soft"}),
        (("rollout",), {"steps": [5, 100]}),
        (("rollout", "rollback"), "automatic"),
        (("recovery", "restoreTestedOn"), "2026-11-21"),
        (("workloads", 0, "liveness", "path"), "/-/liveness"),
        (("environments", 0, "override", "stores", 0, "need"), "soft"),
        (("environments", 0), {"name": "production", "override": {"onCall": {"coverage": "24x7"}}}),
    ],
)
def test_what_the_platform_can_not_make_true_is_the_owners_word(
    pointer: tuple[str | int, ...], value: Any
) -> None:
    assert tells(*pointer, value=value)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("stores", 0, "availability"), "regional"),
        (("stores", 0, "backup"), {"enabled": True, "retained": 7}),
        (("stores", 0), {"name": "db", "need": "soft", "size": "large"}),  # its word stays as it is
        (("edge", "waf", "mode"), "enforce"),
        (("environments", 0, "override", "stores", 0, "backup", "retained"), 7),
        (("nothing", "like", "it"), 1),
    ],
)
def test_what_the_platform_makes_true_is_not(pointer: tuple[str | int, ...], value: Any) -> None:
    changed = {**SERVICE, "spec": {**SERVICE["spec"], "stores": [{"name": "db", "need": "soft"}]}}
    assert owners_word(changed, ("spec", *pointer), value) is None


def test_what_is_on_a_machine_of_today_is_the_owners_word_until_it_has_moved() -> None:
    assert tells("workloads", 1, "singleLeader", value=True) is not None
    assert tells("workloads", 2, "singleLeader", value=True) is None
    assert tells("stores", 1, "backup", "enabled", value=True) is not None
    assert tells("stores", 1, "runtime", value="managed") is None


def test_where_a_thing_runs_is_asked_in_each_place_where_the_value_counts() -> None:
    assert tells("stores", 2, "availability", value="regional") is not None
    assert tells("stores", 2, "availability", value="regional", place="staging") is not None
    assert tells("stores", 2, "availability", value="regional", place="production") is None
    assert tells("environments", 0, "override", "stores", 0, "size", value="small") is not None
    assert tells("environments", 1, "override", "stores", 1, "size", value="small") is None


def test_a_workload_of_which_one_copy_may_run_is_only_the_owners_to_double() -> None:
    assert tells("workloads", 0, "replicas", "max", value=3) is not None
    assert tells("workloads", 0, "replicas", "max", value=3, place="staging") is None
    assert tells("environments", 1, "override", "workloads", 0, "replicas", "max", value=5) is None
    assert tells("workloads", 0, "replicas", "min", value=3) is None


def test_the_word_names_the_field_the_value_and_what_it_tells() -> None:
    found = owners_word(SERVICE, ("spec", "stores", 0), {"name": "db", "need": "hard"})
    assert found == ("need", "hard", "whether the service works without this store")


def marked(rules: Any) -> Iterator[dict[str, Any]]:
    if isinstance(rules, dict):
        if KEYWORDS & rules.keys():
            yield rules
        for below in rules.values():
            yield from marked(below)


@pytest.mark.parametrize("kind", validation.kind_folders())
def test_a_field_that_is_the_owners_word_says_so_in_a_clause_and_beside_which_fields(kind: str) -> None:
    schema = validation.schema(kind)
    told = [field for _, field in fields(schema) if KEYWORDS & field.keys()]
    assert told
    assert len(told) == len(list(marked(schema))), "on something that is no field"
    for field in told:
        assert field["ownersWord"][0].islower()
        assert not field["ownersWord"].endswith(".")
    for holder in holders(schema):
        for field in holder.values():
            for beside, value in field.get("ownersWordWhen", {}).items():
                allowed = holder[beside].get("enum", range(holder[beside].get("maximum", 0)))
                assert value in allowed
    assert "`ownersWord`" in schema["$comment"]
    assert "`ownersWordWhen`" in schema["$comment"]


def holders(rules: Any) -> Iterator[dict[str, Any]]:
    """Every table of properties."""
    if isinstance(rules, dict):
        if isinstance(rules.get("properties"), dict):
            yield {name: field for name, field in rules["properties"].items() if isinstance(field, dict)}
        for below in rules.values():
            yield from holders(below)
