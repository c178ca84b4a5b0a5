"""Whether the quotas of Compute Engine have room for what would be made, or would grow."""

from collections.abc import Iterator, Sequence

from components.design.capacity.default_quotas import GLOBAL
from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from stacks.properties import revealed
from stacks.providers.quotas import uses

MOST_NAMED = 3
"""How many of the resources that take of a quota are named."""


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each metric in each place of which the update takes more."""
    more: dict[tuple[str, str], dict[str, float]] = {}
    takers: dict[tuple[str, str, str], list[str]] = {}
    for resource in planned.google():
        spot = planned.place(resource)
        held = planned.managed.get(resource.urn)
        taken = {use[:2]: use.amount for use in uses(resource.type, revealed(held.inputs))} if held else {}
        for use in uses(resource.type, resource.inputs):
            grows = use.amount - taken.get((use.metric, use.place), 0)
            place = use.place or spot.region
            if grows > 0:
                of = more.setdefault((spot.project, place), {})
                of[use.metric] = of.get(use.metric, 0) + grows
                kind = resource.type.rpartition(":")[2]
                takers.setdefault((spot.project, place, use.metric), []).append(f"{kind} {resource.name}")
    for (project, place), metrics in sorted(more.items()):
        try:
            limits = cloud.quotas(project, place)
        except NoAnswer as error:
            for metric in sorted(metrics):
                fix = f"Ask for roles/compute.viewer on {project}."
                yield PreflightFinding("quotas", f"{project}/{metric}/{place}", "undecided", str(error), fix)
            continue
        for metric, amount in sorted(metrics.items()):
            subject = f"{project}/{metric}/{place}"
            if metric not in limits:
                what = f"nobody says how much of it there may be; {amount:g} more are needed"
                fix = (
                    f"Look at {_page(project)}, and write what there is under `quotas` of the environment,"
                    " whose figures the local cloud takes."
                )
                yield PreflightFinding("quotas", subject, "undecided", what, fix)
                continue
            limit, usage = limits[metric]
            what = f"{usage:g} of {limit:g} are in use, {amount:g} more are needed"
            what += f", for {_named(takers[project, place, metric])}"
            if usage + amount <= limit:
                yield PreflightFinding("quotas", subject, "ok", what)
            else:
                fix = _raise(project, place, metric, usage + amount)
                yield PreflightFinding("quotas", subject, "no", what, fix)


def _named(takers: Sequence[str]) -> str:
    rest = len(takers) - MOST_NAMED
    return ", ".join(takers[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _raise(project: str, place: str, metric: str, wanted: float) -> str:
    """The page on which a quota is asked for: https://docs.cloud.google.com/docs/quotas/view-manage."""
    where = "" if place == GLOBAL else f" in {place}"
    return f"Ask for {wanted:g} of {metric}{where} at {_page(project)}."


def _page(project: str) -> str:
    return f"https://console.cloud.google.com/iam-admin/quotas?project={project}"
