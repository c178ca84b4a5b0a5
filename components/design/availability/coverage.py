"""How well degraded modes have to work for a promise to be kept."""

import msgspec

from components.design.availability.model import evaluate
from components.design.availability.tree import Node, Parallel, Serial, Soft

STEPS = 20
"""Halvings of the interval: to a ten-thousandth of a percent."""


def break_even_coverage(tree: Node, target: float) -> float | None:
    """The least coverage, the same for every soft dependency of a tree, with which it reaches a target; both
    are ratios from 0 to 1. None where no coverage is enough."""

    def reaches(coverage: float) -> bool:
        return evaluate(_covered(tree, coverage)).availability >= target

    if not reaches(1.0):
        return None
    if reaches(0.0):
        return 0.0
    too_little, enough = 0.0, 1.0
    for _ in range(STEPS):
        middle = (too_little + enough) / 2.0
        too_little, enough = (too_little, middle) if reaches(middle) else (middle, enough)
    return enough


def _covered(node: Node, coverage: float) -> Node:
    match node:
        case Soft():
            return Soft(node.dependency, coverage)
        case Serial() | Parallel():
            parts = tuple(_covered(part, coverage) for part in node.parts)
            return msgspec.structs.replace(node, parts=parts)
        case _:
            return node
