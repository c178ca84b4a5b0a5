"""From what a rule returns to what a person reads."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin
from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from policies.decision import decide, fill
from policies.enforcement import is_blocking, target_level
from policies.engines.answer import RawFinding
from policies.rule import Declared, Rule
from policies.subject import Subject

RULES = {
    f"reliability/{name}": Rule(
        id=f"reliability/{name}",
        pillar="reliability",
        title=name,
        description="why",
        level=level,
        severity=severity,  # type: ignore[arg-type]
        stages=("spec", "plan"),
        message="{store} is {what}",
        remediation="mend {store}",
        references=("https://example.com",),
    )
    for name, level, severity in [("first", 1, "error"), ("third", 3, "error"), ("advice", 1, "warning")]
}
TODAY = date(2026, 11, 21)
BARE = "urn:pulumi:service.customersdot.production::pave::gcp:compute/address:Address::bare"
URN = "urn:pulumi:service.customersdot.production::pave::gcp:redis/instance:Instance::redis"


@pytest.fixture(scope="module")
def catalog(shipped: Path) -> Catalog:
    return load(shipped)


def subject(catalog: Catalog, environment: str = "production") -> Subject:
    service = service_at(catalog, "customersdot", environment)
    assert isinstance(service, Service)
    origin = service.origin("spec", "stores", 1)
    return Subject(service, service.environment, catalog.file, {URN: origin, BARE: None})


def raw(rule: str, *path: str | int, status: str = "failed") -> RawFinding:
    return RawFinding(f"reliability/{rule}", path, {"store": "db", "what": "zonal"}, status)  # type: ignore[arg-type]


def test_a_finding_stands_on_the_very_value(catalog: Catalog) -> None:
    found = decide(
        subject(catalog),
        [raw("first", "service", "spec", "stores", 0, "backup", "retained")],
        RULES,
        ["spec"],
        TODAY,
    )
    finding = found.findings[0]
    line = catalog.file(finding.document).text.decode().splitlines()[finding.line - 1]
    assert line[finding.column - 1 : finding.end_column - 1] == "30"
    assert (finding.path, finding.written) == ("spec.stores[db].backup.retained", True)
    assert (finding.message, finding.remediation) == ("db is zonal", "mend db")


def test_a_default_points_at_the_nearest_ancestor_and_says_so(catalog: Catalog) -> None:
    found = decide(
        subject(catalog), [raw("first", "service", "spec", "stores", 0, "access")], RULES, ["spec"], TODAY
    )
    finding = found.findings[0]
    assert (finding.path, finding.written) == ("spec.stores[db].access", False)
    assert (finding.line, finding.column) == catalog.file(finding.document).parsed.values[
        "spec", "stores", 0
    ][:2]


def test_an_override_is_pointed_at_where_it_stands(catalog: Catalog) -> None:
    place = ("service", "spec", "availability", "target")
    found = decide(subject(catalog, "staging"), [raw("first", *place)], RULES, ["spec"], TODAY).findings[0]
    assert found.pointer == "/spec/environments/1/override/availability/target"


def test_an_environments_fault_points_into_its_file(catalog: Catalog) -> None:
    found = decide(
        subject(catalog), [raw("first", "environment", "spec", "zones", 2)], RULES, ["spec"], TODAY
    ).findings[0]
    assert (found.document, found.path) == ("environments/production.yaml", "spec.zones[2]")


def test_a_resource_points_at_what_it_was_made_for(catalog: Catalog) -> None:
    found = decide(
        subject(catalog), [raw("first", "plan", URN, "inputs", "tier")], RULES, ["plan"], TODAY
    ).findings[0]
    assert (found.path, found.resource) == ("spec.stores[redis]", URN)
    bare = decide(subject(catalog), [raw("first", "plan", BARE, "inputs")], RULES, ["plan"], TODAY).findings[
        0
    ]
    assert (bare.document, bare.pointer) == ("services/customersdot.yaml", "")


def test_a_fault_of_the_spec_and_of_the_resource_made_of_it_is_said_once(catalog: Catalog) -> None:
    both = [
        raw("first", "service", "spec", "stores", 1, "availability"),
        raw("first", "plan", URN, "inputs", "tier"),
    ]
    assert [f.resource for f in decide(subject(catalog), both, RULES, ["spec", "plan"], TODAY).findings] == [
        None
    ]
    other = [raw("first", "service", "spec", "stores", 0, "availability"), both[1]]
    assert len(decide(subject(catalog), other, RULES, ["spec", "plan"], TODAY).findings) == 2


def test_what_is_said_in_other_words_of_the_same_place_is_another_fault(catalog: Catalog) -> None:
    one = raw("first", "service", "spec", "stores", 1, "availability")
    other = msgspec.structs.replace(one, params={**one.params, "what": "unsaid"})
    found = decide(subject(catalog), [one, one, other], RULES, ["spec"], TODAY).findings
    assert len({finding.message for finding in found}) == len(found) == 2
    assert len({finding.fingerprint for finding in found}) == 2


def test_only_an_error_within_the_target_level_blocks(catalog: Catalog) -> None:
    place = ("service", "spec", "tier")
    raws = [raw(name, *place) for name in ("advice", "third", "first")]
    production = decide(subject(catalog), raws, RULES, ["spec"], TODAY)
    assert [(f.rule.split("/")[1], f.blocking) for f in production.findings] == [
        ("first", True),
        ("third", True),
        ("advice", False),
    ]
    staging = decide(subject(catalog, "staging"), raws, RULES, ["spec"], TODAY)
    assert staging.counts.blocking == 1
    assert not staging.allowed


def test_unknown_is_undecided_and_does_not_count_as_passed(catalog: Catalog) -> None:
    found = decide(
        subject(catalog), [raw("first", "plan", URN, "inputs", status="undecided")], RULES, ["plan"], TODAY
    )
    assert (found.allowed, found.counts.undecided, found.counts.passed) == (True, 1, 2)


@given(st.permutations(range(4)))
def test_the_order_in_which_rules_answer_changes_nothing(order: list[int]) -> None:
    catalog = load(Path(__file__).parents[2] / "catalog")
    raws = [
        raw("first", "service", "spec", "stores", 0, "access"),
        raw("third", "service", "spec", "tier"),
        raw("advice", "environment", "spec", "zones"),
        raw("first", "plan", URN, "inputs"),
    ]
    expected = decide(subject(catalog), raws, RULES, ["spec", "plan"], TODAY)
    assert decide(subject(catalog), [raws[i] for i in order], RULES, ["spec", "plan"], TODAY) == expected


def test_a_parameter_can_not_smuggle_in_another() -> None:
    assert fill("{store} and {what}", {"store": "{what}", "what": 1.0}) == "{what} and 1"


@pytest.mark.parametrize(
    ("tier", "stage", "purpose", "level"),
    [
        ("critical", "ga", "production", 3),
        ("critical", "ga", "staging", 1),
        ("internal", "beta", "production", 1),
    ],
)
def test_what_binds_follows_from_tier_stage_and_environment(
    tier: str, stage: str, purpose: str, level: int
) -> None:
    assert target_level(tier, stage, purpose) == level


def test_a_later_stage_or_a_higher_tier_never_binds_less() -> None:
    stages, tiers = ["experiment", "beta", "ga"], ["internal", "standard", "critical"]
    for purpose in ("production", "staging"):
        for tier in tiers:
            levels = [target_level(tier, stage, purpose) for stage in stages]
            assert levels == sorted(levels)
        for stage in stages:
            levels = [target_level(tier, stage, purpose) for tier in tiers]
            assert levels == sorted(levels)


def test_a_warning_never_blocks() -> None:
    assert not is_blocking("warning", 1, "failed", 5)


def test_origins_are_found_again(catalog: Catalog) -> None:
    place = subject(catalog).locate(["plan", URN])
    assert isinstance(subject(catalog).origins[URN], Origin)
    assert place[1] == ("spec", "stores", 1)


# Rules that pass on words.


def _believing(**asked: tuple[str, ...] | str | dict[str, str]) -> dict[str, Rule]:
    words = msgspec.convert({"field": "spec.rollout", **asked}, Declared)
    return {**RULES, "reliability/first": msgspec.structs.replace(RULES["reliability/first"], declared=words)}


def test_a_rule_that_believes_words_is_declared_and_not_passed(catalog: Catalog) -> None:
    made = decide(subject(catalog), [], _believing(), ["spec"], TODAY)
    assert made.declared == ["reliability/first"]
    assert (made.counts.rules, made.counts.passed, made.counts.declared) == (3, 2, 1)


def test_a_rule_that_finds_something_believes_nothing(catalog: Catalog) -> None:
    found = [raw("first", "service", "spec", "stores", 0, "backup", "retained")]
    made = decide(subject(catalog), found, _believing(), ["spec"], TODAY)
    assert (made.declared, made.counts.passed) == ([], 2)


@pytest.mark.parametrize(
    "asked",
    [{"field": "spec.nothing"}, {"purposes": ("staging",)}, {"tiers": ("standard", "internal")}],
    ids=["no such field", "another purpose", "another tier"],
)
def test_words_are_believed_only_where_they_are_asked_for(
    catalog: Catalog, asked: dict[str, tuple[str, ...] | str]
) -> None:
    made = decide(subject(catalog), [], _believing(**asked), ["spec"], TODAY)
    assert (made.declared, made.counts.passed) == ([], 3)


def test_a_plan_proves_the_words_about_which_the_rule_that_is_named_finds_nothing(catalog: Catalog) -> None:
    rules = _believing(proof="reliability/third")
    assert decide(subject(catalog), [], rules, ["spec"], TODAY).declared == ["reliability/first"]
    proven = decide(subject(catalog), [], rules, ["spec", "plan"], TODAY)
    assert (proven.declared, proven.counts.passed) == ([], len(rules))
    found = [raw("third", "plan", URN)]
    doubted = decide(subject(catalog), found, rules, ["spec", "plan"], TODAY)
    assert (doubted.declared, doubted.counts.passed) == (["reliability/first"], len(rules) - 2)


def test_any_of_several_fields_is_believed_and_only_beside_what_is_named(catalog: Catalog) -> None:
    several = ("spec.nothing", "spec.stores.kind")
    for beside, declared in (({}, 1), ({"kind": "postgres"}, 1), ({"kind": "none"}, 0)):
        made = decide(subject(catalog), [], _believing(field=several, beside=beside), ["spec"], TODAY)
        assert made.counts.declared == declared, beside


def test_what_no_plan_is_needed_for_proves_words_at_a_check_already(catalog: Catalog) -> None:
    rules = _believing(proof="reliability/third")
    rules["reliability/third"] = msgspec.structs.replace(rules["reliability/third"], stages=("spec",))
    assert decide(subject(catalog), [], rules, ["spec"], TODAY).declared == []
    found = [raw("third", "service", "spec", "stores", 0, "kind")]
    assert decide(subject(catalog), found, rules, ["spec"], TODAY).declared == ["reliability/first"]
