"""Whether projects are of the tier of Cloud Armor that the rules of their firewalls take."""

from collections.abc import Iterator

from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from stacks.providers.armor_tiers import ENTERPRISE, PAYGO, needs


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each project in which a rule takes more than the standard tier."""
    takers: dict[str, list[str]] = {}
    for resource in planned.google():
        if needs(resource.type, resource.inputs):
            takers.setdefault(planned.place(resource).project, []).append(resource.name)
    for project, names in sorted(takers.items()):
        whose = f"rules of {', '.join(names)} take Cloud Armor Enterprise"
        try:
            tier = cloud.armor_tier(project)
        except NoAnswer as error:
            fix = f"Ask for roles/compute.viewer on {project}."
            yield PreflightFinding("tiers", project, "undecided", f"{whose}, and {error}", fix)
            continue
        if tier in ENTERPRISE:
            yield PreflightFinding("tiers", project, "ok", f"{whose}, which it has: {tier}")
            continue
        fix = (
            f"gcloud compute project-info update --project {project} --cloud-armor-tier {PAYGO}; it is paid"
            " for. Or take `threatLists` and `autoDeploy` out of the service."
        )
        yield PreflightFinding("tiers", project, "no", f"{whose}, and it has {tier}", fix)
