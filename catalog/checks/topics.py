"""Topics that a service's queues subscribe to: those there are, where the service runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from catalog.nearest import did_you_mean
from catalog.overrides import merge_override
from catalog.place import places_in
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


def missing_topics(written: Json, environment: str, known: Mapping[str, Any]) -> Iterator[Wrong]:
    """Of a schema-valid, merged service in an environment. `known` are the services by name."""
    for index, store in enumerate(written["spec"].get("stores", ())):
        asked = store.get("from")
        if asked is None:
            continue
        at: Pointer = ("spec", "stores", index, "from")
        owner = asked.get("service")
        if owner is None:
            yield from _missing(asked, written["spec"], "this service", at)
        elif owner not in known:
            what = f"There is no service `{owner}` in the catalog."
            yield (*at, "service"), "catalog/reference", what, did_you_mean(owner, list(known))
        elif environment not in places_in(known[owner].data):
            what = f"`{owner}` doesn't run in {environment}, so that it publishes nothing there."
            fix = f"Let it run there, or leave this store out in {environment}."
            yield (*at, "service"), "catalog/reference", what, fix
        else:
            theirs, _ = merge_override(known[owner].data, environment)
            yield from _missing(asked, theirs["spec"], f"`{owner}`", at)


def _missing(asked: Json, spec: Json, whose: str, at: Pointer) -> Iterator[Wrong]:
    topics = [store["name"] for store in spec.get("stores", ()) if store.get("kind") == "topic"]
    if asked["topic"] not in topics:
        what = f"There is no store `{asked['topic']}` of kind topic in {whose}."
        yield (*at, "topic"), "catalog/reference", what, did_you_mean(asked["topic"], topics)
