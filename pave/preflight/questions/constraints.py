"""Whether the policies of the organisation allow what the stack would make."""

from collections.abc import Iterator, Sequence

from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from stacks.properties import revealed
from stacks.providers.constraints import MEMBERS, Permit, demands
from stacks.providers.organisation_policies import Customers, PolicyRule, is_allowed

ACCOUNTS, PODS = ".iam.gserviceaccount.com", ".svc.id.goog"
"""How service accounts, and the accounts of a cluster's pods, end behind their project."""

PRINCIPALS = "principalSet://iam.googleapis.com/organizations"
"""All members of an organisation:
https://docs.cloud.google.com/organization-policy/domain-restricted-sharing"""


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
        found = [
            _judge(project, rules, *each, _customers(cloud, project, each[0])) for each in values.values()
        ]
        bad = [each for each in found if each.answer != "ok"]
        yield from bad or [
            PreflightFinding("constraints", f"{project}/{constraint}", "ok", "allows all of it")
        ]


def _customers(cloud: CloudProject, project: str, demand: Permit) -> Customers:
    """Whose a member is, as far as can be told: an account's is the organisation of its project, and so is
    what bears the domain that an organisation is called after. Of another domain, and of accounts of Google's
    own, only the directory knows."""
    kind, _, name = demand.value.partition(":")
    of = project
    if kind == "serviceAccount":
        of = name.removesuffix(ACCOUNTS).removesuffix(PODS)
    if demand.constraint != MEMBERS or not name or of.startswith("gcp-sa-") or "." in of:
        return None
    try:
        found = cloud.organisation(of)
    except NoAnswer:
        return None
    if kind != "serviceAccount" and (found is None or name != found.domain):
        return None
    return () if found is None else (found.customer, f"{PRINCIPALS}/{found.id}")


def _judge(
    project: str, rules: Sequence[PolicyRule], demand: Permit, resource: str, customers: Customers
) -> PreflightFinding:
    subject = f"{project}/{demand.constraint}"
    allowed = is_allowed(rules, demand, customers)
    if allowed:
        return PreflightFinding("constraints", subject, "ok", "allows it")
    policies = "gcloud resource-manager org-policies"
    if allowed is None:
        what = f"may refuse {resource}, which {demand.what}: a rule of it can't be told without Google"
        fix = f"{policies} describe {demand.constraint} --effective --project {project}, and look."
        if demand.constraint == MEMBERS:
            whose = demand.value.partition(":")[2] or "whom it names"
            fix = (
                f"{policies} describe {demand.constraint} --effective --project {project}: the customer of"
                f" {whose} has to be there. `gcloud organizations list` shows that of one's own organisation,"
                " and an administrator of another domain finds theirs at"
                " https://admin.google.com/ac/accountsettings/profile."
            )
        return PreflightFinding("constraints", subject, "undecided", what, fix)
    mend = (
        f"allow {demand.constraint} {demand.value}"
        if demand.value
        else f"disable-enforce {demand.constraint}"
    )
    fix = f"Ask who administers the organisation's policies: {policies} {mend} --project {project}"
    return PreflightFinding("constraints", subject, "no", f"refuses {resource}, which {demand.what}", fix)
