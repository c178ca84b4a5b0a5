"""What the service depends on: whose alerts stand for its own."""

from components.design.model import DependencyDesign
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.model import Inhibition

PART = (6, "Dependencies")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """While a service that this one can't do without burns its budget, so does this one: one page is
    enough."""
    for dependency in ground.design.dependencies:
        if dependency.need == "hard" and not is_vendor(ground, dependency):
            theirs = {"service": dependency.target, "alert_class": "slo_violation"}
            yield Inhibition(
                source=theirs,
                target={"service": ground.labels["service"], "alert_class": "slo_violation"},
                equal=["environment"],
                why=f"While {dependency.target} breaks its promise, which this service can't do without,"
                " this one"
                " doesn't say so too",
            )
    for quick, slow in (("1h", "6h"), ("6h", "3d")):
        yield Inhibition(
            source={"service": ground.labels["service"], "window": quick},
            target={"service": ground.labels["service"], "window": slow},
            equal=["service", "cell", "sli"],
            why=f"While the alert over {quick} fires, the one over {slow} adds nothing",
        )


def is_vendor(ground: Ground, dependency: DependencyDesign) -> bool:
    """Whether it is a vendor's, and nothing of ours."""
    written = (each for each in ground.service.spec.dependencies if each.name == dependency.name)
    return any(each.vendor is not None for each in written)
