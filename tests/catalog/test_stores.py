"""What no schema can say of a store: fields of other kinds; versions, days and names that no cloud takes."""

from typing import Any

import pytest

from catalog.checks.stores import wrong_stores
from catalog.stores.registry import store_kinds

NAMED = {"metadata": {"name": "shop"}}


def with_store(kind: str, version: str, **rest: Any) -> dict[str, Any]:
    return {**NAMED, "spec": {"stores": [{"name": "db", "kind": kind, "version": version, **rest}]}}


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        ("postgres", "9.5"),
        ("postgres", "16.4"),
        ("postgres", "99"),
        ("mysql", "5.7"),
        ("mysql", "8"),
        ("valkey", "7"),
        ("redis", "5"),
        ("redis", "5.5"),
        ("redis", "7"),
        ("redis", "99"),
    ],
)
def test_a_version_that_no_cloud_has_is_refused_with_those_there_are(kind: str, version: str) -> None:
    ((at, rule, what, fix),) = wrong_stores(with_store(kind, version))
    assert (at, rule) == (("spec", "stores", 0, "version"), "catalog/store-version")
    assert f"no managed {kind} {version}" in what
    assert f"Write one of {', '.join(store_kinds()[kind].VERSIONS)}" in fix


def test_a_version_that_there_is_or_that_a_machine_runs_is_taken() -> None:
    for name, kind in store_kinds().items():
        assert not [wrong for v in kind.VERSIONS for wrong in wrong_stores(with_store(name, v))]
    assert not list(wrong_stores(with_store("postgres", "99", runtime="vm")))


def never(first: str, last: str, kind: str = "postgres") -> dict[str, Any]:
    days = {"from": first, "to": last}
    return {**NAMED, "spec": {"stores": [{"name": "db", "kind": kind, "maintenance": {"never": days}}]}}


@pytest.mark.parametrize(
    ("written", "at", "words"),
    [
        (never("02-30", "03-01"), ("from",), "`02-30` is no day"),
        (never("01-01", "04-31"), ("to",), "`04-31` is no day"),
        (never("01-01", "12-31"), (), "365 days without maintenance are more than the 90"),
        (never("11-01", "01-31"), (), "92 days"),
    ],
)
def test_days_without_maintenance_that_no_cloud_takes_are_refused(
    written: dict[str, Any], at: tuple[str, ...], words: str
) -> None:
    [(pointer, rule, what, _)] = wrong_stores(written)
    assert (pointer, rule) == (("spec", "stores", 0, "maintenance", "never", *at), "catalog/maintenance")
    assert words in what


@pytest.mark.parametrize(
    ("store", "at", "words"),
    [
        ({"maintenance": {"never": {"from": "01-25", "to": "02-05"}}}, ("maintenance", "never"), "postgres"),
        ({"versioning": True}, ("versioning",), "`versioning` is a field of bucket: a redis has none"),
        (
            {"edition": "enterprise"},
            ("edition",),
            "`edition` is a field of mysql and postgres",
        ),
        ({"backup": {"enabled": True, "logDays": 7}}, ("backup", "logDays"), "a redis has none"),
    ],
)
def test_a_field_that_only_other_kinds_of_stores_have_is_refused(
    store: dict[str, Any], at: tuple[str, ...], words: str
) -> None:
    written = {**NAMED, "spec": {"stores": [{"name": "cache", "kind": "redis", **store}]}}
    [(pointer, rule, what, fix)] = wrong_stores(written)
    assert (pointer, rule) == (("spec", "stores", 0, *at), "catalog/store-field")
    assert words in what
    assert fix == f"Remove `{at[-1]}`."


@pytest.mark.parametrize(
    ("store", "at", "words"),
    [
        ({"readReplicas": 1, "backup": {"enabled": False}}, "readReplicas", "`backup.enabled` is false"),
        ({"readReplicas": 1, "backup": {"pointInTime": False}}, "readReplicas", "`backup.pointInTime` is f"),
        ({"readReplicas": 1, "runtime": "vm"}, "readReplicas", "a database on a machine has none"),
        ({"readNeed": "soft"}, "readNeed", "there are none"),
    ],
)
def test_read_replicas_that_nothing_makes_are_refused(store: dict[str, Any], at: str, words: str) -> None:
    written = {**NAMED, "spec": {"stores": [{"name": "db", "kind": "postgres", **store}]}}
    [(pointer, rule, what, fix)] = wrong_stores(written)
    assert (pointer, rule) == (("spec", "stores", 0, at), "catalog/read-replicas")
    assert words in what
    assert fix


@pytest.mark.parametrize(
    ("bucket", "at", "words"),
    [
        ({"softDeleteDays": 6}, ("softDeleteDays",), "7 days at least"),
        ({"versioning": True, "retention": {"days": 30}}, ("versioning",), "not both"),
        (
            {"lifecycle": {"coldAfterDays": 30, "deleteAfterDays": 30}},
            ("lifecycle", "coldAfterDays"),
            "at 30",
        ),
        (
            {"retention": {"days": 365}, "lifecycle": {"deleteAfterDays": 30}},
            ("lifecycle", "deleteAfterDays"),
            "deleted at 30 days, and are retained for 365",
        ),
        ({"runtime": "vm"}, ("runtime",), "always managed"),
        ({"name": "google-docs"}, ("name",), "`google` in its name"),
    ],
)
def test_a_bucket_that_google_would_refuse_is_refused(
    bucket: dict[str, Any], at: tuple[str, ...], words: str
) -> None:
    written = {**NAMED, "spec": {"stores": [{"name": "album", "kind": "bucket", **bucket}]}}
    [(pointer, _, what, fix)] = wrong_stores(written)
    assert pointer == ("spec", "stores", 0, *at)
    assert words in what
    assert fix


def test_a_bucket_with_what_google_takes_is_taken() -> None:
    taken = {"retention": {"days": 30}, "lifecycle": {"coldAfterDays": 10, "deleteAfterDays": 30}}
    for bucket in ({}, {"softDeleteDays": 0}, {"softDeleteDays": 7, "versioning": True}, taken):
        stores = [{"name": "album", "kind": "bucket", **bucket}]
        assert not list(wrong_stores({**NAMED, "spec": {"stores": stores}}))


def test_a_day_that_only_some_years_have_is_refused_wherever_it_stands() -> None:
    for days in (("12-15", "02-29"), ("02-29", "03-01"), ("02-29", "02-29")):
        found = [*wrong_stores(never(*days))]
        assert all("`02-29` is no day of every year" in what for _, _, what, _ in found)
        assert found


def test_days_without_maintenance_may_go_beyond_the_end_of_a_year() -> None:
    assert list(wrong_stores(never("12-20", "01-10"))) == []
    assert list(wrong_stores({**NAMED, "spec": {"stores": [{"name": "db", "kind": "redis"}]}})) == []
