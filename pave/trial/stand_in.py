"""What stands in for a store on one's own machine."""

from collections.abc import Mapping
from typing import NamedTuple

HOST = "{host}"
"""In a fact: what the stand-in is called among the containers."""


class StandIn(NamedTuple):
    """A container: its `image`, what it is told and started with, the command that ends with 0 once it is
    `ready`, and the facts that workloads are told of it: `HOST` for `DB_HOST`. Its data is gone with it."""

    image: str
    environment: Mapping[str, str]
    command: list[str]
    ready: list[str]
    facts: Mapping[str, str]
