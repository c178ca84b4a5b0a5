"""What can't be undone is asked for by its name, and what can't be done is refused before anything is."""

import pytest

from tests.engine.road import Road, flat

SPEC = "services/invoice-archive.yaml"
SERVICE = "service.invoice-archive.production"
STORE = "name: index, kind: postgres"

pytestmark = pytest.mark.engine


def test_an_upgrade_says_what_it_does_and_needs_a_word(road: Road) -> None:
    road.edit(SPEC, STORE, 'name: index, kind: postgres, version: "17"')
    before = road.last_call()
    seen = road.pave("preview", "invoice-archive")
    assert seen.code == 0, seen.text
    said = flat(seen.text)
    assert "── from here on there is no way back ──" in said
    assert 'databaseVersion: "POSTGRES_16" → "POSTGRES_17"' in said
    assert "can't be undone: the database is upgraded where it is" in said
    assert "Noticed by whoever is connected to the database" in said
    refused = road.up("invoice-archive")
    assert refused.code == 1
    assert "✗ no-way-back" in refused.text
    assert "--accept invoice-archive-index-g1" in flat(refused.text)
    assert road.up("invoice-archive", "--accept", "another").code == 1
    # With its word only a person is missing, who would be asked.
    accepted = road.pave("up", "invoice-archive", "--accept", "another,invoice-archive-index-g1")
    assert accepted.code == 2
    assert "no-way-back" not in accepted.text
    assert "There is nobody to ask" in accepted.text
    assert "--yes --accept another --accept invoice-archive-index-g1" in flat(accepted.text)
    assert road.calls(before) == []


def test_a_downgrade_is_refused_before_anything_is_done(road: Road) -> None:
    road.edit(SPEC, STORE, 'name: index, kind: postgres, version: "15"')
    before = road.last_call()
    refused = road.pave("preview", SERVICE)
    assert refused.code == 1
    assert "✗ possible" in refused.text
    assert "Cloud SQL takes no database back to an older version" in flat(refused.text)
    assert road.up(SERVICE, "--accept", "invoice-archive-index-g1").code == 1
    assert road.calls(before) == []
