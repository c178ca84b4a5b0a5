"""What no schema can say: schedules, variables, ranges and claims that contradict themselves or others."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.checks.claims import contested
from catalog.checks.hidden_characters import hidden_characters
from catalog.checks.ranges import impossible_networks, impossible_sources
from catalog.checks.regions import REGIONS, ZONES, misplaced_environment
from catalog.checks.schedules import FIELDS, impossible_schedules, is_time_zone, meets_changed_clocks
from catalog.checks.variables import clashing_variables
from catalog.kind import kinds
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from stacks.plan import record_stack
from stacks.providers.kubernetes import ROLLOUT
from stacks.stack import stack_of
from tests.shipped import NAMED_BY_SERVICES

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


def with_schedule(schedule: str) -> dict[str, Any]:
    return {"spec": {"workloads": [{"name": "clock", "kind": "cron", "schedule": schedule}]}}


@pytest.mark.parametrize(
    "schedule",
    [
        *(
            "* * * * *",
            "30 2 * * *",
            "*/5 * * * *",
            "0 9-17/2 * * 1-5",
            "0,15,30,45 * ? * *",
            "59 23 31 12 6",
        ),
        *(
            "0 0 29 2 *",
            "0 0 29 FEB *",
            "0 0 * JAN-mar Mon,WED",
            "0 0 30 2 1",
            "5/10 * * * *",
            "0 0 31 1,2 *",
        ),
    ],
)
def test_a_schedule_that_kubernetes_takes_is_taken(schedule: str) -> None:
    assert list(impossible_schedules(with_schedule(schedule))) == []


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("60 * * * *", "`60` in `60 * * * *` is no minute: 0 to 59"),
        ("* 24 * * *", "is no hour"),
        ("* * 0 * *", "is no day"),
        ("* * 32 * *", "is no day"),
        ("* * * 13 *", "is no month"),
        ("* * * * 7", "is no weekday: 0 to 6"),
        ("*/0 * * * *", "is no minute"),
        ("5-1 * * * *", "is no minute"),
        ("1,,2 * * * *", "is no minute"),
        ("-1 * * * *", "is no minute"),
        ("a * * * *", "is no minute"),
        ("* * * * monday", "is no weekday"),
        ("٣ * * * *", "is no minute"),
        ("* * * * *;reboot", "is no weekday"),
        ("0 0 30 2 *", "never comes: no such month has 30 days"),
        ("0 0 31 2,4,6,9,11 ?", "never comes: no such month has 31 days"),
    ],
)
def test_a_schedule_that_is_none_is_refused(schedule: str, words: str) -> None:
    [(at, rule, what, _)] = impossible_schedules(with_schedule(schedule))
    assert at == ("spec", "workloads", 0, "schedule")
    assert rule == "catalog/schedule"
    assert words in what


@given(st.data())
def test_a_list_of_times_within_their_fields_is_a_schedule(data: st.DataObject) -> None:
    words = []
    for field in FIELDS:
        most = 28 if field.name == "day" else field.most
        times = data.draw(st.lists(st.integers(field.least, most), min_size=1, max_size=4))
        words.append(",".join(map(str, times)))
    assert list(impossible_schedules(with_schedule(" ".join(words)))) == []


def test_a_time_zone_is_one_of_the_database() -> None:
    assert is_time_zone("Europe/Berlin")
    assert is_time_zone("Etc/UTC")
    for name in ("Mars/Olympus_Mons", "Local", "europe/berlin ", "../../etc/passwd", "America"):
        assert not is_time_zone(name), name


def test_every_variable_of_a_store_that_the_platform_sets_is_its_own(shipped: Path) -> None:
    service = service_at(load(shipped), "customersdot", "production")
    assert isinstance(service, Service)
    written = {variable.name for workload in service.spec.workloads for variable in workload.environment}
    plan = record_stack(load(shipped), stack_of(service))
    [*containers] = [
        container
        for resource in plan.resources
        if resource.type == ROLLOUT
        for container in resource.inputs["spec"]["template"]["spec"]["containers"]
    ]
    given_ = {variable["name"] for container in containers for variable in container["env"]} - written
    assert {"DB_HOST", "REDIS_AUTH"} <= given_
    workload = {"name": "web", "environment": [{"name": name, "value": "x"} for name in sorted(given_)]}
    clashes = clashing_variables({"spec": {**service.data["spec"], "workloads": [workload]}})
    assert [rule for _, rule, _, _ in clashes] == ["catalog/variable"] * len(given_)


def test_a_variable_of_a_store_that_is_not_there_is_free() -> None:
    workload = {"name": "web", "environment": [{"name": "DB_HOST", "value": "db.example.com"}]}
    assert list(clashing_variables({"spec": {"workloads": [workload]}})) == []


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x9b", "\u200b", "\u202e", "\u2066", "\ufeff"])
def test_a_hidden_character_is_found_wherever_it_stands(character: str) -> None:
    document = {"a": [{"b": ["plain", f"x{character}y"]}]}
    text = rf'"x\u{ord(character):04x}y"'.encode()
    [(at, rule, what, _)] = hidden_characters(document, text)
    assert (at, rule) == (("a", 0, "b", 1), "catalog/hidden-character")
    assert f"U+{ord(character):04X}" in what


def test_letters_of_any_script_and_line_breaks_are_seen() -> None:
    document = {"a": "Zürich, 本番 👩‍💻\n\tnext line"}
    assert list(hidden_characters(document, document["a"].encode())) == []


def ranges(*sources: str) -> dict[str, Any]:
    return {"spec": {"edge": {"waf": {"exceptions": [{"name": "x", "sources": list(sources)}]}}}}


@pytest.mark.parametrize(
    "sources",
    [
        ("0.0.0.0/1", "128.0.0.0/1"),
        ("64.0.0.0/2",),
        ("::/1", "8000::/1"),
        ("198.51.100.0/24", "2000::/3"),
        ("1.0.0.0/8", "2.0.0.0/8", "3.0.0.0/8"),
    ],
)
def test_ranges_that_are_nobody_in_particular_are_refused(sources: tuple[str, ...]) -> None:
    [(at, rule, what, fix)] = impossible_sources(ranges(*sources))
    assert at == ("spec", "edge", "waf", "exceptions", 0, "sources")
    assert rule == "catalog/address-range"
    assert "of all addresses" in what
    assert "/0 for everybody" in fix


@pytest.mark.parametrize(
    "sources",
    [(), ("10.0.0.0/8",), ("0.0.0.0/0",), ("::/0",), ("10.0.0.0/8", "fd00::/8"), ("0.0.0.0/0", "0.0.0.0/1")],
)
def test_ranges_of_somebody_and_a_plain_everybody_are_taken(sources: tuple[str, ...]) -> None:
    assert list(impossible_sources(ranges(*sources))) == []


def environment(network: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    ranges = {
        "nodes": "10.0.0.0/20",
        "pods": "10.4.0.0/14",
        "services": "10.8.0.0/20",
        "stores": "10.16.0.0/20",
        "controlPlane": "172.16.0.0/28",
    }
    known = {"project": "acme-prod", "region": "us-east1", "zones": ["us-east1-b"]}
    return {"spec": {**known, "network": {**ranges, **(network or {})}, **spec}}


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("controlPlane", "172.16.0.0/27", "controlPlane take /28"),
        ("controlPlane", "172.16.0.0/29", "controlPlane take /28"),
        ("nodes", "10.0.0.0/30", "nodes take a /29 to a /8"),
        ("pods", "10.4.0.0/25", "pods take a /24 to a /9"),
        ("services", "10.8.0.0/29", "services take a /28 to a /16"),
        ("stores", "10.16.0.0/25", "stores take a /24"),
        ("nodes", "8.8.0.0/20", "is the internet's"),
        ("services", "172.0.0.0/16", "is the internet's"),
        ("pods", "172.17.0.0/16", "overlaps 172.17.0.0/16"),
        ("stores", "172.16.0.0/12", "overlaps 172.17.0.0/16"),
        ("stores", "fd00::/48", "is a range of IPv6"),
        ("pods", "2001:db8::/64", "is a range of IPv6"),
    ],
)
def test_a_range_that_no_cloud_takes_is_refused_where_it_stands(field: str, text: str, words: str) -> None:
    ((at, rule, what, _),) = [
        found for found in impossible_networks(environment({field: text})) if "overlap." not in found[2]
    ]
    assert (at, rule) == (("spec", "network", field), "catalog/address-range")
    assert words in what


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nodes", "10.0.0.0/29"),
        ("nodes", "100.64.0.0/20"),
        ("pods", "240.0.0.0/9"),
        ("services", "192.168.0.0/28"),
        ("stores", "198.18.0.0/24"),
        ("controlPlane", "172.18.0.0/28"),
    ],
)
def test_a_range_that_networks_may_have_is_taken(field: str, text: str) -> None:
    assert list(impossible_networks(environment({field: text}))) == []


@pytest.mark.parametrize(
    ("spec", "at", "rule", "words"),
    [
        (
            {"region": "us-east9", "zones": ["us-east9-b"]},
            ("region",),
            "catalog/region",
            "no region `us-east9`",
        ),
        (
            {"zones": ["us-east1-b", "us-west1-a"]},
            ("zones", 1),
            "catalog/zone",
            "`us-west1-a` is not in us-east1",
        ),
        ({"zones": ["us-east1-a"]}, ("zones", 0), "catalog/zone", "us-east1 has no zone a"),
        ({"region": "us-west1", "zones": ["us-west1-d"]}, ("zones", 0), "catalog/zone", "no zone d"),
        ({"project": "acme-google-1"}, ("project",), "catalog/project", "may have `google` in its id"),
        ({"project": "undefined"}, ("project",), "catalog/project", "may have `undefined` in its id"),
        ({"project": "my-ssl-app"}, ("project",), "catalog/project", "may have `ssl` in its id"),
    ],
)
def test_a_place_that_there_is_not_is_refused(
    spec: dict[str, Any], at: tuple[str | int, ...], rule: str, words: str
) -> None:
    ((pointer, found, what, _),) = misplaced_environment(environment(**spec))
    assert (pointer, found) == (("spec", *at), rule)
    assert words in what


def test_every_region_has_the_zones_that_are_its_own() -> None:
    for region in REGIONS:
        zones = [f"{region}-{letter}" for letter in ZONES.get(region, "abc")]
        assert list(misplaced_environment(environment(region=region, zones=zones))) == []


def test_two_claimants_of_one_host_are_each_told_of_the_other(shipped: Path, tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    for folder in (*NAMED_BY_SERVICES, "services"):
        shutil.copytree(shipped / folder, root / folder)
    (root / "services" / "usage-api.yaml").write_text(
        (root / "services" / "usage-api.yaml")
        .read_text()
        .replace("  workloads:\n", "  edge: {host: lunch-menu.acme.example}\n  workloads:\n", 1)
    )
    catalog = load(root)
    told = {problem.document: problem for problem in catalog.contested()}
    assert set(told) == {"services/lunch-menu.yaml", "services/usage-api.yaml"}
    assert "claimed by usage-api" in told["services/lunch-menu.yaml"].message
    assert "claimed by lunch-menu" in told["services/usage-api.yaml"].message
    assert isinstance(service_at(catalog, "lunch-menu", "production"), Service), (
        "a claim must not stop its gate"
    )


def test_a_file_that_lies_elsewhere_claims_nothing(shipped: Path) -> None:
    example = shipped / "examples" / "customersdot-today.yaml"
    catalog = load(shipped, [example])
    catalog.documents["Service"]["customersdot-today"].data["spec"]["edge"]["host"] = "customers.acme.example"
    claims = [
        (document, claim)
        for name, kind in kinds().items()
        for document in catalog.documents[name].values()
        for claim in kind.claims(document, catalog)
    ]
    assert list(contested(claims)) != []
    assert catalog.contested() == []


@pytest.mark.parametrize(
    ("schedule", "zone", "meets"),
    [
        ("30 2 * * *", "Europe/Berlin", True),
        ("30 1 * * *", "Europe/Berlin", False),
        ("30 1 * * *", "America/New_York", True),  # put back from 2 to 1
        ("30 2 * * 1", "Europe/Berlin", False),  # clocks change on Sundays
        ("30 2 * * 0", "Europe/Berlin", True),
        ("30 2 * 3 *", "Europe/Berlin", True),
        ("30 2 * 6 *", "Europe/Berlin", False),
        ("30 2 1 * *", "Europe/Berlin", False),
        ("30 2 1 * 0", "Europe/Berlin", True),  # on the first, and on Sundays
        ("*/5 * * * *", "Europe/Berlin", False),
        ("30 2 * * *", "Etc/UTC", False),
        ("30 2 * * *", "Asia/Tokyo", False),
    ],
)
def test_a_run_in_an_hour_that_clocks_skip_or_repeat_is_known(
    schedule: str, zone: str, *, meets: bool
) -> None:
    assert meets_changed_clocks(schedule, zone) is meets
