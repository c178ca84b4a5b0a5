"""What a service takes over from before pave: its requests to the engine name the resources that are there.

An entry of an adoption is laid over the request that registers the resource, before anybody sees that: the
recorder, the gate, the engine. So the plan that rules judge says what is there, and not what the service's
file would make of it; and the engine imports, and has nothing to change
(https://www.pulumi.com/docs/iac/concepts/resources/options/import/). Once the state has the resource under
that id, the engine passes over it."""

from collections.abc import Callable, Iterable
from typing import Any

from catalog.kinds.adoption import AdoptedResource, KeptValue
from stacks.recording.wire import before_registering


def take_over(monitor: Any, adopted: Iterable[AdoptedResource]) -> None:
    """Lets each request to `monitor`, the SDK's gRPC stub of the engine, that registers a resource which is
    to be taken over say so."""
    found = {(each.type, each.name): each for each in adopted}
    if found:
        before_registering(monitor, laid_over(found))


def laid_over(adopted: dict[tuple[str, str], AdoptedResource]) -> Callable[[Any], None]:
    """What changes a request to register one of these resources, by type and name."""

    def lay(request: Any) -> None:
        entry = adopted.get((request.type, request.name))
        if entry is not None and request.custom:
            request.importId = entry.id
            for each in entry.keeps:
                _keep(request.object, each)

    return lay


def _keep(properties: Any, kept: KeptValue) -> None:
    """Lets a property be what it is there."""
    *way, last = kept.steps
    for step in way:
        fields = properties.fields
        if step not in fields or fields[step].WhichOneof("kind") != "struct_value":
            if kept.value is None:
                return
            fields[step].struct_value.Clear()
            fields[step].struct_value.SetInParent()
        properties = fields[step].struct_value
    if kept.value is None:
        properties.fields.pop(last, None)
    else:
        properties[last] = kept.value
