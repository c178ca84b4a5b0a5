"""The gate of a service that moves: what its file says may be what the stack becomes now, and nothing further
on."""

from typing import Any

import pulumi

from catalog.loader import Catalog
from components.design.migration.passage import OUTPUT, passage
from components.design.migration.plan import NoPlan
from components.design.migration.turn import out_of_turn
from stacks.gate.previous import NobodyKnows, outputs_before
from stacks.stack import Stack


def require_turn(catalog: Catalog, stack: Stack, monitor: Any) -> None:
    """Returns when the phase that a service's migration says is the next to the one that its stack was made
    in, or the service doesn't move. `monitor` is the SDK's stub of the engine. Raises pulumi.RunError; also
    when nobody knows in which phase the stack was made."""
    assert stack.service is not None
    try:
        found = passage(catalog, stack.service, stack.place)
    except NoPlan as error:
        raise pulumi.RunError(f"pave can't judge {stack}: {error}") from None
    try:
        before = outputs_before(monitor)
    except NobodyKnows as error:
        if found is None:
            return
        raise pulumi.RunError(f"BLOCKED  {stack} moves, and nobody knows how far it is: {error}") from None
    said = before.get(OUTPUT)
    why = out_of_turn(None if said is None else str(said), found, is_there=bool(before))
    if why is not None:
        raise pulumi.RunError(f"BLOCKED  {stack} is out of turn\n{why.what}\n{why.why}\n{why.instead}")
