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


class Analysis(msgspec.Struct, frozen=True, rename="camel"):
    """What its own copies count judges a new version: it is looked at every `look_seconds`. A step ends with
    its soak when the version passes, else as soon as it does; after `longer_seconds` more it is held there
    for a person. Who doesn't answer for `blind_seconds` is as bad as a version that fails.

    A version of which everything fails is noticed within `notice_seconds`, None where too little is known of
    how much comes to promise that."""

    look_seconds: int
    longer_seconds: int
    blind_seconds: int
    notice_seconds: int | None


class ProgressiveRollout(msgspec.Struct, frozen=True, rename="camel"):
    """The steps of a workload's rollout, at least two, the last of all copies. `turns_back` says whether it
    goes back by itself, `undo_seconds` after that is decided: never from a version that has changed the
    `irreversible` stores for good. Without an `analysis` it goes back when copies don't come up, and then
    only."""

    steps: list[RolloutStep]
    turns_back: bool
    undo_seconds: int
    irreversible: list[str]
    analysis: Analysis | None
