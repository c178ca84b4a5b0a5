"""What of a design is lost with it: what holds data, or can't be had again."""

from collections.abc import Iterator

from components.design.model import Design


def held(design: Design, *, protected: bool | None = None) -> Iterator[str]:
    """The cloud's names of it; only what is `protected`, or isn't, where that is said. Of a store on a
    machine there is nothing."""
    managed = [store for store in design.stores if store.runtime == "managed"]
    named = [(each.resource, each.protected) for each in managed]
    named += [(each.resource, each.protected) for each in design.secrets]
    yield from (resource for resource, is_so in named if protected in (None, is_so))
    for machine in design.machines:
        if protected is None or machine.protected == protected:
            yield from machine.instance_names
