"""What other continents ask of a service, and who is told."""

from typing import Any

from catalog.loader import load
from components.design.monitoring.uptime import REGIONS
from stacks.plan import PlannedResource, record_stack
from stacks.stack import service_stack
from tests.components.service_plans import CATALOG, all_of, plan

CHECK, POLICY, CHANNEL = (":UptimeCheckConfig", ":AlertPolicy", ":NotificationChannel")


def one(kind: str, name: str) -> PlannedResource:
    (found,) = [each for each in all_of(kind) if each.name == name]
    return found


def test_each_journey_with_a_safe_path_is_asked_from_three_continents_over_https() -> None:
    assert {each.name for each in all_of(CHECK)} == {
        f"customersdot-{name}" for name in ("purchase", "sign-in", "cloud-connector", "portal")
    }
    made: Any = one(CHECK, "customersdot-purchase").inputs
    assert tuple(made["selectedRegions"]) == REGIONS
    assert len(REGIONS) == 3
    assert made["monitoredResource"]["labels"]["host"] == "customers.acme.example"
    asked = made["httpCheck"]
    assert (asked["path"], asked["useSsl"], asked["validateSsl"]) == ("/subscriptions/new", True, True)
    assert asked["requestMethod"] == "GET", "it changes nothing"


def test_the_policy_is_on_that_check_and_writes_to_the_team() -> None:
    check, channel = one(CHECK, "customersdot-portal"), one(CHANNEL, "customersdot")
    made: Any = one(POLICY, "customersdot-portal").inputs
    (condition,) = made["conditions"]
    assert condition["conditionThreshold"]["filter"] == {"$unknown": [check.urn]}
    (told,) = made["notificationChannels"]
    assert told["$unknown"], "the channel's id"
    assert channel.urn in one(POLICY, "customersdot-portal").options.depends_on
    assert channel.inputs["labels"] == {"email_address": "fulfillment-platform@acme.example"}


def test_only_production_and_only_the_public_are_asked() -> None:
    assert all_of(CHECK, "customersdot", "staging") == []
    assert all_of(CHECK, "lunch-menu") == [], "only employees get in"
    assert all_of(CHECK, "nightly-report") == []


def test_a_service_on_virtual_machines_is_asked_too() -> None:
    made = [each for each in plan("customersdot-today").resources if each.type.endswith(CHECK)]
    assert made == [] or all(each.inputs["httpCheck"]["useSsl"] for each in made)


def test_a_team_without_an_address_is_told_nothing_and_pave_monitor_says_so() -> None:
    catalog = load(CATALOG)
    team = catalog.documents["Team"]["fulfillment-platform"]
    del team.data["spec"]["email"]
    made = record_stack(catalog, service_stack("customersdot", "production")).resources
    kinds = {each.type.rpartition(":")[2] for each in made}
    assert "UptimeCheckConfig" in kinds
    assert kinds.isdisjoint({"AlertPolicy", "NotificationChannel"})
