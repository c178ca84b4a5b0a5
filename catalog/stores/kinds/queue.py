"""A queue of messages to be worked off, in Pub/Sub."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import msgspec

from catalog.document import Json
from catalog.kind import Fields
from catalog.problem import Wrong
from catalog.stores.messages import reserved
from catalog.stores.store import Store
from catalog.yaml.parsed import Pointer

ITS_TOPIC = {"TOPIC": "full name of its topic, where messages are published"}
ITS_SUBSCRIPTION = {"SUBSCRIPTION": "full name of its subscription, from which messages are taken"}


class TopicName(Fields, frozen=True):
    """The store `topic` of a service, None: of the queue's own."""

    topic: str
    service: str | None


class Queue(Store, frozen=True, kw_only=True, tag="queue"):
    """Messages in Pub/Sub that the service works off: a topic with one subscription, or one to a topic that
    another service publishes to. What fails too often goes to the dead letters, which wait for a person."""

    retention_days: int
    ack_seconds: int
    attempts: int
    ordered: bool
    source: TopicName | None = msgspec.field(name="from")
    family: str = "messages"

    FACTS: ClassVar[Mapping[str, str]] = {**ITS_TOPIC, **ITS_SUBSCRIPTION}

    @classmethod
    def facts(cls, written: Json) -> Mapping[str, str]:
        """Nobody but the topic's owner publishes to it."""
        return ITS_SUBSCRIPTION if "from" in written else cls.FACTS

    @classmethod
    def wrong(cls, written: Json, at: Pointer, service: Json) -> Iterator[Wrong]:
        """A name that Pub/Sub keeps for its own."""
        return reserved(service)
