"""What a step of a migration waits for, and what it refuses. (That it does what it says shows the engine.)"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.migration.phases import DONE
from components.design.migration.passage import OUTPUT
from pave.migrating.entering import write_phase
from pave.migrating.journal import FolderJournal, JournalEntry, What
from tests.command import pave
from tests.migration.ways import MIGRATION, catalog_in

QUIET = "2026-11-18T12:00"
"""A Wednesday, and no hour of the peak."""
STACK = "service.customersdot.production"


class Place:
    """A catalog with CustomersDot in a phase, and what its stack and its journal say."""

    def __init__(self, folder: Path, phase: str, made: str | None) -> None:
        self.root = catalog_in(folder / "catalog", phase)
        self.state = folder / "state"
        self.journal = FolderJournal(self.state, STACK)
        self.says(made)

    def says(self, phase: str | None) -> None:
        """Lets the stack's state say a phase."""
        file = self.state / "pulumi" / "backend" / ".pulumi" / "stacks" / "pave" / f"{STACK}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        outputs = {} if phase is None else {OUTPUT: phase}
        root = {"type": "pulumi:pulumi:Stack", "urn": "urn:x", "outputs": outputs}
        file.write_text(json.dumps({"checkpoint": {"latest": {"resources": [root]}}}), "utf-8")

    def wrote(self, phase: str, what: What, hours_ago: float = 0.0) -> None:
        at = datetime.fromisoformat(QUIET).replace(tzinfo=UTC) - timedelta(hours=hours_ago)
        self.journal.add(JournalEntry(at, phase, what, "ada"))

    def migrate(self, *words: str, now: str = QUIET) -> tuple[int, str]:
        where = ["--catalog", str(self.root), "--state", str(self.state)]
        clock = [] if words[0] == "status" else ["--now", now]
        if words[0] == "next" and "--unrehearsed" not in words:
            clock += ["--unrehearsed", "this is a test"]
        done = pave(self.root, "migrate", words[0], "customersdot", *words[1:], *where, *clock)
        return done.exit_code, " ".join(done.output.split())

    @property
    def phase(self) -> str:
        """What the file says."""
        text = (self.root / MIGRATION).read_text("utf-8")
        return text.partition("\n  phase: ")[2].split()[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_phase_waits_for_what_people_do_first(folder: Path) -> None:
    place = Place(folder, "today", "today")
    code, said = place.migrate("next")
    assert code == 3
    assert "`guard-db` (What db holds can be had again, up to the second) needs first" in said
    assert "gcloud sql backups create --instance customersdot-db-g1" in said
    assert "pave migrate next customersdot" in said
    assert place.phase == "today"


def test_a_phase_waits_for_the_soak_of_the_one_before(folder: Path) -> None:
    place = Place(folder, "guard-db", "guard-db")
    place.wrote("guard-db", "applied", hours_ago=4)
    code, said = place.migrate("next", "--done", "--verified")
    assert (code, place.phase) == (3, "guard-db")
    assert "`guard-db` soaks for 24 h, 20 h are left." in said


def test_a_phase_waits_until_the_one_before_was_looked_at(folder: Path) -> None:
    place = Place(folder, "guard-db", "guard-db")
    place.wrote("guard-db", "applied", hours_ago=30)
    code, said = place.migrate("next", "--done")
    assert (code, place.phase) == (3, "guard-db")
    assert "nobody has said that `guard-db` is well: - An on-demand backup of db succeeds after it." in said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-18T03:10", "the service's own peak (03:00, 04:00); from 05:00 on it isn't."),
        ("2026-11-18T02:59", "in, or just before, the service's own peak"),
        ("2026-11-21T12:00", "Saturday 2026-11-21 12:00 UTC is in the weekend's lock"),
        ("2026-11-23T05:59", "Monday 2026-11-23 05:59 UTC is in the weekend's lock"),
    ],
)
def test_users_are_moved_in_a_quiet_hour_only(folder: Path, now: str, said: str) -> None:
    place = Place(folder, "today", "today")
    code, text = place.migrate("next", "--done", now=now)
    assert (code, place.phase) == (3, "today")
    assert said in text


