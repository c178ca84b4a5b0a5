"""Unconfirmed creations: they failed without the cloud's refusal, by a lost connection, a time-out, a dead
provider. The cloud may have created the resource all the same.

The engine drops such a creation from the state at once, so `note_unconfirmed` writes a note on it, and the
next update finds out first."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from catalog.document import Json
from stacks.properties import is_unknown

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent, StepEventStateMetadata

CREATIONS = frozenset({"create", "create-replacement"})
"""The engine's operations that create a resource."""

REFUSED = re.compile(r'googleapi: Error 4(?!08|29)\d\d|Kubernetes API server ?: .* "[^"]+" already exists')
"""Google's refusal, as its client words it, and Kubernetes': nothing was created, and what already has that
name may be anybody's. After 408 and 429 an earlier attempt may have succeeded."""


def unconfirmed_creations(events: Iterable["EngineEvent"]) -> list[Json]:
    """The resources whose creation failed without a refusal, as records of a state. `events` are those of the
    update."""
    said: dict[str, str] = {}
    found: dict[str, Json] = {}
    for event in events:
        message, failed = event.diagnostic_event, event.res_op_failed_event
        if message is not None and message.severity == "error" and message.urn:
            said[message.urn] = said.get(message.urn, "") + message.message
        if failed is not None and failed.metadata.op.value in CREATIONS and failed.metadata.new is not None:
            found[failed.metadata.urn] = record_of(failed.metadata.new)
    return [record for urn, record in found.items() if not REFUSED.search(said.get(urn, ""))]


def refused_creations(events: Iterable["EngineEvent"]) -> Iterator[str]:
    """The URNs of the resources whose creation the cloud has refused."""
    for event in events:
        message = event.diagnostic_event
        is_error = message is not None and message.severity == "error"
        if message is not None and message.urn and is_error and REFUSED.search(message.message):
            yield message.urn


def record_of(new: "StepEventStateMetadata") -> Json:
    """A resource of an event as a record of a state: with its known inputs, without secrets, and without its
    dependencies, which the next update gets from the program."""
    inputs = {
        name: value
        for name, value in (new.inputs or {}).items()
        if value != "[secret]" and not is_unknown(value)
    }
    record: Json = {"urn": new.urn, "type": new.type, "custom": bool(new.custom), "inputs": inputs}
    flags = {"protect": new.protect, "retainOnDelete": new.retain_on_delete}
    words = {"parent": new.parent, "provider": new.provider}
    return record | {name: value for name, value in {**flags, **words}.items() if value}
