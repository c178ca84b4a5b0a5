"""The machine that goes, once nobody is led there any more."""

from components.design.migration.model import PhasePlan
from pave.rehearsing.counterpart import Counterpart, Unrehearsed
from pave.rehearsing.stage import MACHINE, RehearsalStage


def counterpart(phase: PhasePlan) -> Counterpart | Unrehearsed:
    """By the phase's id."""
    known = {
        "release-machine": Counterpart(
            "HAProxy lets no request to the machine any more.",
            lambda stage: stage.front.drain(MACHINE),
            lambda stage: stage.front.let_in(MACHINE),
        ),
        "remove-machine": Counterpart(
            "The machine's web server, worker and stores end.", _remove_machine, None
        ),
    }
    return known.get(phase.id) or Unrehearsed("Nothing here does this to a machine.")


def _remove_machine(stage: RehearsalStage) -> None:
    for role in ("web", "worker", "clock"):
        stage.end(role, MACHINE)
    stage.end_old_cache()
    stage.remove_generation()
