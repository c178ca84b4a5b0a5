"""Whether what others make for a host is there: the backends to which a front door leads paths of guests."""

from collections.abc import Iterator

from components.design.edge.edge import BACKEND
from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from stacks.providers.compute import BACKEND_SERVICE
from stacks.providers.routes import URL_MAP

COMPUTE = BACKEND.partition("projects/")[0]


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each backend of another stack. Those of its own are known only later."""
    for resource in planned.google():
        if resource.type != URL_MAP:
            continue
        for matcher in resource.inputs.get("pathMatchers") or ():
            for rule in matcher.get("pathRules") or ():
                if isinstance(address := rule.get("service"), str) and address.startswith(COMPUTE):
                    paths = ", ".join(map(str, rule["paths"]))
                    yield _backend(
                        cloud, address.removeprefix(COMPUTE), planned.place(resource).project, paths
                    )


def _backend(cloud: CloudProject, id_: str, project: str, paths: str) -> PreflightFinding:
    try:
        there = cloud.find(BACKEND_SERVICE, id_, project)
    except NoAnswer as error:
        return PreflightFinding("guests", id_, "undecided", str(error), f"Look whether there is {id_}.")
    if there is not None:
        return PreflightFinding("guests", id_, "ok", f"is there, for {paths}")
    what = f"isn't there, and {paths} would lead to it: Google refuses that"
    return PreflightFinding("guests", id_, "no", what, "pave up the guest's stack first, which makes it.")
