"""Series of the service's own pods."""

from components.design.monitoring.ground import Ground


def own(ground: Ground, **labels: str) -> dict[str, str]:
    """The labels by which they are told from others'."""
    return {"namespace": ground.design.name, **labels}


def is_scraped(ground: Ground, workload: str) -> bool:
    """Whether somebody may ask the copies of a workload for them."""
    return any(each.name == workload and each.scrape is not None for each in ground.design.workloads)
