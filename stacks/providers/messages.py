"""Types of Pub/Sub."""

from stacks.providers.access import member
from stacks.providers.row import GOOGLE, ResourceType

TOPIC = "gcp:pubsub/topic:Topic"
SUBSCRIPTION = "gcp:pubsub/subscription:Subscription"

MESSAGES: dict[str, ResourceType] = {
    TOPIC: ResourceType(
        f"{GOOGLE}google/services/pubsub/resource_pubsub_topic.go",
        "projects/{project}/topics/{name}",
        ("name",),
        ("name", "project", "tags"),
        data="the messages that it keeps, and whose queues subscribe to it",
        is_store=True,
    ),
    SUBSCRIPTION: ResourceType(
        f"{GOOGLE}google/services/pubsub/resource_pubsub_subscription.go",
        "projects/{project}/subscriptions/{name}",
        ("name", "topic"),
        ("name", "project", "topic", "filter", "enableMessageOrdering", "tags"),
        needs={"topic": TOPIC},
        data="the messages that nobody has worked off yet",
        is_store=True,
    ),
    "gcp:pubsub/topicIAMMember:TopicIAMMember": member(
        "topic", "projects/{project}/topics/", needs={"topic": TOPIC}
    ),
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": member(
        "subscription", "projects/{project}/subscriptions/", needs={"subscription": SUBSCRIPTION}
    ),
}
