"""A name that leads to the front door step by step: HAProxy's weights stand for those of DNS answers."""

from components.design.migration.model import PhasePlan
from pave.rehearsing.counterpart import Counterpart, Unrehearsed
from pave.rehearsing.stage import CLUSTER, MACHINE, RehearsalStage


def counterpart(phase: PhasePlan) -> Counterpart | Unrehearsed:
    """By the share of users that the phase leads to the cluster."""
    does, _, share = phase.id.partition("-")
    if does != "names" or not share.isdigit():
        return Unrehearsed("DNS, certificates and Google's front door don't run here.")
    return Counterpart(
        f"HAProxy leads {share} % of the requests to the cluster.", _Shift(int(share)), _Shift.back
    )


class _Shift:
    """Leads a share of users to the cluster, and remembers on the stage how many it was before."""

    def __init__(self, percent: int) -> None:
        self._percent = percent

    def __call__(self, stage: RehearsalStage) -> None:
        wanted = {MACHINE: 2 * (100 - self._percent), **dict.fromkeys(CLUSTER, self._percent)}
        before = stage.weights
        stage.weigh(wanted)
        if before != wanted:
            stage.earlier_weights.append(before)

    @staticmethod
    def back(stage: RehearsalStage) -> None:
        """Leads as many there as before."""
        stage.weigh(stage.earlier_weights[-1])
        stage.earlier_weights.pop()
