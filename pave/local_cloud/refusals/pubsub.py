"""Pub/Sub."""

import re
from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.messages import SUBSCRIPTION, TOPIC

TOPICS = "https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics#Topic"
SUBSCRIPTIONS = "https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions#Subscription"
DAY = 86_400


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Times that are too short or too long, and dead letters for which there is no topic."""
    if asked.after is None:
        return
    if asked.token == TOPIC:
        yield from _between(asked.after, "messageRetentionDuration", 600, 31 * DAY, TOPICS)
    if asked.token == SUBSCRIPTION:
        yield from _subscription(asked, asked.after)


def _subscription(asked: CloudCall, inputs: Json) -> Iterator[ApiError]:
    yield from _between(inputs, "messageRetentionDuration", 600, 31 * DAY, SUBSCRIPTIONS)
    retry = inputs.get("retryPolicy") or {}
    for name in ("minimumBackoff", "maximumBackoff"):
        yield from _between(retry, name, 0, 600, SUBSCRIPTIONS)
    seconds = inputs.get("ackDeadlineSeconds", 10)
    if not 10 <= seconds <= 600:
        yield ApiError(400, f"ackDeadlineSeconds must be between 10 and 600, not {seconds}.", SUBSCRIPTIONS)
    dead = inputs.get("deadLetterPolicy")
    if dead is None:
        return
    attempts = dead.get("maxDeliveryAttempts", 5)
    if not 5 <= attempts <= 100:
        yield ApiError(400, f"maxDeliveryAttempts must be between 5 and 100, not {attempts}.", SUBSCRIPTIONS)
    topics = {each.id for each in asked.others if (each.type, each.scope) == (TOPIC, asked.scope)}
    if dead.get("deadLetterTopic") not in topics:
        yield ApiError(404, f"Resource not found (resource={dead.get('deadLetterTopic')}).", SUBSCRIPTIONS)


def _between(inputs: Json, name: str, least: int, most: int, source: str) -> Iterator[ApiError]:
    """A duration, written as `600s`."""
    value = inputs.get(name)
    if value is None:
        return
    found = re.fullmatch(r"(\d+(?:\.\d{1,9})?)s", str(value))
    if found is None or not least <= float(found[1]) <= most:
        yield ApiError(400, f"{name} must be between {least}s and {most}s, not {value}.", source)
