"""A service and an instance of it stand beside each other on one foundation; neither touches the other."""

from collections.abc import Iterator

import pytest

from tests.engine.road import Road, lines

pytestmark = pytest.mark.engine
SERVICE = "service.invoice-archive.production"
INSTANCE = f"{SERVICE}.rehearsal"
SPEC = "services/invoice-archive.yaml"
SQL = "gcp:sql/databaseInstance:DatabaseInstance"
WORDS = ("--protected", "production", "--keep-protected")


@pytest.fixture(scope="module")
def both(paved: Road) -> Iterator[Road]:
    """The service, as it stood, and an instance of it."""
    file = paved.catalog / SPEC
    text = file.read_text("utf-8")
    assert "environments" not in text, "it runs where a service runs by default"
    there = "  environments:\n    - name: production\n      instances: [{name: rehearsal}]\n"
    file.write_text(text + there, "utf-8")
    try:
        paved.set_secrets(INSTANCE)
        done = paved.up(INSTANCE)
        assert done.code == 0, done.text
        yield paved
    finally:
        paved.pave("destroy", INSTANCE, *WORDS, "--confirm", INSTANCE)
        paved.restore()


def test_an_instance_has_a_database_of_its_own(both: Road) -> None:
    assert both.held(SQL, "invoice-archive-index-g1").urn != both.held(SQL, "rehearsal-index-g1").urn


def test_neither_sees_a_change_in_what_the_other_has(both: Road) -> None:
    before = both.last_call()
    for stack in (SERVICE, INSTANCE):
        done = both.up(stack)
        assert done.code == 0, done.text
    assert both.calls(before) == []
    drift = both.pave("drift", "--env", "production.rehearsal")
    assert drift.code == 0, drift.text
    assert lines(drift.text, f"AS LEFT  {INSTANCE}")
    assert "foundation" not in drift.text


def test_a_foundation_names_the_instance_that_stands_on_it(both: Road) -> None:
    done = both.pave("destroy", "foundation.production", *WORDS)
    assert done.code == 1
    assert f"{SERVICE}, {INSTANCE} stand on foundation.production." in " ".join(done.text.split())


def test_the_service_stays_when_its_instance_goes(both: Road) -> None:
    created = both.held(SQL, "invoice-archive-index-g1").created
    done = both.pave("destroy", INSTANCE, *WORDS, "--confirm", INSTANCE)
    assert done.code == 0, done.text
    assert both.held(SQL, "invoice-archive-index-g1").created == created
    drift = both.pave("drift", SERVICE)
    assert drift.code == 0, drift.text
    again = both.pave("destroy", INSTANCE, *WORDS, "--confirm", INSTANCE)
    assert again.code == 0, "only what is protected is left"
    assert lines(again.text, "Nothing to destroy.")
