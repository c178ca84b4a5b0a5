"""What topics and queues are made of, in Pub/Sub."""

from pulumi_gcp import pubsub

from components.data.store import Store, StoreGround

SECONDS_PER_DAY = 86_400


def seconds(days: int) -> str:
    """As Google's APIs write a duration."""
    return f"{days * SECONDS_PER_DAY}s"


def topic(store: Store, name: str, days: int, ground: StoreGround) -> pubsub.Topic:
    """A topic that keeps its messages in the store's region, for so many days (0: until they are taken)."""
    design = store.store
    return pubsub.Topic(
        name,
        name=name,
        message_retention_duration=seconds(days) if days else None,
        message_storage_policy=pubsub.TopicMessageStoragePolicyArgs(
            allowed_persistence_regions=[design.region], enforce_in_transit=False
        ),
        deletion_policy="PREVENT" if design.protected else "DELETE",
        labels=ground.labels,
        opts=store.stateful(protected=design.protected),
    )


def publish(store: Store, name: str, days: int, ground: StoreGround) -> pubsub.Topic:
    """A topic that the service's workloads may publish to."""
    made = topic(store, name, days, ground)
    for user in ground.users(store.store):
        pubsub.TopicIAMMember(
            f"{name}-{user.design.account_id}",
            topic=made.name,
            role="roles/pubsub.publisher",
            member=user.member,
            opts=store.child(depends_on=[user.account]),
        )
    return made
