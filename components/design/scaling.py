"""By what else than CPU copies come and go."""

import msgspec

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Workload
from components.design.naming import store_name


class QueueTarget(msgspec.Struct, frozen=True, rename="camel"):
    """So many `messages` of a `subscription` in Pub/Sub, by its name, may wait for each copy."""

    subscription: str
    messages: int


def queue_target(service: Service, workload: Workload) -> QueueTarget | None:
    """The queue that a workload follows, None where it follows none."""
    if workload.queue_target is None:
        return None
    target = workload.queue_target
    queue = next(store for store in service.spec.stores if store.name == target.queue)
    name = store_name(service.full_name, queue.name, queue.generation)
    return QueueTarget(subscription=name, messages=target.messages)
