"""What topics and queues have in common: where they are, and what becomes of them after a loss."""

from typing import Any

from catalog.kinds.service_spec import Recovery
from components.design.stores.model import AskedStore, common
from components.design.stores.recovery import LossRecovery

HOST = "pubsub.googleapis.com"
"""https://cloud.google.com/pubsub/docs/reference/service_apis_overview#service_endpoints"""


def in_pubsub(asked: AskedStore) -> dict[str, Any]:
    """The fields that mean the same for both. Messages stay in the environment's region."""
    return {
        **common(asked),
        "ports": [],
        "hosts": [HOST],
        "sla": "pubsub",
        "is_maintained": False,
        "recoveries": _recoveries(asked.service.spec.recovery),
    }


def _recoveries(promise: Recovery) -> list[LossRecovery]:
    """A message is in two zones or more before its publisher is told that it was taken, and in no other
    region than its topic allows: https://cloud.google.com/pubsub/architecture."""
    zone = LossRecovery(loss="a zone", means="copies", rpo_minutes=0, rto_minutes=0)
    region = LossRecovery(loss="the region", means="nothing", rpo_minutes=None, rto_minutes=None)
    return [zone, *([region] if promise.scope == "region" else [])]
