"""The rollout of a workload: decided but not yet made."""

import msgspec


class RolloutStep(msgspec.Struct, frozen=True, rename="camel"):
    """A step asks for `weight` percent of copies, and with the fewest copies gets `copies` of `of` in all; it
    is looked at for `soak_seconds`, 0 at the last."""

    weight: int
    copies: int
    of: int
    soak_seconds: int

    @property
    def percent(self) -> float:
        """The share of requests, or of a queue, that really meets the new version, each copy getting as many
        as another."""
        return 100.0 * self.copies / self.of


class ProgressiveRollout(msgspec.Struct, frozen=True, rename="camel"):
    """The steps of a workload's rollout, at least two, the last of all copies. `turns_back` says whether it
    goes back by itself, `undo_seconds` after that is decided: never from a version that has changed the
    `irreversible` stores for good."""

    steps: list[RolloutStep]
    turns_back: bool
    undo_seconds: int
    irreversible: list[str]
