"""Cloud Monitoring."""

from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.monitoring import ALERT_POLICY, CHANNEL, UPTIME_CHECK

CHECKS = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs"
POLICIES = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies"
CHANNELS = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels"

PERIODS = ("60s", "300s", "600s", "900s")
FEWEST_REGIONS = 3
WORLD = {"USA": 3}
"""Regions that stand for several: Oregon, Iowa and Virginia."""
MOST_SECONDS = 60


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Checks that ask too seldom or from too few places, policies that tell channels which aren't
    there, and the deletion of what a policy still needs."""
    if asked.after is None:
        yield from _still_needed(asked)
    elif asked.token == UPTIME_CHECK:
        yield from _check(asked.after)
    elif asked.token == ALERT_POLICY:
        yield from _policy(asked, asked.after)
    elif asked.token == CHANNEL:
        yield from _channel(asked.after)


def _channel(inputs: Json) -> Iterator[ApiError]:
    if inputs["type"] == "email" and not (inputs.get("labels") or {}).get("email_address"):
        yield ApiError(400, "Field label 'email_address' is required for type 'email'.", CHANNELS)


def _check(inputs: Json) -> Iterator[ApiError]:
    period, timeout = inputs.get("period", "60s"), str(inputs["timeout"])
    if period not in PERIODS:
        yield ApiError(400, f"period must be one of {', '.join(PERIODS)}, not {period}.", CHECKS)
    if not timeout.endswith("s") or not 1 <= float(timeout[:-1]) <= MOST_SECONDS:
        yield ApiError(400, f"timeout must be between 1s and {MOST_SECONDS}s, not {timeout}.", CHECKS)
    regions = inputs.get("selectedRegions") or []
    if regions and sum(WORLD.get(each, 1) for each in regions) < FEWEST_REGIONS:
        yield ApiError(400, f"selectedRegions must include at least {FEWEST_REGIONS} locations.", CHECKS)
    asks = [name for name in ("httpCheck", "tcpCheck", "syntheticMonitor") if inputs.get(name)]
    if len(asks) != 1:
        yield ApiError(400, "Exactly one of httpCheck, tcpCheck and syntheticMonitor is required.", CHECKS)


def _policy(asked: CloudCall, inputs: Json) -> Iterator[ApiError]:
    conditions = inputs["conditions"]
    if not 1 <= len(conditions) <= 6:
        yield ApiError(400, f"A policy has 1 to 6 conditions, not {len(conditions)}.", POLICIES)
    there = {each.id for each in asked.others if each.type == CHANNEL}
    for channel in inputs.get("notificationChannels") or ():
        if channel not in there:
            what = f"The notification channel referred to by '{channel}' could not be found."
            yield ApiError(404, what, POLICIES)


def _still_needed(asked: CloudCall) -> Iterator[ApiError]:
    """https://cloud.google.com/monitoring/uptime-checks/manage#delete: not while a policy is on it."""
    if asked.held is None or asked.token not in {CHANNEL, UPTIME_CHECK}:
        return
    own = asked.held.id if asked.token == CHANNEL else f'"{asked.held.id.rpartition("/")[2]}"'
    for each in asked.others:
        if each.type == ALERT_POLICY and _names(each.inputs, own):
            what = f"Cannot delete {asked.held.id}: the alert policy {each.id} refers to it."
            yield ApiError(400, what, CHECKS if asked.token == UPTIME_CHECK else CHANNELS)


def _names(policy: Json, own: str) -> bool:
    filters = [str((each.get("conditionThreshold") or {}).get("filter")) for each in policy["conditions"]]
    return own in (policy.get("notificationChannels") or []) or any(own in each for each in filters)
