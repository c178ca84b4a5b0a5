"""What a fingerprint depends on, and what it does not."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from policies.decision import Finding, decide
from policies.engines.answer import RawFinding
from policies.fingerprint import DIGITS, fingerprints
from policies.rule import Rule
from policies.subject import Subject

RULE = Rule(
    id="security/first",
    pillar="security",
    title="first",
    description="why",
    level=1,
    severity="error",
    stages=("spec", "plan"),
    message="is wrong",
    remediation="mend it",
    references=("https://example.com",),
)
BUCKET = "gcp:storage/bucket:Bucket"
IDENTITY = st.lists(st.text(max_size=3), max_size=4).map(tuple)


@given(st.lists(IDENTITY))
def test_equal_identities_are_told_apart_by_a_number_and_others_by_themselves(
    identities: list[tuple[str, ...]],
) -> None:
    found = list(fingerprints(identities))
    assert len(set(found)) == len(identities)
    first = dict(zip(reversed(identities), reversed(found), strict=True))
    assert {one[:DIGITS] for one in found} == set(first.values())
    assert len(set(first.values())) == len(set(identities))


@given(IDENTITY, st.lists(IDENTITY))
def test_others_change_no_fingerprint(identity: tuple[str, ...], others: list[tuple[str, ...]]) -> None:
    apart = [other for other in others if other != identity]
    assert list(fingerprints([*apart, identity]))[-1] == next(fingerprints([identity]))


def test_a_fingerprint_stays_what_it_is_in_the_next_version() -> None:
    assert list(fingerprints([("a", "b"), ("a", "b"), ("ab",), ()])) == [
        "facdde7abf1eac5b301273ab2e282f79",
        "facdde7abf1eac5b301273ab2e282f79-2",
        "d1ab1a7fbf5a9552f2d01c956d30855b",
        "e3b0c44298fc1c149afbf4c8996fb924",
    ]


@pytest.fixture(scope="module")
def catalog(shipped: Path) -> Catalog:
    return load(shipped)


def found(catalog: Catalog, *paths: tuple[str | int, ...], environment: str = "production") -> list[Finding]:
    service = service_at(catalog, "customersdot", environment)
    assert isinstance(service, Service)
    origin = service.origin("spec", "stores", 1)
    origins = {str(path[1]): origin for path in paths if path[0] == "plan"}
    raw = [RawFinding("security/first", path, {}, "failed") for path in paths]
    subject = Subject(service, service.environment, catalog.file, origins)
    return decide(subject, raw, {RULE.id: RULE}, ["spec", "plan"], date(2026, 11, 21)).findings


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:service.customersdot.production::pave::{type_}::{name}"


def test_each_environment_has_its_own(catalog: Catalog) -> None:
    path = ("service", "spec", "tier")
    (production,), (staging,) = found(catalog, path), found(catalog, path, environment="staging")
    assert (production.document, production.path) == (staging.document, staging.path)
    assert production.fingerprint != staging.fingerprint


def test_each_resource_of_an_element_has_its_own(catalog: Catalog) -> None:
    one, other, typed = (
        ("plan", urn(f"pave:service:Paved${BUCKET}", "logs"), "inputs"),
        ("plan", urn(f"pave:service:Paved${BUCKET}", "exports"), "inputs"),
        ("plan", urn("pave:service:Paved$gcp:redis/instance:Instance", "logs"), "inputs"),
    )
    made = {finding.fingerprint for finding in found(catalog, one, other, typed)}
    assert len(made) == 3
    assert {len(each) for each in made} == {DIGITS}, "none is told apart only by a number"


def test_a_resource_keeps_its_own_under_another_component(catalog: Catalog) -> None:
    (before,) = found(catalog, ("plan", urn(f"pave:service:Paved${BUCKET}", "logs"), "inputs"))
    (after,) = found(
        catalog, ("plan", urn(f"pave:other:Wrapper$pave:service:Paved${BUCKET}", "logs"), "inputs")
    )
    assert before.fingerprint == after.fingerprint


def test_twins_under_two_components_are_numbered(catalog: Catalog) -> None:
    twins = [("plan", urn(f"pave:service:{name}${BUCKET}", "logs"), "inputs") for name in ("One", "Other")]
    one, other = (finding.fingerprint for finding in found(catalog, *twins))
    assert other == f"{one}-2"
