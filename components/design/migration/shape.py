"""A design as a picture: rows of boxes, from the users down to what holds their data."""

from collections.abc import Iterator

from components.design.migration.model import Box
from components.design.model import Design


def shape(design: Design) -> list[list[Box]]:
    """The way in, what answers and works, and the stores. Where a name is on its way, both ways in are there,
    each with its share of the users."""
    rows = [list(_way_in(design)), list(_running(design)), list(_stores(design))]
    return [row for row in rows if row]


def _machine_percent(design: Design) -> int:
    edge = design.edge
    return 0 if edge is None else max(host.machine_percent for host in (edge, *edge.former))


def _way_in(design: Design) -> Iterator[Box]:
    edge, share = design.edge, _machine_percent(design)
    if edge is None:
        return
    if edge.entrance == "machine" or share:
        yield Box("the machine's own address", edge.record, share)
    if edge.entrance != "machine":
        yield Box("front door", f"{design.region}, all zones", 100 - share)


def _running(design: Design) -> Iterator[Box]:
    share = _machine_percent(design)
    for machine in design.machines:
        inside = ", ".join([*machine.workloads, *machine.stores])
        yield Box(f"machine: {inside}", machine.zone, share, not machine.protected and design.protected)
    for workload in design.workloads:
        if workload.runtime != "vm":
            copies = "by its schedule" if workload.kind == "cron" else f"{workload.min_replicas} copies"
            asked = 100 - share if workload.kind == "web" else 100
            waits = ", waits" if workload.suspended else ""
            yield Box(f"{workload.name}, {copies}{waits}", _zones(workload.zones), asked)


def _stores(design: Design) -> Iterator[Box]:
    for store in design.stores:
        if store.runtime == "managed":
            zones = [getattr(store, "zone", ""), getattr(store, "standby_zone", None) or ""]
            said = [getattr(store, "version", ""), getattr(store, "edition", "")]
            name = " ".join(filter(None, [store.name, store.kind, *said]))
            is_beside = store.name.endswith(("-next", "-former"))
            yield Box(name, _zones(list(filter(None, zones))) or store.region, 100, is_beside)


def _zones(zones: list[str]) -> str:
    """`us-east1-b, c, d`."""
    return ", ".join([*zones[:1], *(zone.rpartition("-")[2] for zone in zones[1:])])
