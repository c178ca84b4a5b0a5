"""Whose zone delegates to whose, from the domains of a catalog alone."""

from pathlib import Path
from typing import Any

import pytest

from catalog.kinds.environment import Environment, environments_below
from catalog.loader import Catalog, load

HOME = Path(__file__).parents[2] / "catalog" / "environments"
DOMAINS = {
    "apex": "acme.example",
    "eu": "eu.acme.example",
    "eu-test": "test.eu.acme.example",
    "lab": "a.lab.acme.example",
    "other": "notacme.example",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    folder = tmp_path / "environments"
    folder.mkdir()
    written = (HOME / "staging.yaml").read_text("utf-8")
    for name, domain in DOMAINS.items():
        text = written.replace("name: staging\n", f"name: {name}\n").replace("staging.acme.example", domain)
        (folder / f"{name}.yaml").write_text(
            text.replace("acme-subscriptions-stg", f"acme-{name}-1"), "utf-8"
        )
    return load(tmp_path)


def test_a_zone_delegates_to_the_next_below_it_alone(catalog: Catalog) -> None:
    below = {name: environments_below(name, catalog) for name in DOMAINS}
    assert below == {"apex": ["eu", "lab"], "eu": ["eu-test"], "eu-test": [], "lab": [], "other": []}


def test_a_foundation_depends_on_what_it_delegates_to_and_services_there_do_not(catalog: Catalog) -> None:
    def parts(service: Any) -> list[str]:
        return [document.name for document, _ in Environment.depends(service, "apex", catalog)]

    assert parts(None) == ["apex", "eu", "lab"]
    assert parts(object()) == ["apex"]