def test_a_phase_without_a_way_back_is_named_by_who_means_it(folder: Path) -> None:
    place = Place(folder, "release-machine", "release-machine")
    place.wrote("release-machine", "applied", hours_ago=100)
    place.wrote("release-machine", "verified", hours_ago=1)
    for words in ([], ["--accept", "upgrade-db"]):
        code, said = place.migrate("next", "--done", *words)
        assert (code, place.phase) == (3, "release-machine")
        assert "No way leads back out of `remove-machine`: The machine is deleted" in said
        assert "--accept remove-machine" in said


def test_a_rollback_ends_at_a_point_of_no_return(folder: Path) -> None:
    place = Place(folder, "remove-machine", "remove-machine")
    code, said = place.migrate("rollback")
    assert (code, place.phase) == (2, "remove-machine")
    assert (
        "No way leads back out of `remove-machine`: The machine is deleted, and its address given back."
        in said
    )


def test_what_never_moved_has_no_phase_before(folder: Path) -> None:
    code, said = Place(folder, "today", "today").migrate("rollback")
    assert code == 2
    assert "there is no phase before `today`" in said


def test_nothing_is_given_up_that_was_not_begun(folder: Path) -> None:
    code, said = Place(folder, "guard-db", "guard-db").migrate("abort")
    assert code == 2
    assert "Nothing is begun: customersdot is in `guard-db`, all of it." in said


def test_a_phase_that_was_begun_is_gone_on_with_or_given_up(folder: Path) -> None:
    place = Place(folder, "standby-db", "resize-db")
    code, said = place.migrate("rollback")
    assert code == 2
    assert "`standby-db` was begun and isn't all there." in said
    assert "migrate abort" in said


def test_a_service_that_has_arrived_has_no_next_phase(folder: Path) -> None:
    place = Place(folder, DONE, None)
    assert place.migrate("next") == (0, "customersdot has arrived: there is no next phase.")


def test_the_status_says_where_it_stands_and_what_was_done(folder: Path) -> None:
    place = Place(folder, "redis-beside", "settings-db")
    place.wrote("settings-db", "applied", hours_ago=3)
    _, said = place.migrate("status")
    assert "redis-beside, phase 5 of 20" in said
    assert "its stack was made in settings-db" in said
    assert "2026-11-18 09:00 settings-db applied by ada" in said


def test_the_time_of_a_real_cloud_is_nobody_s_to_say(folder: Path) -> None:
    code, said = Place(folder, "today", "today").migrate("next", "--cloud", "gcp")
    assert code == 2
    assert "--now is for trying things on the local cloud" in said


def test_a_service_without_a_migration_is_told_how_to_write_one(folder: Path) -> None:
    place = Place(folder, "today", "today")
    done = pave(place.root, "migrate", "plan", "lunch-menu", "--catalog", str(place.root))
    assert done.exit_code == 2
    assert "lunch-menu has no migration. services/lunch-menu.yaml says where it ends." in done.output


def test_writing_a_phase_changes_one_word(folder: Path) -> None:
    file = catalog_in(folder / "catalog", "today") / MIGRATION
    before = file.read_text("utf-8")
    write_phase(file, "guard-db")
    assert file.read_text("utf-8") == before.replace("phase: today\n", "phase: guard-db\n")


def test_a_line_of_the_journal_that_was_cut_short_is_no_line(folder: Path) -> None:
    place = Place(folder, "guard-db", "guard-db")
    place.wrote("guard-db", "begun")
    place.wrote("guard-db", "applied")
    file = place.journal.path
    file.write_bytes(file.read_bytes()[:-9])
    assert [each.what for each in place.journal.read()] == ["begun"]
    place.wrote("guard-db", "applied")
    assert [each.what for each in place.journal.read()] == ["begun", "applied"]


def test_a_journal_that_somebody_broke_is_not_believed(folder: Path) -> None:
    place = Place(folder, "guard-db", "guard-db")
    place.wrote("guard-db", "begun")
    file = place.journal.path
    file.write_bytes(b"not a line\n" + file.read_bytes())
    code, said = place.migrate("status")
    assert code == 2
    assert ":1 is no line of a migration's journal" in said
