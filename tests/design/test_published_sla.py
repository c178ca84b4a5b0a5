"""The published figures: complete, sourced, and never better than what they stand for."""

import re

import pytest

from components.design.availability.model import evaluate
from components.design.availability.published_sla import BY_ID, ROWS, PublishedSla, published, published_part
from components.design.availability.tree import Spread

EXPECTED = {
    "compute-single-vm": 99.9,
    "compute-multi-zone": 99.99,
    "load-balancer": 99.99,
    "cloud-sql-enterprise-regional": 99.95,
    "cloud-sql-enterprise-plus-regional": 99.99,
    "cloud-sql-zonal": 99.9,
    "gke-control-plane-zonal": 99.5,
    "gke-control-plane-regional": 99.95,
    "gke-autopilot-pods-multi-zone": 99.9,
    "redis-basic": 99.9,
    "redis-standard-ha": 99.9,
    "redis-cluster": 99.99,
    "cloud-storage-region": 99.9,
    "cloud-storage-multi-region": 99.95,
    "pubsub": 99.95,
    "cloud-dns": 99.999,
    "cloud-nat": 99.9,
    "artifact-registry": 99.95,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_figure_has_a_public_source_and_a_date_or_none(row: PublishedSla) -> None:
    assert row.source.startswith("https://")
    assert row.dated is None or re.fullmatch(r"20\d\d-\d\d-\d\d", row.dated)
    assert 99.0 <= row.percent <= 100.0
    assert row.low_percent is None or row.low_percent < row.percent
    assert row.high_percent is None or row.percent < row.high_percent <= 100.0


def test_every_other_figure_and_every_missing_sla_is_explained() -> None:
    bounded = [row for row in ROWS if row.low_percent is not None or row.high_percent is not None]
    assert [row.id for row in bounded if not row.note] == []
    without_sla = [row for row in ROWS if row.id in {"cloud-sql-zonal", "redis-basic"}]
    assert [(row.confidence, "No SLA" in row.note) for row in without_sla] == [("design-target", True)] * 2


def test_the_figures_are_those_of_the_sources() -> None:
    assert {id_: BY_ID[id_].percent for id_ in EXPECTED} == EXPECTED


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ROWS)


def test_a_part_carries_figure_bound_and_source() -> None:
    part = published_part("cloud-sql-zonal", "db")
    assert (part.name, part.availability, part.low, part.high) == ("db", 0.999, 0.995, None)
    assert part.source == published("cloud-sql-zonal").source


def test_an_unknown_id_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        KeyError, match="No published figure for cloud-sql; there are artifact-registry, cloud-armor"
    ):
        published("cloud-sql")


def test_zones_and_the_default_beta_give_what_is_published_for_several_zones() -> None:
    zone = published_part("zone", "zone").availability
    built = evaluate(Spread("web", 2, (1, 1, 1), zone)).availability
    assert 100 * built == pytest.approx(published("compute-multi-zone").percent, abs=0.001)
