"""What Backstage reads of a service."""

import re
from pathlib import Path

import pytest

from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import load
from pave.monitoring.documents import exported

NAME = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
"""https://backstage.io/docs/features/software-catalog/descriptor-format/#name-required"""


@pytest.mark.parametrize(
    "name", ["customersdot", "invoice-archive", "lunch-menu", "receipt-scanner", "usage-api"]
)
def test_each_service_and_instance_is_an_entity_that_backstage_takes(shipped: Path, name: str) -> None:
    catalog = load(shipped)
    for place in places_of(catalog, name):
        service = service_at(catalog, name, place)
        assert isinstance(service, Service)
        files = exported(catalog, service, "backstage")
        assert list(files) == ["catalog-info.yaml"]
        entity = files["catalog-info.yaml"]
        assert (entity["apiVersion"], entity["kind"]) == ("backstage.io/v1alpha1", "Component")
        metadata = entity["metadata"]
        assert NAME.fullmatch(metadata["name"])
        assert all(NAME.fullmatch(value) for value in metadata["labels"].values())
        assert metadata["labels"]["cell"] == place
        assert all(isinstance(value, str) for value in metadata["annotations"].values())
        assert all(link["url"].startswith("https://") for link in metadata["links"])
        assert set(entity["spec"]) == {"type", "lifecycle", "owner"}
