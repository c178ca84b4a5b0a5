"""Whether the zone above leads to the zone that the stack's names are in."""

from collections.abc import Iterator

from pave.preflight.model import (
    CloudProject,
    NoAnswer,
    PlannedStack,
    PreflightAnswer,
    PreflightFinding,
    PublicZone,
    Referral,
)
from pave.reviewing.delegation import to_write
from stacks.properties import is_unknown
from stacks.providers.edge import RECORD, ZONE


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each zone. The stack that makes a zone doesn't need it to be found: to that, what is missing
    waits. Of its own zone also what the environment's file says of it."""
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
        is_own = (project, name) in own
        try:
            zone = cloud.zone(project, name)
            if zone is None:
                yield _not_there(planned, name, own.get((project, name)))
            elif is_own and (found := _miswritten(zone, planned.written)) is not None:
                yield found
            else:
                yield _judge(zone, cloud.delegation(zone.domain), planned.written, is_own=is_own, name=name)
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
    fix = f"pave up {planned.stack}, which says then what leads to it."
    return PreflightFinding("delegation", domain, "waits", what, fix)


def _miswritten(zone: PublicZone, written: Referral | None) -> PreflightFinding | None:
    """Whoever leads to a zone does it by the file of its environment: the foundation above, or a person at
    the registrar."""
    if written is None:
        return None
    fix = f"Write what it has, {to_write(zone.servers, zone.keys)}, and the same in the zone above."
    if written.servers != zone.servers:
        names = ", ".join(sorted(written.servers))
        what = f"is led to {names} by the environment's file, and has other name servers"
        return PreflightFinding("delegation", zone.domain, "no", what, fix)
    if written.keys and zone.keys and not written.keys & zone.keys:
        what = "has a DS record in the environment's file that fits none of its keys"
        return PreflightFinding("delegation", zone.domain, "no", what, fix)
    return None


def _judge(
    zone: PublicZone, above: Referral, written: Referral | None, *, is_own: bool, name: str
) -> PreflightFinding:
    """A chain that breaks is worse than none: a resolver that validates answers nothing then."""
    registrar = f"in the zone above {zone.domain}, or at the registrar, and in the environment"
    fix = f"{to_write(zone.servers, zone.keys)} {registrar}."
    missing: PreflightAnswer = "waits" if is_own else "no"
    if not above.servers:
        what = "is led to by no NS record in the zone above: nobody finds a name in it"
        return PreflightFinding("delegation", zone.domain, missing, what, fix)
    if above.servers != zone.servers:
        what = f"is led to {', '.join(sorted(above.servers))}, which don't answer for it"
        return PreflightFinding("delegation", zone.domain, "no", what, fix)
    command = f"gcloud dns dns-keys list --zone {name}"
    if above.keys and not above.keys & zone.keys:
        what = "has a DS record above that fits none of its keys: resolvers that validate refuse its names"
        return PreflightFinding("delegation", zone.domain, "no", what, f"{fix} ({command})")
    if zone.keys and not above.keys:
        what = "is signed, and no DS record in the zone above says so: nobody checks the signatures"
        return PreflightFinding("delegation", zone.domain, "waits", what, f"{fix} ({command})")
    if is_own and written is None:
        what = "is led to, and the environment's file doesn't say how: nobody who reads it can make it again"
        return PreflightFinding("delegation", zone.domain, "waits", what, f"Write {fix}")
    return PreflightFinding("delegation", zone.domain, "ok", "is what the zone above leads to")
