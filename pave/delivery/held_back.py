"""What an update has to leave for later: pods that would wait for values of secrets that nobody has set.

Their holders have to exist before anybody can set them, so a stack goes up in two steps: first all that
stands without the values, then, by the same command, the rest."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from components.design.model import Design, Secret
from stacks.plan import Plan
from stacks.pods import PODS


class HeldBack(NamedTuple):
    """The secrets that have no value, and the URNs of what waits for them, which an update leaves out, with
    all that depends on it. Both are sorted."""

    missing: Sequence[Secret] = ()
    urns: Sequence[str] = ()


NOTHING_HELD = HeldBack()


def held_back(design: Design, asked: Plan, valued: Collection[str]) -> HeldBack:
    """What a service's update leaves out, while only the secrets named in `valued` have a value. Passwords of
    stores don't count: the update itself writes them.

    `asked` is the recorded plan of the service with this design."""
    missing = sorted(
        (secret for secret in to_be_set(design) if secret.name not in valued), key=lambda secret: secret.name
    )
    readers = {reader for secret in missing for reader in secret.readers}
    runs = [*design.workloads, *(migration.run for migration in design.migrations)]
    names = {run.resource for run in runs if run.name in readers}
    waiting = [each.urn for each in asked.resources if each.type in PODS and each.name in names]
    return HeldBack(missing, sorted(waiting))


def to_be_set(design: Design) -> list[Secret]:
    """The secrets whose values people set."""
    return [secret for secret in design.secrets if secret.store is None]
