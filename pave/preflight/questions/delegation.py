"""Whether the zone above leads to the zone that the stack's names are in."""

from collections.abc import Iterator

from pave.preflight.model import (
    CloudProject,
    NoAnswer,
    PlannedStack,
    PreflightAnswer,
    PreflightFinding,
    Referral,
    Zone,
)
from stacks.properties import is_unknown
from stacks.providers.edge import RECORD, ZONE


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each zone. The stack that makes a zone doesn't need it to be found: to that, what is missing
    waits."""
    own = {
        (planned.place(each).project, str(each.inputs.get("name"))): str(each.inputs.get("dnsName")).rstrip(
            "."
        )
        for each in planned.google()
        if each.type == ZONE
    }
    used = {
        (planned.place(each).project, str(each.inputs["managedZone"]))
        for each in planned.google()
        if each.type == RECORD and not is_unknown(each.inputs["managedZone"])
    }
    for project, name in sorted({*own, *used}):
        try:
            zone = cloud.zone(project, name)
            if zone is None:
                yield _not_there(planned, name, own.get((project, name)))
            else:
                yield _judge(zone, cloud.delegation(zone.domain), is_own=(project, name) in own, name=name)
        except NoAnswer as error:
            fix = (
                f"gcloud dns managed-zones describe {name} --project {project}; dig +trace NS of its domain."
            )
            yield PreflightFinding("delegation", f"{project}/{name}", "undecided", str(error), fix)


def _not_there(planned: PlannedStack, name: str, domain: str | None) -> PreflightFinding:
    if domain is None:
        what, fix = "isn't there, so no name can be in it", f"pave up {planned.foundation}"
        return PreflightFinding("delegation", name, "no", what, fix)
    what = "is a zone that this stack makes: nobody can lead to it before"
    return PreflightFinding("delegation", domain, "ok", what)


def _judge(zone: Zone, above: Referral, *, is_own: bool, name: str) -> PreflightFinding:
    """A chain that breaks is worse than none: a resolver that validates answers nothing then."""
    needs = f"spec.dns.delegation.nameServers: {sorted(zone.servers)}"
    registrar = f"in the zone above {zone.domain}, or at the registrar, and in the environment"
    missing: PreflightAnswer = "waits" if is_own else "no"
    if not above.servers:
        what = "is led to by no NS record in the zone above: nobody finds a name in it"
        return PreflightFinding("delegation", zone.domain, missing, what, f"{needs} {registrar}.")
    if above.servers != zone.servers:
        what = f"is led to {', '.join(sorted(above.servers))}, which don't answer for it"
        return PreflightFinding("delegation", zone.domain, "no", what, f"{needs} {registrar}.")
    command = f"gcloud dns dns-keys list --zone {name}"
    if above.keys and not above.keys & zone.keys:
        what = "has a DS record above that fits none of its keys: resolvers that validate refuse its names"
        fix = f"spec.dns.delegation.ds: {sorted(zone.keys)} {registrar} ({command})."
        return PreflightFinding("delegation", zone.domain, "no", what, fix)
    if zone.keys and not above.keys:
        what = "is signed, and no DS record in the zone above says so: nobody checks the signatures"
        fix = f"spec.dns.delegation.ds: {sorted(zone.keys)} {registrar} ({command})."
        return PreflightFinding("delegation", zone.domain, "waits", what, fix)
    return PreflightFinding("delegation", zone.domain, "ok", "is what the zone above leads to")
