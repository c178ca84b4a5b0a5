"""The local cloud asks from where Google does, and deletes nothing that a policy still needs."""

from typing import Any

import pytest

from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.cloud_monitoring import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.monitoring import ALERT_POLICY, CHANNEL, UPTIME_CHECK

EVERYWHERE = ["ASIA_PACIFIC", "EUROPE", "USA"]
CHECK = {
    "displayName": "portal-all",
    "period": "300s",
    "timeout": "10s",
    "selectedRegions": EVERYWHERE,
    "httpCheck": {"path": "/"},
}
CHANNEL_ID = "projects/acme/notificationChannels/1"
CHECK_ID = "projects/acme/uptimeCheckConfigs/7"
FILTER = 'resource.type="uptime_url" AND metric.label.check_id="7"'
POLICY = {
    "displayName": "portal",
    "combiner": "OR",
    "conditions": [{"conditionThreshold": {"filter": FILTER}}],
    "notificationChannels": [CHANNEL_ID],
}


def held(token: str, id_: str, inputs: dict[str, Any]) -> StoredResource:
    return StoredResource("acme", token, id_, "urn", inputs, {}, "", "")


def said(token: str, after: dict[str, Any], *others: StoredResource) -> list[str]:
    return [str(error) for error in refusals(CloudCall(token, "acme", None, after, None, others))]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"period": "120s"}, "period must be one of 60s, 300s, 600s, 900s"),
        ({"timeout": "0s"}, "timeout must be between 1s and 60s"),
        ({"timeout": "90s"}, "timeout must be between 1s and 60s"),
        ({"selectedRegions": ["EUROPE", "ASIA_PACIFIC"]}, "at least 3 locations"),
        ({"selectedRegions": ["USA"]}, None),
        ({"selectedRegions": []}, None),
        ({"httpCheck": None}, "Exactly one of httpCheck"),
        ({"tcpCheck": {"port": 1}}, "Exactly one of httpCheck"),
    ],
)
def test_an_uptime_check_asks_often_enough_and_from_three_places(
    changed: dict[str, Any], why: str | None
) -> None:
    found = said(UPTIME_CHECK, {**CHECK, **changed})
    assert len(found) == (why is not None)
    assert all(str(why) in each for each in found)


def test_a_policy_tells_channels_that_are_there() -> None:
    assert said(ALERT_POLICY, POLICY, held(CHANNEL, CHANNEL_ID, {"type": "email"})) == []
    (error,) = said(ALERT_POLICY, POLICY)
    assert f"'{CHANNEL_ID}' could not be found" in error
    (error,) = said(ALERT_POLICY, {**POLICY, "conditions": [], "notificationChannels": []})
    assert "1 to 6 conditions" in error


def test_an_email_needs_an_address() -> None:
    assert said(CHANNEL, {"type": "email", "labels": {"email_address": "a@acme.example"}}) == []
    (error,) = said(CHANNEL, {"type": "email"})
    assert "email_address" in error


@pytest.mark.parametrize(("token", "id_"), [(CHANNEL, CHANNEL_ID), (UPTIME_CHECK, CHECK_ID)])
def test_what_a_policy_needs_goes_after_it(token: str, id_: str) -> None:
    there = held(token, id_, CHECK)
    policy = held(ALERT_POLICY, "projects/acme/alertPolicies/3", POLICY)

    def deleted(*others: StoredResource) -> list[str]:
        return [str(error) for error in refusals(CloudCall(token, "acme", CHECK, None, there, others))]

    assert deleted() == []
    (error,) = deleted(policy)
    assert "refers to it" in error
