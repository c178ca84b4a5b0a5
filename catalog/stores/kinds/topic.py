"""A topic that others subscribe to, in Pub/Sub."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from catalog.document import Json
from catalog.problem import Wrong
from catalog.stores.messages import reserved
from catalog.stores.store import Store
from catalog.yaml.parsed import Pointer


class Topic(Store, frozen=True, kw_only=True, tag="topic"):
    """Messages in Pub/Sub that the service publishes and keeps no queue of: queues of others subscribe to it.

    For `retentionDays` they can be replayed."""

    retention_days: int
    family: str = "messages"

    FACTS: ClassVar[Mapping[str, str]] = {"TOPIC": "its full name, where messages are published"}

    @classmethod
    def wrong(cls, written: Json, at: Pointer, service: Json) -> Iterator[Wrong]:
        """A name that Pub/Sub keeps for its own."""
        return reserved(service)
