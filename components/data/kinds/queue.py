"""A service's queue."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import pubsub

from components.data.messages import publish, seconds, topic
from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.kinds.queue import QueueDesign


class Queue(Store, area="service"):
    """A subscription in Pub/Sub for the service's workloads, and its own topic, unless it is to another's.

    What fails too often goes to the dead letters, from which nobody takes it but people. Pub/Sub's own
    account puts it there: it may publish to them, and take from this subscription what it has put there
    (https://cloud.google.com/pubsub/docs/handling-failures#grant_forwarding_permissions)."""

    subscription: pubsub.Subscription

    def __init__(
        self, design: QueueDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self._design = design
        before: list[pulumi.Resource] = []
        if design.publishes:
            before.append(publish(self, design.resource, 0, ground))
        dead = topic(self, design.dead_letters, 0, ground)
        forwarding = pubsub.TopicIAMMember(
            f"{design.dead_letters}-pubsub",
            topic=dead.name,
            role="roles/pubsub.publisher",
            member=ground.foundation.pubsub_agent,
            opts=self.child(),
        )
        self._subscription(design.dead_letters, dead.id, design.dead_days, ground, [forwarding])
        self.subscription = self._subscription(
            design.resource,
            design.topic,
            design.retention_days,
            ground,
            [*before, forwarding],
            dead_letters=pubsub.SubscriptionDeadLetterPolicyArgs(
                dead_letter_topic=dead.id, max_delivery_attempts=design.attempts
            ),
        )
        takers = {user.design.account_id: (user.member, user.account) for user in ground.users(design)}
        for name, (member, account) in takers.items():
            self._may_take(f"{design.resource}-{name}-takes", member, [account])
        self._may_take(f"{design.resource}-pubsub", ground.foundation.pubsub_agent, [])
        self.register_outputs({"subscription": self.subscription.id})

    def _subscription(
        self,
        name: str,
        of: pulumi.Input[str],
        days: int,
        ground: StoreGround,
        after: Sequence[pulumi.Resource],
        dead_letters: pubsub.SubscriptionDeadLetterPolicyArgs | None = None,
    ) -> pubsub.Subscription:
        """One that never ends by itself, as one that nobody uses for a month else does."""
        design = self._design
        return pubsub.Subscription(
            name,
            name=name,
            topic=of,
            ack_deadline_seconds=design.ack_seconds,
            message_retention_duration=seconds(days),
            enable_message_ordering=design.ordered,
            expiration_policy=pubsub.SubscriptionExpirationPolicyArgs(ttl=""),
            retry_policy=pubsub.SubscriptionRetryPolicyArgs(
                minimum_backoff=f"{design.backoff_seconds}s",
                maximum_backoff=f"{design.longest_backoff_seconds}s",
            ),
            dead_letter_policy=dead_letters,
            deletion_policy="PREVENT" if design.protected else "DELETE",
            labels=ground.labels,
            opts=self.stateful(protected=design.protected, depends_on=list(after)),
        )

    def _may_take(self, name: str, member: pulumi.Input[str], after: Sequence[pulumi.Resource]) -> None:
        pubsub.SubscriptionIAMMember(
            name,
            subscription=self.subscription.name,
            role="roles/pubsub.subscriber",
            member=member,
            opts=self.child(depends_on=list(after)),
        )

    @property
    def where(self) -> pulumi.Input[str]:
        """The full name of its subscription."""
        return self.subscription.id

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """Its subscription, and where it publishes its topic."""
        told: dict[str, pulumi.Input[str]] = {"subscription": self.subscription.id}
        return {**told, "topic": self._design.topic} if self._design.publishes else told


component = Queue
