"""Creations that failed, but not because the cloud said no: a lost connection, a time-out, a dead provider.

The cloud may have made them all the same. The engine forgets such a creation at once, so `recovery.remember`
leaves a note of it in the state, and the next update looks first."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from catalog.document import Json
from stacks.properties import is_unknown

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent, StepEventStateMetadata

CREATIONS = frozenset({"create", "create-replacement"})

REFUSED = re.compile(r"googleapi: Error 4(?!08|29)\d\d")
"""A no of Google's, as its client says it: nothing was made, and what has that name already isn't known to be
ours. 408 and 429 say nothing of what an earlier try did."""


def unheard(events: Iterable["EngineEvent"]) -> list[Json]:
    """The resources of a failed update that the cloud may have made without the engine hearing of it, as
    records of a state."""
    said: dict[str, str] = {}
    found: dict[str, Json] = {}
    for event in events:
        message, failed = event.diagnostic_event, event.res_op_failed_event
        if message is not None and message.severity == "error" and message.urn:
            said[message.urn] = said.get(message.urn, "") + message.message
        if failed is not None and failed.metadata.op.value in CREATIONS and failed.metadata.new is not None:
            found[failed.metadata.urn] = record_of(failed.metadata.new)
    return [record for urn, record in found.items() if not REFUSED.search(said.get(urn, ""))]


def record_of(new: "StepEventStateMetadata") -> Json:
    """A resource of an event as a record of a state: with what is known of it and no secret, and without what
    it depends on, which the next update hears from the program."""
    inputs = {
        name: value
        for name, value in (new.inputs or {}).items()
        if value != "[secret]" and not is_unknown(value)
    }
    record: Json = {"urn": new.urn, "type": new.type, "custom": bool(new.custom), "inputs": inputs}
    flags = {"protect": new.protect, "retainOnDelete": new.retain_on_delete}
    words = {"parent": new.parent, "provider": new.provider}
    return record | {name: value for name, value in {**flags, **words}.items() if value}
