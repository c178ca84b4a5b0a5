"""What an apply has told of records: the outputs of stacks, as `pulumi stack output --json` prints them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pave.refused import Refused
from pave.zones.held import HeldRecord, HeldZone

Outputs = Mapping[str, Any]
VERSIONS = {"A": 4, "AAAA": 6}
"""Of the Internet Protocol, by the type of an address record."""


def read_outputs(words: Iterable[str]) -> dict[str, Outputs]:
    """The outputs of stacks by their names, from words such as `service.shop.production=shop.json`. Raises
    Refused."""
    found: dict[str, Outputs] = {}
    for word in words:
        stack, equals, name = word.partition("=")
        if not equals:
            raise Refused(f"`{word}` names no stack. Write STACK=FILE: service.shop.production=shop.json.")
        try:
            said = json.loads(Path(name).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Refused(f"{name} can't be read: {error}.") from error
        if not _is_outputs(said):
            raise Refused(
                f"{name} has no outputs of {stack}. `pulumi stack output --json --stack {stack}` prints them."
            )
        found[stack] = said
    return found


def _is_outputs(said: Any) -> bool:
    if not isinstance(said, dict) or not isinstance(said.get("addresses"), list):
        return False
    try:
        return all(ip_address(each) for each in said["addresses"])
    except ValueError:
        return False


def told(zone: HeldZone, outputs: Mapping[str, Outputs]) -> HeldZone:
    """The zone with the addresses that stacks have told, and the values of records that others have to make.
    Raises Refused for a stack that makes nothing in it."""
    makers = {each.stack for each in zone.records}
    if strangers := sorted(outputs.keys() - makers):
        raise Refused(f"{', '.join(strangers)} makes no record in {zone.domain}.")
    elsewhere = {
        (each["name"], each["type"]): each["values"]
        for said in outputs.values()
        for each in said.get("records_elsewhere") or ()
    }
    return replace(zone, records=[_told(each, outputs, elsewhere) for each in zone.records])


def _told(
    record: HeldRecord, outputs: Mapping[str, Outputs], elsewhere: Mapping[tuple[str, str], Sequence[str]]
) -> HeldRecord:
    """As many as there are to be: of a name on its way to another place, not all addresses are told."""
    if None not in record.values:
        return record
    if record.stack is None:
        values = elsewhere.get((record.name, record.type), [])
    else:
        version = VERSIONS.get(record.type)
        said = outputs.get(record.stack, {}).get("addresses", [])
        values = [each for each in said if version is not None and ip_address(each).version == version]
    return replace(record, values=[*values]) if len(values) == len(record.values) else record
