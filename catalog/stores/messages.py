"""What topics and queues have in common: names in Pub/Sub."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.stores.store import name_taken


def reserved(service: Json) -> Iterator[Wrong]:
    """Why no topic can be called after a service:
    https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names."""
    if service["metadata"]["name"].startswith("goog"):
        yield name_taken("Topics are called after their service, and none may begin with `goog`.")
