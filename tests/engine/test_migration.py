"""CustomersDot moves from one machine to high availability, phase by phase on the real engine, and back where
a way leads back."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from pave.migrating.journal import FolderJournal
from pave.migrating.reading import plan_of
from stacks.providers.edge import RECORD
from tests.engine.engine import Done
from tests.engine.road import Road, flat, lines
from tests.migration.served_signals import served
from tests.migration.ways import MIGRATION, shipped_phases

pytestmark = pytest.mark.engine
STACK = "service.customersdot.production"
START = datetime.fromisoformat("2026-11-18T12:00")
"""A Wednesday, and no hour of the peak."""
ORDER = [*(phase.id for phase in shipped_phases()), "done"]
NO_RETURN = {"remove-machine", "upgrade-db"}
EVERY_WORD = ("--done", "--verified", "--unrehearsed", "this is a test", "--person", "ada")


class Journey:
    """A road with CustomersDot on it, and the clock."""

    def __init__(self, road: Road) -> None:
        self.road = road

    @property
    def phase(self) -> str:
        text = (self.road.catalog / MIGRATION).read_text("utf-8")
        found = re.search(r"^  phase: (\S+)$", text, re.MULTILINE)
        assert found is not None
        return found[1]

    def begin(self, phase: str) -> None:
        """Lets the file say a phase, while nothing is there yet."""
        self.road.edit(str(MIGRATION), f"\n  phase: {self.phase}\n", f"\n  phase: {phase}\n")

    def migrate(self, verb: str, *words: str) -> Done:
        return self.road.pave("migrate", verb, "customersdot", "--now", f"{START:%Y-%m-%dT%H:%M}", *words)

    def next(self) -> Done:
        """Into the next phase, with every word that it may ask for."""
        following = ORDER[min(ORDER.index(self.phase) + 1, len(ORDER) - 1)]
        words = [*EVERY_WORD, "--end-soak", "this is a test"]
        done = self.migrate("next", *words, *(["--accept", following] if following in NO_RETURN else []))
        if done.code == 3 and "without a value" in done.text:
            self.road.set_secrets(STACK)
            done = self.migrate("next", *words)
        return done

    def walk(self, to: str) -> None:
        """Forward until a phase."""
        while True:
            done = self.next()
            assert done.code == 0, done.text
            if self.phase == to:
                return

    def records(self) -> dict[str, object]:
        """Where the names lead that are the machine's today."""
        held = [each for each in self.road.store.resources() if each.type == RECORD]
        return {
            str(each.inputs["name"]): each.inputs.get("routingPolicy") or each.inputs.get("rrdatas")
            for each in held
            if str(each.inputs["name"]).startswith("origin.")
        }


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    road = Road(tmp_path_factory.mktemp("journey"))
    try:
        done = road.up("foundation.production")
        assert done.code == 0, done.text
        yield Journey(road)
    finally:
        road.close()


@pytest.fixture
def begun(journey: Journey) -> Journey:
    """The same, in its first phase."""
    if journey.phase == "done":
        journey.begin("today")
        done = journey.next()
        assert done.code == 0, done.text
    assert journey.phase == "today"
    return journey


def test_nobody_jumps_over_a_phase(begun: Journey) -> None:
    road = begun.road
    for phase, said in (("names-5", "one by one: pave migrate next"), ("done", "phases from there")):
        begun.begin(phase)
        before = road.last_call()
        refused = road.up(STACK)
        assert refused.code == 1, refused.text
        assert lines(refused.text, "BLOCKED", "out of turn")
        assert said in flat(refused.text)
        assert road.calls(before) == []
        begun.begin("today")


def test_nobody_moves_users_on_a_weekend_by_whatever_command(begun: Journey) -> None:
    road = begun.road
    begun.begin("guard-db")
    before = road.last_call()
    refused = road.up(STACK)  # its day is a Saturday
    assert refused.code == 1, refused.text
    assert "operations/cut-overs-keep-out-of-locks" in refused.text
    assert "in the weekend's lock, from Friday 23:00 to Monday 06:00" in flat(refused.text)
    assert road.calls(before) == []
    begun.begin("today")


