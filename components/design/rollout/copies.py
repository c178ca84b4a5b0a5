"""How many copies of a new version stand for a share of the traffic, where only copies can be counted."""

import math

Copies = tuple[int, int]


def copies_for(weight: int, copies: int, *, may_surge: bool) -> Copies:
    """Of `copies`, 1 or more, how many Argo Rollouts lets be of the new version for `weight` percent, 1 to
    100, and how many there are then in all: of what comes nearest, one more in all if it `may_surge`.

    At least one is new, and at least one old but for 100 percent, so a first step of 5 % with three copies is
    one of four. Source: `approximateWeightedCanaryStableReplicaCounts` of
    https://github.com/argoproj/argo-rollouts/blob/v1.9.0/utils/replicaset/canary.go."""
    if weight == 100:
        return copies, copies
    fewest, most = math.floor(copies * weight / 100), math.ceil(copies * weight / 100)
    possible = [(most, copies)] if most < copies else []
    if fewest > 0 and not _is_half(weight, copies):
        possible.append((fewest, copies))
    if may_surge:
        possible.append((most, copies + 1))
        if fewest > 0 and not _is_half(weight, copies + 1):
            possible.append((fewest, copies + 1))
    if not possible:  # one copy that may have no second beside it: all or nothing
        return copies, copies
    return min(possible, key=lambda each: abs(100 * each[0] / each[1] - weight))


def _is_half(weight: int, copies: int) -> bool:
    """Whether the share lies in the middle between two numbers of copies: the larger is taken then."""
    return copies * weight % 100 == 50
