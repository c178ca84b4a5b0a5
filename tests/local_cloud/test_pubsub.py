"""What the local cloud knows of Pub/Sub."""

from typing import Any

import pytest

from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.pubsub import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.messages import SUBSCRIPTION, TOPIC
from stacks.providers.names import refused_name

DEAD = StoredResource("acme", TOPIC, "projects/acme/topics/dead", "", {"name": "dead"}, {}, "", "")
TAKEN = {"name": "mails", "topic": "mails", "deadLetterPolicy": {"deadLetterTopic": DEAD.id}}


def said(token: str, inputs: dict[str, Any], scope: str = "acme") -> list[str]:
    return [error.what for error in refusals(CloudCall(token, scope, None, inputs, None, [DEAD]))]


@pytest.mark.parametrize(
    ("token", "inputs", "why"),
    [
        (TOPIC, {"messageRetentionDuration": "599s"}, "between 600s and 2678400s"),
        (TOPIC, {"messageRetentionDuration": "32d"}, "not 32d"),
        (SUBSCRIPTION, {"messageRetentionDuration": f"{32 * 86400}s"}, "not 2764800s"),
        (SUBSCRIPTION, {"retryPolicy": {"maximumBackoff": "601s"}}, "maximumBackoff must be between 0s and"),
        (SUBSCRIPTION, {"ackDeadlineSeconds": 9}, "between 10 and 600"),
        (
            SUBSCRIPTION,
            {"deadLetterPolicy": {"deadLetterTopic": DEAD.id, "maxDeliveryAttempts": 4}},
            "5 and 100",
        ),
        (SUBSCRIPTION, {"deadLetterPolicy": {"deadLetterTopic": "dead"}}, "resource=dead"),
    ],
)
def test_what_google_refuses_of_messages_is_refused(token: str, inputs: dict[str, Any], why: str) -> None:
    (what,) = said(token, TAKEN | inputs)
    assert why in what


def test_messages_as_google_takes_them_are_taken() -> None:
    assert said(TOPIC, {"name": "mails", "messageRetentionDuration": "600s"}) == []
    assert said(SUBSCRIPTION, TAKEN | {"messageRetentionDuration": "2678400s"}) == []
    assert said(SUBSCRIPTION, TAKEN, scope="other"), "dead letters of another project"


@pytest.mark.parametrize(
    ("name", "is_taken"), [("mails", True), ("ab", False), ("1a2", False), ("goog-x", False)]
)
def test_a_topic_has_a_name_that_google_takes(name: str, is_taken: bool) -> None:
    assert (refused_name(TOPIC, {"name": name}) is None) is is_taken
