"""Whether the caller may make the calls that the update takes."""

from collections.abc import Iterator

from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from stacks.providers.permissions import ProviderCall, permissions_for


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each project, or for each permission that is missing there.

    A permission on a resource alone, such as on one bucket, isn't seen: the project is asked."""
    calls: dict[str, set[tuple[str, ProviderCall]]] = {}
    for resource in planned.google():
        call: ProviderCall = "update" if resource.urn in planned.managed else "create"
        if project := planned.place(resource).project:
            calls.setdefault(project, set()).add((resource.type, call))
    for project, wanted in sorted(calls.items()):
        permissions = permissions_for(wanted)
        try:
            granted = cloud.granted(project, permissions)
        except NoAnswer as error:
            fix = f"gcloud services enable cloudresourcemanager.googleapis.com --project {project}"
            yield PreflightFinding("permissions", project, "undecided", str(error), fix)
            continue
        missing = [each for each in permissions if each not in granted]
        if not missing:
            what = f"all {len(permissions)} that are needed are granted"
            yield PreflightFinding("permissions", project, "ok", what)
        for each in missing:
            fix = (
                f"gcloud projects add-iam-policy-binding {project} --member=MEMBER --role=ROLE, with a role"
                f" that has it: gcloud iam roles list --filter=includedPermissions:{each}"
            )
            what = "is not granted to the caller on this project"
            yield PreflightFinding("permissions", f"{project}/{each}", "no", what, fix)
