"""Where a service runs: in an environment, and perhaps in more than one instance there.

An instance is a copy of the service that stands beside it in the same environment, with stores, secrets and
an address of its own: to rehearse on, to test under load, for a customer who needs one alone. A place is
written `production`, or `production.canary` for the instance `canary` there; the service's own is the one
without a name.
"""

from collections.abc import Iterator

from catalog.document import Json
from catalog.yaml.parsed import Pointer

Place = str

PRODUCTION = "production"


def place_of(environment: str, instance: str | None) -> Place:
    """How a place is written."""
    return environment if instance is None else f"{environment}.{instance}"


def environment_of(place: Place) -> str:
    """The environment in which a place is."""
    return place.partition(".")[0]


def instance_of(place: Place) -> str | None:
    """The instance's name, None for the service's own place."""
    return place.partition(".")[2] or None


def full_name(service: str, place: Place) -> str:
    """What a service is called among all that is in its environment: `portal`, or `portal-canary`."""
    instance = instance_of(place)
    return service if instance is None else f"{service}-{instance}"


def places_in(written: Json) -> Iterator[Place]:
    """Where a service says that it runs, in its own order: each environment, and after it the instances
    there. One that says nothing runs in production."""
    for entry in written["spec"].get("environments") or [{"name": PRODUCTION}]:
        yield entry["name"]
        for copy in entry.get("instances", ()):
            yield place_of(entry["name"], copy["name"])


def said_of(written: Json, place: Place) -> Iterator[tuple[Json, Pointer]]:
    """What a service says of a place, and where it says so: of its environment, and then of its instance."""
    environment, instance = environment_of(place), instance_of(place)
    for index, entry in enumerate(written["spec"].get("environments", ())):
        if entry["name"] == environment:
            at: Pointer = ("spec", "environments", index)
            yield entry, at
            for number, copy in enumerate(entry.get("instances", ())):
                if copy["name"] == instance:
                    yield copy, (*at, "instances", number)
