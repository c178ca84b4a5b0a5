"""A managed database that changes in place: a real PostgreSQL that restarts, gets a standby, and switches.

Cloud SQL keeps its standby by copying disks, here it follows by streaming; both acknowledge only what both
sides have (https://docs.cloud.google.com/sql/docs/postgres/high-availability)."""

from components.design.migration.model import PhasePlan
from pave.rehearsing.counterpart import Counterpart, Unrehearsed, store_of
from pave.rehearsing.programs import until
from pave.rehearsing.stage import RehearsalStage


def counterpart(phase: PhasePlan) -> Counterpart | Unrehearsed:
    """By what the phase does to the database."""
    does, _, name = phase.id.partition("-")
    if store_of(phase, name) != "postgres":
        return Unrehearsed(f"One database is on the stage, the first PostgreSQL, and {name} isn't it.")
    if does == "upgrade":
        return Unrehearsed("It takes PostgreSQL in two versions, and one is here.")
    known = {
        "guard": Counterpart(
            "The log is archived: PostgreSQL restarts, and its first piece arrives.", _guard, _unguard
        ),
        "standby": Counterpart(
            "PostgreSQL restarts, a standby is copied and follows, and takes over once in order.",
            _add_standby,
            _remove_standby,
        ),
        "resize": Counterpart("Another server takes over, or the only one restarts.", _move, _move),
        "settings": Counterpart("PostgreSQL restarts with another setting.", _set, _unset),
    }
    return known.get(does) or Unrehearsed("Nothing here does this to a database.")


def _guard(stage: RehearsalStage) -> None:
    archive = stage.primary.archive
    stage.primary.set(archive_mode="on", archive_command=f"cp %p {archive}/%f")
    stage.restart_database()
    stage.primary.ask("SELECT pg_switch_wal()::text")
    until(lambda: any(archive.iterdir()), "The log is archived")


def _unguard(stage: RehearsalStage) -> None:
    stage.primary.set(archive_command="true")


def _add_standby(stage: RehearsalStage) -> None:
    stage.restart_database()
    stage.add_standby()
    stage.switch_over()


def _remove_standby(stage: RehearsalStage) -> None:
    stage.remove_standby()
    stage.restart_database()


def _move(stage: RehearsalStage) -> None:
    if stage.standby is None:
        stage.restart_database()
    else:
        stage.switch_over()


def _set(stage: RehearsalStage) -> None:
    stage.primary.set(max_files_per_process="900")
    stage.restart_database()


def _unset(stage: RehearsalStage) -> None:
    stage.primary.set(max_files_per_process="1000")
    stage.restart_database()
