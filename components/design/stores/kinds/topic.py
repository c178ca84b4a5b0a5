"""A topic that others subscribe to, in Pub/Sub."""

from typing import ClassVar, Self

from catalog.stores.kinds.topic import Topic
from components.design.stores.messages import in_pubsub
from components.design.stores.model import AskedStore, StoreDesign


class TopicDesign(StoreDesign, frozen=True, tag="topic"):
    """A topic whose messages can be replayed for `retention_days`."""

    retention_days: int

    LISTED: ClassVar[str] = "topics"

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """Its messages are in Pub/Sub."""
        assert isinstance(asked.store, Topic)
        return cls(**in_pubsub(asked), retention_days=asked.store.retention_days)
