"""Cloud DNS."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.edge import RECORD, ZONE
from stacks.providers.row import DOCS

PAGE = f"{DOCS}dns_managed_zone.html.markdown"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A zone with records isn't deleted."""
    if asked.token != ZONE or asked.after is not None or asked.before is None:
        return
    name = asked.before["name"]
    if asked.before.get("forceDestroy"):
        return
    records = (each for each in asked.others if each.type == RECORD and each.scope == asked.scope)
    if any(record.inputs["managedZone"] == name for record in records):
        yield ApiError(400, f"The managed zone {name} has records: containerNotEmpty.", PAGE)
