"""Cloud DNS."""

from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.edge import RECORD, ZONE
from stacks.providers.row import DOCS

PAGE = f"{DOCS}dns_managed_zone.html.markdown"
STEERING = "https://cloud.google.com/dns/docs/routing-policies-overview"
CHECKS = "https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks"
HEALTH_CHECK = "gcp:compute/healthCheck:HealthCheck"
SIGNERS = "https://www.rfc-editor.org/rfc/rfc4035#section-2.4"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A zone with records isn't deleted, a DS record stands where the zone delegates, and addresses that are
    asked whether they answer have a check that can ask them."""
    if asked.token == RECORD and asked.after is not None:
        yield from _unchecked(asked, asked.after.get("routingPolicy") or {})
    if asked.token == RECORD and asked.after is not None and asked.after["type"] == "DS":
        yield from _nowhere_delegated(asked, asked.after["managedZone"], asked.after["name"])
    if asked.token != ZONE or asked.after is not None or asked.before is None:
        return
    name = asked.before["name"]
    if asked.before.get("forceDestroy"):
        return
    records = (each for each in asked.others if each.type == RECORD and each.scope == asked.scope)
    if any(record.inputs["managedZone"] == name for record in records):
        yield ApiError(400, f"The managed zone {name} has records: containerNotEmpty.", PAGE)


def _nowhere_delegated(asked: CloudCall, zone: str, name: str) -> Iterator[ApiError]:
    inputs = [(each.type, each.inputs) for each in asked.others if each.scope == asked.scope]
    zones = {each["name"]: each["dnsName"] for token, each in inputs if token == ZONE}
    delegated = {
        each["name"]
        for token, each in inputs
        if token == RECORD and each["type"] == "NS" and each["managedZone"] == zone
    }
    if name == zones.get(zone) or name not in delegated:
        yield ApiError(
            400, f"The zone {zone} delegates {name} to nobody: it can't have a DS record.", SIGNERS
        )


def _unchecked(asked: CloudCall, policy: Json) -> Iterator[ApiError]:
    """A health check of a public zone's record: https://cloud.google.com/dns/docs/routing-policies-overview."""
    wrrs, both = policy.get("wrrs", []), policy.get("primaryBackup")
    targets = both is not None or any("healthCheckedTargets" in each for each in wrrs)
    if not policy:
        return
    if both is not None and not both.get("backupGeos"):
        yield ApiError(400, "A primaryBackup policy needs backupGeos.", STEERING)
    if targets != bool(policy.get("healthCheck")):
        yield ApiError(
            400, "External endpoints and a healthCheck need each other in a public zone.", STEERING
        )
        return
    if not targets:
        return
    for each in asked.others:
        if each.type == HEALTH_CHECK and str(policy["healthCheck"]).endswith(f"/{each.inputs['name']}"):
            regions, interval = each.inputs.get("sourceRegions") or [], each.inputs.get("checkIntervalSec", 5)
            if len(regions) != 3:
                what = f"The health check {each.inputs['name']} has {len(regions)} source regions and not 3."
                yield ApiError(400, what, CHECKS)
            if interval < 30:
                yield ApiError(400, f"checkIntervalSec of {each.inputs['name']} must be at least 30.", CHECKS)
