"""Instances that can't stand beside their service."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.place import Place, full_name, instance_of, said_of
from catalog.problem import Wrong

LONGEST = 40
"""Characters of the name of whatever has a front door: what the load balancer's parts add to it must fit in
63 (https://cloud.google.com/compute/docs/naming-resources), as in `metadata.name` of the schema."""


def unfit_instance(written: Json, merged: Json, place: Place) -> Iterator[Wrong]:
    """Why a schema-valid instance can't stand beside the service: its name is too long, or it has the
    service's own host. `merged` is what holds at its place, `written` is without any override."""
    if instance_of(place) is None:
        return
    *_, (entry, at) = (({}, ()), *said_of(written, place))
    name = full_name(written["metadata"]["name"], place)
    if len(name) > LONGEST:
        what = f"`{name}`, what its resources are called, has {len(name)} characters; {LONGEST} fit."
        yield (*at, "name"), "catalog/instance-name", what, "Give the instance a shorter name."
    edge, own = merged["spec"].get("edge", {}), entry.get("override", {}).get("edge", {})
    for field, instead in (("host", "…"), ("formerHosts", "[]")):
        if edge.get(field) and field not in own:
            hosts = edge[field] if isinstance(edge[field], str) else ", ".join(edge[field])
            where = f"would answer at `{hosts}`, where the service itself does"
            fix = f"Write its own under `override`: `edge: {{{field}: {instead}}}`."
            yield (*at, "name"), "catalog/host", f"The instance `{instance_of(place)}` {where}.", fix
