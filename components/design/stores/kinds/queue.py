"""A queue of messages to be worked off, in Pub/Sub."""

from typing import ClassVar, Self

from catalog.stores.kinds.queue import Queue, TopicName
from components.design.naming import resource_name, store_name
from components.design.stores.messages import in_pubsub
from components.design.stores.model import AskedStore, StoreDesign

BACKOFF_SECONDS = (10, 600)
"""The first wait before a message that failed is given out again, and the longest: Pub/Sub's own defaults for
it, https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff."""

DEAD_DAYS = 31
"""The longest that Pub/Sub keeps one: https://cloud.google.com/pubsub/docs/subscription-retention-policy."""


class QueueDesign(StoreDesign, frozen=True, tag="queue"):
    """A subscription to `topic`, called like it, which is its own if it `publishes`; else it `stands_on` the
    store whose topic it is, where that is the same service's. `dead_letters` is the name of the topic, and of
    its subscription, to which a message goes after so many `attempts`; it waits there for `dead_days`."""

    topic: str
    publishes: bool
    retention_days: int
    ack_seconds: int
    attempts: int
    ordered: bool
    backoff_seconds: int
    longest_backoff_seconds: int
    dead_letters: str
    dead_days: int

    LISTED: ClassVar[str] = "queues"

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """Its messages are in Pub/Sub."""
        service, store = asked.service, asked.store
        assert isinstance(store, Queue)
        own, source = in_pubsub(asked), store.source
        if source is not None and source.service is None:
            own["stands_on"] = [source.topic]
        return cls(
            **own,
            topic=_topic(asked, source, own["resource"]),
            publishes=source is None,
            retention_days=store.retention_days,
            ack_seconds=store.ack_seconds,
            attempts=store.attempts,
            ordered=store.ordered,
            backoff_seconds=BACKOFF_SECONDS[0],
            longest_backoff_seconds=BACKOFF_SECONDS[1],
            dead_letters=resource_name(service.full_name, store.name, "dead", f"g{store.generation}"),
            dead_days=DEAD_DAYS,
        )


def _topic(asked: AskedStore, source: TopicName | None, own: str) -> str:
    """The full name of the topic that it subscribes to."""
    name = own
    if source is not None and source.service is None:
        kept = next(store for store in asked.service.spec.stores if store.name == source.topic)
        name = store_name(asked.service.full_name, kept.name, kept.generation)
    elif source is not None and source.service is not None:
        generation = asked.around.service(source.service).topics[source.topic]
        name = store_name(source.service, source.topic, generation)
    return f"projects/{asked.service.environment.spec.project}/topics/{name}"
