"""A store that is built anew beside the old one: another real PostgreSQL or Redis, and the switch to it."""

from components.design.migration.model import PhasePlan
from pave.rehearsing.counterpart import Counterpart, Unrehearsed, store_of
from pave.rehearsing.programs import until
from pave.rehearsing.stage import RehearsalStage


def counterpart(phase: PhasePlan) -> Counterpart | Unrehearsed:
    """By what the phase does to the store."""
    if phase.id.startswith("remove-") and phase.no_return:
        former = phase.id.removeprefix("remove-").removesuffix("-former")
        return _removed(store_of(phase, former))
    name, _, does = phase.id.rpartition("-")
    kind = store_of(phase, name)
    if kind == "postgres" and does == "beside":
        return Counterpart(
            "Another PostgreSQL starts with the same tables, empty.",
            RehearsalStage.add_generation,
            RehearsalStage.remove_generation,
        )
    if kind == "postgres" and does == "switch":
        return Counterpart(
            "Rows are copied by logical replication; writes stop; the new PostgreSQL takes over, and is"
            " copied back from then on.",
            _change_database,
            RehearsalStage.change_generation,
        )
    if kind != "redis" or does not in {"beside", "switch"}:
        return Unrehearsed("Only another generation of the first PostgreSQL or Redis is tried here.")
    if does == "beside":
        return Counterpart(
            "Another Redis starts, empty.", RehearsalStage.add_cache, RehearsalStage.remove_cache
        )
    return Counterpart(
        "Workers take jobs from both; web servers restart one by one and write to the new one; the old one"
        " is drained.",
        _switch,
        _back,
    )


def _removed(kind: str) -> Counterpart | Unrehearsed:
    if kind == "postgres":
        return Counterpart("The old PostgreSQL ends.", RehearsalStage.remove_generation, None)
    if kind == "redis":
        return Counterpart("Workers leave the old Redis, and it ends.", RehearsalStage.end_old_cache, None)
    return Unrehearsed("It isn't on the stage.")


def _change_database(stage: RehearsalStage) -> None:
    if not stage.spare.follows_rows():
        stage.copy_to_generation()
    stage.change_generation()


def _switch(stage: RehearsalStage) -> None:
    new = len(stage.caches) - 1
    stage.take = [new - 1, new]
    stage.restart("worker")
    stage.enqueue = new
    stage.restart("web")
    until(lambda: stage.caches[new - 1].left() == 0, "The old Redis is drained")


def _back(stage: RehearsalStage) -> None:
    new = len(stage.caches) - 1
    stage.enqueue = new - 1
    stage.restart("web")
    until(lambda: stage.caches[new].left() == 0, "The new Redis is drained")
    stage.take = [new - 1]
    stage.restart("worker")