def test_a_service_that_is_taken_for_what_it_is_to_be_is_told_of_the_way(begun: Journey) -> None:
    road = begun.road
    file = road.catalog / MIGRATION
    kept = file.read_text("utf-8")
    file.unlink()
    refused = road.up(STACK)
    file.write_text(kept, "utf-8")
    assert refused.code == 1, refused.text
    assert "its migration's file is gone" in flat(refused.text)


def users_are_led_back_by_themselves(journey: Journey) -> None:
    """From 25 % to 5 %, when a budget burns; and there again when somebody has lifted that."""
    before = journey.records()
    plan = plan_of(journey.road.catalog, "customersdot")
    slis = [name for each in plan.phases for one in each.signals for name in one.allowed]
    with served(list(dict.fromkeys(slis))) as signals:
        asked = [*EVERY_WORD, "--url", signals.url]
        signals.ratios["purchase-availability"] = 0.01
        burns = journey.migrate("next", *asked, "--end-soak", "this is a test")
        assert burns.code == 1, burns.text
        assert "FAILED `names-5` isn't well" in flat(burns.text), "the phase that it is in is asked first"
        assert (journey.phase, journey.records() != before) == ("names-ttl", True)

        waits = journey.migrate("next", *asked)
        assert waits.code == 3, waits.text
        assert "soaks for 1 h" in flat(waits.text)
        waits = journey.migrate("next", *asked, "--end-soak", "this is a test")
        assert waits.code == 3, waits.text
        assert "`names-5` was taken back on" in flat(waits.text)
        assert "purchase-availability 20 times as fast as allowed" in flat(waits.text)

        signals.ratios.clear()
        again = journey.migrate("next", *asked, "--lift", "the image was rolled back")
        assert again.code == 0, again.text
        assert (journey.phase, journey.records()) == ("names-5", before)

    said = [(each.phase, each.what) for each in FolderJournal(journey.road.state, STACK).read()]
    halted = said.index(("names-5", "halted"))
    assert said[halted : halted + 8] == [
        ("names-5", "halted"),
        ("names-5", "leaving"),
        ("names-ttl", "returned"),
        ("names-ttl", "soak-ended"),
        ("names-ttl", "verified"),
        ("names-5", "lifted"),
        ("names-5", "begun"),
        ("names-5", "applied"),
    ]


def test_a_service_walks_its_whole_way_and_back_where_one_leads(begun: Journey) -> None:
    journey, road = begun, begun.road
    machine = road.held("gcp:compute/instance:Instance", "customersdot-vm-1")

    journey.walk("redis-beside")
    back = journey.migrate("rollback")
    assert back.code == 0, back.text
    assert journey.phase == "settings-db"
    assert road.held("gcp:redis/instance:Instance", "customersdot-redis-g1"), "it is empty, and stays"

    journey.walk("front-door")
    led_to_machine = journey.records()["origin.customers-today.acme.example."]
    back = journey.migrate("rollback")
    assert back.code == 0, back.text
    led_back = journey.records()["origin.customers-today.acme.example."]
    assert led_back == led_to_machine, "one record, all the time"

    journey.walk("names-5")
    users_are_led_back_by_themselves(journey)
    journey.walk("names-25")
    weighed = journey.records()["origin.customers-today.acme.example."]
    assert isinstance(weighed, dict)
    assert [each["weight"] for each in weighed["wrrs"]] == [75.0, 25.0]

    journey.walk("remove-machine")
    assert machine.id not in {each.id for each in road.store.resources() if each.type == machine.type}
    stays = journey.migrate("rollback")
    assert stays.code == 2
    assert "No way leads back out of `remove-machine`" in flat(stays.text)

    journey.walk("done")
    assert road.pave("drift", STACK).code == 0
    before = road.last_call()
    assert road.up(STACK).code == 0
    assert road.calls(before) == [], "it is what its own file says"
    told = road.pave("migrate", "status", "customersdot").text
    assert "done: it is what its file says" in told
