"""Cloud DNS."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.edge import RECORD, ZONE
from stacks.providers.row import DOCS

PAGE = f"{DOCS}dns_managed_zone.html.markdown"
SIGNERS = "https://www.rfc-editor.org/rfc/rfc4035#section-2.4"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A zone with records isn't deleted, and a DS record stands where the zone delegates."""
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
