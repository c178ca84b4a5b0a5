"""What the availability of a tree assumes beside what is published and declared, a line each."""

from collections.abc import Iterator

from components.design.availability.missing import OUTAGE_MINUTES
from components.design.availability.region import HOURS, PER_YEAR
from components.design.availability.rollout import BY_PEOPLE
from components.design.availability.series import (
    MAINTENANCE_PER_YEAR,
    MAINTENANCE_SECONDS,
    START_COVERAGE,
)
from components.design.availability.tree import (
    COVERAGE,
    Deploys,
    KOfN,
    Node,
    Part,
    Serial,
    Soft,
    hard_leaves,
    soft_dependencies,
)


def assumptions(tree: Node) -> list[str]:
    """One line for each assumption that this tree's figures stand on; those that don't touch it are left
    out."""
    return list(_assumed(tree))


def _assumed(tree: Node) -> Iterator[str]:
    leaves = list(hard_leaves(tree))
    names = {leaf.name for leaf in leaves}
    yield "An SLA is a threshold for refunds: an outage of a part strikes all requests, as long as it lasts."
    yield "Parts fail independently, but for what is said here."
    for leaf in leaves:
        if isinstance(leaf, KOfN) and leaf.n > 1:
            who = "Zones" if leaf.name.startswith("workloads ") else f"The {leaf.name}"
            yield f"{who} share {100 * leaf.beta:g} % of their outages; {leaf.k} of {leaf.n} are enough."
        if isinstance(leaf, Deploys):
            yield _of_deploys(leaf)
    for coverage, names_of in _soft(tree).items():
        default = ", the default" if coverage == COVERAGE else ""
        yield (
            f"The service works in {100 * coverage:g} % of the outages{default}, of {', '.join(names_of)}"
            " (`coveragePercent`)."
        )
    if "control plane" in names:
        yield (
            f"Copies that run do without control plane and registry in {100 * START_COVERAGE:g} % of their"
            " outages."
        )
    if any(name.startswith("maintenance of ") for name in names):
        yield (
            f"Maintenance that an SLA leaves out interrupts {MAINTENANCE_PER_YEAR:g} times a year for"
            f" {MAINTENANCE_SECONDS:g} seconds."
        )
    yield f"A region is lost as a whole once in {1 / PER_YEAR:g} years, for {HOURS:g} hours."
    if any(isinstance(leaf, (Part, KOfN)) for leaf in [*leaves, *soft_dependencies(tree)]):
        yield f"An outage of a part lasts {OUTAGE_MINUTES:g} minutes on average (for the windows only)."


def _of_deploys(deploys: Deploys) -> str:
    ended = "people take" if deploys.source == BY_PEOPLE else f"{deploys.source} takes"
    return (
        f"{deploys.change_failure_percent:g} % of {deploys.deploys_per_window:g} deploys are bad, and each"
        f" strikes {deploys.blast_percent:.3g} % of users for {deploys.restore_minutes:.3g} minutes, until"
        f" {ended} it back."
    )


def _soft(tree: Node) -> dict[float, list[str]]:
    """The names of the soft dependencies in series, by how well they are covered."""
    found: dict[float, list[str]] = {}
    for part in tree.parts if isinstance(tree, Serial) else ():
        if isinstance(part, Soft):
            found.setdefault(part.coverage, []).append(part.name)
    return found
