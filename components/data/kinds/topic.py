"""A service's topic."""

from collections.abc import Mapping

import pulumi

from components.data.messages import publish
from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.kinds.topic import TopicDesign


class Topic(Store, area="service"):
    """A topic in Pub/Sub that the service's workloads publish to, and nobody else."""

    def __init__(
        self, design: TopicDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self.topic = publish(self, design.resource, design.retention_days, ground)
        self.register_outputs({"topic": self.topic.id})

    @property
    def where(self) -> pulumi.Input[str]:
        """Its full name."""
        return self.topic.id

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """The same."""
        return {"topic": self.topic.id}


component = Topic
