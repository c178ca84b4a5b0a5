"""Workloads that leave their machine: real processes beside those of the machine, and one clock for two."""

from components.design.migration.model import PhasePlan
from pave.rehearsing.counterpart import Counterpart, Unrehearsed
from pave.rehearsing.stage import CLUSTER, MACHINE, SOURCES, RehearsalStage


def counterpart(phase: PhasePlan) -> Counterpart | Unrehearsed:
    """By the phase's id."""
    if phase.id == "workloads-beside":
        return Counterpart(
            "Two more web servers and two more workers start; users don't come yet.", _beside, _alone
        )
    if phase.id == "clocks-switch":
        return Counterpart("The machine's clock ends, and the cluster's starts.", _clock_over, _clock_back)
    if phase.id == "workloads":
        return Counterpart("Web servers and workers restart one by one.", _roll, _roll)
    if phase.id == "let-in":
        return Counterpart(
            "A vendor that answers addresses of its list only lets in the one that the cluster calls from.",
            lambda stage: stage.let_in_at_vendor(SOURCES[CLUSTER[0]]),
            lambda stage: stage.let_in_at_vendor(SOURCES[CLUSTER[0]], is_let_in=False),
        )
    return Unrehearsed("Nothing here does this to workloads.")


def _roll(stage: RehearsalStage) -> None:
    stage.restart("web")
    stage.restart("worker")


def _beside(stage: RehearsalStage) -> None:
    for where in CLUSTER:
        stage.start("web", where)
        stage.start("worker", where)


def _alone(stage: RehearsalStage) -> None:
    for where in CLUSTER:
        stage.end("web", where)
        stage.end("worker", where)


def _clock_over(stage: RehearsalStage) -> None:
    stage.end("clock", MACHINE)
    stage.start("clock", CLUSTER[0])


def _clock_back(stage: RehearsalStage) -> None:
    stage.end("clock", CLUSTER[0])
    stage.start("clock", MACHINE)
