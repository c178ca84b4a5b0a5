"""A topic that others subscribe to, in Pub/Sub."""

from typing import ClassVar, Self

from catalog.kinds.service import Service
from catalog.stores.kinds.topic import Topic
from components.design.stores.messages import HOST, SLA, recoveries
from components.design.stores.model import StoreDesign, common


class TopicDesign(StoreDesign, frozen=True, tag="topic"):
    """A topic whose messages can be replayed for `retention_days`."""

    retention_days: int

    LISTED: ClassVar[str] = "topics"

    @classmethod
    def of(cls, service: Service, index: int, connections: int) -> Self:
        """Messages stay in the environment's region."""
        store = service.spec.stores[index]
        assert isinstance(store, Topic)
        return cls(
            **common(service, index, store),
            ports=[],
            hosts=[HOST],
            sla=SLA,
            is_maintained=False,
            recoveries=recoveries(service.spec.recovery),
            retention_days=store.retention_days,
        )
