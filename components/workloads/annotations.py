"""What a rollout's objects say beside what Argo Rollouts reads."""

from collections.abc import Mapping

from components.design.rollout.model import ProgressiveRollout

IRREVERSIBLE = "pave.dev/irreversible"
"""On pods: the stores, with commas, that the version they are of has changed for good."""

UNDONE = "pave.dev/undone"
"""On a Rollout, and by Argo Rollouts' doing on the ReplicaSet of the version that it was of: JSON of how an
update was taken back. Written by `pave rollout`, and by an update that brings the next version."""

RAN = "pave.dev/ran"
"""On a Rollout: JSON of the versions that all copies have been of, written likewise. Argo Rollouts keeps no
more of that than which one they are of now."""

HELD, HOLDS = "pave.dev/held", "0000000"
"""On a Rollout whose image the pipeline owns, written by `pave rollout start`: that its new version doesn't
go back by itself. Its analyses append these digits to how often nobody may answer them, since Argo Rollouts
takes its limits from nowhere else while it runs."""

ASKED = "pave.dev/asked"
"""On a Rollout: when `pave rollout` has asked something of it last."""


def changed_for_good(rollout: ProgressiveRollout | None) -> Mapping[str, str]:
    """What the pods of a version say of the way back, if there is none. It is part of the version: who takes
    the word out of a spec without a new image brings the same once more."""
    if rollout is None or not rollout.irreversible:
        return {}
    return {IRREVERSIBLE: ",".join(rollout.irreversible)}
