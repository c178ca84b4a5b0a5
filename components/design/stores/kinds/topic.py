"""A topic that others subscribe to, in Pub/Sub."""

from typing import ClassVar, Self

from catalog.stores.kinds.topic import Topic
from components.design.stores.messages import HOST, SLA, recoveries
from components.design.stores.model import AskedStore, StoreDesign, common


class TopicDesign(StoreDesign, frozen=True, tag="topic"):
    """A topic whose messages can be replayed for `retention_days`."""

    retention_days: int

    LISTED: ClassVar[str] = "topics"

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """Messages stay in the environment's region."""
        service, store = asked.service, asked.store
        assert isinstance(store, Topic)
        return cls(
            **common(asked),
            ports=[],
            hosts=[HOST],
            sla=SLA,
            is_maintained=False,
            recoveries=recoveries(service.spec.recovery),
            retention_days=store.retention_days,
        )
