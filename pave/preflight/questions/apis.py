"""Whether the APIs are enabled that the resources are made with, and those that enabling takes."""

from collections.abc import Iterator

from pave.preflight.model import CloudProject, PlannedStack, PreflightFinding
from stacks.providers.access import ENABLED_API
from stacks.providers.apis import BOOTSTRAP, api_of


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each API, but for those that the stack would enable itself. It doesn't enable again what its
    state knows as enabled."""
    wanted: dict[str, set[str]] = {}
    enables: set[tuple[str, str]] = set()
    for resource in planned.google():
        project, api = planned.place(resource).project, api_of(resource.type)
        if project and api is not None:
            wanted.setdefault(project, {each.service for each in BOOTSTRAP}).add(api.service)
        if resource.type == ENABLED_API:
            service = str(resource.inputs.get("service"))
            wanted.setdefault(project, set()).add(service)
            if resource.urn not in planned.managed:
                enables.add((project, service))
    for project, services in sorted(wanted.items()):
        asked = sorted(service for service in services if (project, service) not in enables)
        enabled = cloud.enabled_apis(project, asked)
        for service in asked:
            subject = f"{project}/{service}"
            if service in enabled:
                yield PreflightFinding("apis", subject, "ok", "is enabled")
            else:
                by_hand = f"gcloud services enable {service} --project {project}"
                never = f"; or, where that was never done, pave up {planned.foundation}"
                fix = by_hand if _is_first(service, planned) else by_hand + never
                yield PreflightFinding(
                    "apis", subject, "no", "is not enabled, so no call to it is served", fix
                )


def _is_first(service: str, planned: PlannedStack) -> bool:
    """Whether no stack enables an API for this one."""
    return planned.stack == planned.foundation or service in {api.service for api in BOOTSTRAP}
