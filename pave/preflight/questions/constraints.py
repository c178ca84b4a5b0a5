"""Whether the policies of the organisation allow what the stack would make."""

from collections.abc import Iterator, Sequence

from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from stacks.properties import revealed
from stacks.providers.constraints import Permit, demands
from stacks.providers.organisation_policies import PolicyRule, is_allowed


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each constraint in each project, and for each value that isn't allowed. Only what would be made
    is asked about: a policy doesn't touch what is there already."""
    wanted: dict[tuple[str, str], dict[str, tuple[Permit, str]]] = {}
    for resource in planned.google():
        project = planned.place(resource).project
        if not project or resource.urn in planned.managed:
            continue
        for demand in demands(resource.type, revealed(resource.inputs), project):
            of = wanted.setdefault((project, demand.constraint), {})
            of.setdefault(demand.value, (demand, f"{resource.type} {resource.name}"))
    for (project, constraint), values in sorted(wanted.items()):
        try:
            rules = cloud.policy(project, constraint)
        except NoAnswer as error:
            fix = (
                f"gcloud services enable orgpolicy.googleapis.com --project {project}; and ask for"
                " roles/orgpolicy.policyViewer."
            )
            yield PreflightFinding("constraints", f"{project}/{constraint}", "undecided", str(error), fix)
            continue
        found = [_judge(project, rules, *each) for each in values.values()]
        bad = [each for each in found if each.answer != "ok"]
        yield from bad or [
            PreflightFinding("constraints", f"{project}/{constraint}", "ok", "allows all of it")
        ]


def _judge(project: str, rules: Sequence[PolicyRule], demand: Permit, resource: str) -> PreflightFinding:
    subject = f"{project}/{demand.constraint}"
    allowed = is_allowed(rules, demand)
    if allowed:
        return PreflightFinding("constraints", subject, "ok", "allows it")
    policies = "gcloud resource-manager org-policies"
    if allowed is None:
        what = f"may refuse {resource}, which {demand.what}: a rule of it can't be told without Google"
        fix = f"{policies} describe {demand.constraint} --effective --project {project}, and look."
        return PreflightFinding("constraints", subject, "undecided", what, fix)
    mend = (
        f"allow {demand.constraint} {demand.value}"
        if demand.value
        else f"disable-enforce {demand.constraint}"
    )
    fix = f"Ask who administers the organisation's policies: {policies} {mend} --project {project}"
    return PreflightFinding("constraints", subject, "no", f"refuses {resource}, which {demand.what}", fix)
