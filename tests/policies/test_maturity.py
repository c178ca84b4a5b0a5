"""The service maturity model's own rules of evaluation."""

from pathlib import Path

import pytest

from catalog.editing.edit import edited
from catalog.kinds.service import Service, effective, service_at
from catalog.loader import Catalog, load
from catalog.neighbourhood import neighbourhood
from policies.maturity import CRITERIA, Asked, MeasuredMaturity, UnknownCriterion, measure


@pytest.fixture(scope="module")
def catalog(shipped: Path) -> Catalog:
    return load(shipped)


def measured(catalog: Catalog, **changes: object) -> MeasuredMaturity:
    document = catalog.documents["Service"]["customersdot"]
    for path, value in changes.items():
        document = edited(document, tuple(path.split("__")), value)
    service = effective(catalog, document, "production")
    assert isinstance(service, Service)
    return measure(service, neighbourhood(catalog, service))


def results(maturity: MeasuredMaturity, level: int) -> dict[str, str]:
    return {criterion.name: criterion.result for criterion in maturity.details[level - 1].criteria}


def test_customersdot_is_at_level_3_like_its_original(catalog: Catalog) -> None:
    maturity = measured(catalog)
    assert (maturity.level, maturity.level_number) == ("Level 3", 3)
    assert results(maturity, 1)["Structured logs available in Kibana"] == "skipped"
    assert [criterion.name for criterion in maturity.missing] == ["Prepared Kibana dashboards"]
    assert "kind: log-dashboard" in (maturity.missing[0].patch or "")


def test_a_level_with_nothing_measured_is_not_reached(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    unmeasured = [Asked(asked.name, None) for asked in CRITERIA[4]]
    monkeypatch.setitem(CRITERIA, 4, unmeasured)
    assert [level.passed for level in measured(catalog).details] == [True, True, True, False, False]


def test_levels_4_and_5_can_be_reached(catalog: Catalog) -> None:
    links = catalog.documents["Service"]["customersdot"].data["metadata"]["links"]
    kinds = ("log-dashboard", "capacity-forecast")
    more = [{"kind": kind, "url": f"https://example.com/{kind}"} for kind in kinds]
    assert measured(catalog, metadata__links=links + more[:1]).level_number == 4
    assert measured(catalog, metadata__links=links + more).level_number == 5


def test_a_link_out_of_the_repository_reads_declared_not_verified(catalog: Catalog) -> None:
    links = [
        {"kind": "sre-guide", "url": "https://example.com/g"},
        {"kind": "sre-guide", "url": "/README.md"},
    ]
    guides = measured(catalog, metadata__links=links).details[2].criteria[5]
    assert guides.evidence == ["declared, not verified: https://example.com/g", "/README.md"]


def test_one_failed_criterion_of_a_lower_level_holds_back_all_above(catalog: Catalog) -> None:
    maturity = measured(catalog, spec__dependencies=[], spec__events=[])
    assert results(maturity, 1)["Service exists in the dependency graph"] == "failed"
    assert maturity.level_number == 0
    assert maturity.details[2].passed
    assert [criterion.name for criterion in maturity.missing] == ["Service exists in the dependency graph"]


def test_a_missing_guide_says_what_to_add(catalog: Catalog) -> None:
    links = [
        link
        for link in catalog.documents["Service"]["customersdot"].data["metadata"]["links"]
        if link["kind"] != "sre-guide"
    ]
    maturity = measured(catalog, metadata__links=links)
    assert maturity.level_number == 2
    assert [c.remedy for c in maturity.missing] == ["Add a link of kind `sre-guide` to metadata.links."]


def test_a_skip_with_a_reason_passes_and_shows_it(catalog: Catalog) -> None:
    skip = [{"criterion": "SRE guides exist in runbooks", "reason": "There is nothing to operate."}]
    maturity = measured(catalog, metadata__links=[], spec__maturity={"skip": skip})
    guides = next(c for c in maturity.details[2].criteria if c.name == "SRE guides exist in runbooks")
    assert (guides.result, guides.evidence) == ("skipped", ["There is nothing to operate."])


def test_a_skip_of_something_that_is_no_criterion_is_refused(catalog: Catalog) -> None:
    skip = [{"criterion": "Structured logs", "reason": "No such criterion."}]
    with pytest.raises(UnknownCriterion, match="Structured logs"):
        measured(catalog, spec__maturity={"skip": skip})


def test_a_service_without_users_skips_the_sla(catalog: Catalog) -> None:
    assert results(measured(catalog), 3)["SLA calculations driven from SLO metrics"] == "unimplemented"
    service = service_at(catalog, "invoice-archive", "production")
    assert isinstance(service, Service)
    maturity = measure(service, neighbourhood(catalog, service))
    assert results(maturity, 3)["SLA calculations driven from SLO metrics"] == "skipped"
