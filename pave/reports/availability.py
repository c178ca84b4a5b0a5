"""What `pave availability` finds, as data."""

from typing import Literal

import msgspec

from components.design.model import AvailabilityDesign
from components.design.what_if import SingleChange


class AvailabilityReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave availability --format json` prints. `what_if` are the changes that were assumed;
    `improvements` are single changes that help, best first."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["AvailabilityReport"] = "AvailabilityReport"
    service: str
    environment: str
    what_if: list[str]
    availability: AvailabilityDesign
    improvements: list[SingleChange]
