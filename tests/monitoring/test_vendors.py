"""Vendors: an outage of one is told by itself, and what it explains isn't told beside it."""

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.collected import targets
from components.design.monitoring.model import Monitoring, Watch
from components.design.monitoring.monitored import monitored
from tests.conftest import HOME

SERVICE = "services/customersdot.yaml"
HARD = ("vendor: stripe\n      need: soft", "vendor: stripe\n      need: hard")


def changed(path: str = SERVICE, *edits: tuple[str, str]) -> Catalog:
    text = (HOME / "catalog" / path).read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return load(HOME / "catalog").with_text(path, text.encode())


def watched(catalog: Catalog, place: str = "production") -> Monitoring:
    service = service_at(catalog, "customersdot", place)
    assert isinstance(service, Service), service
    return monitored(catalog, service)


def out(found: Monitoring) -> dict[str, Watch]:
    return {each.name.split("-", 1)[1]: each for each in found.watches if each.name.endswith("-vendor")}


def test_each_vendor_is_asked_at_its_hosts_and_by_the_module_that_wants_no_credentials() -> None:
    found = watched(changed())
    asked = {group["targets"][0]: group["labels"] for group in targets(found) if "vendor" in group["labels"]}
    assert asked["https://api.stripe.com/"] == {
        "team": "fulfillment-platform",
        "caller": "customersdot",
        "cell": "production",
        "vendor": "stripe",
        "__param_module": "vendor_answers",
    }
    assert out(found).keys() == {
        f"{each}-vendor" for each in ("zuora", "stripe", "salesforce", "mailgun", "gitlab-com")
    }


def test_who_is_woken_is_who_can_do_something_about_what_users_feel() -> None:
    soft = out(watched(changed()))
    assert [soft[name].alerts[0].pages for name in ("zuora-vendor", "stripe-vendor")] == [True, False]
    hard = out(watched(changed(SERVICE, HARD)))
    assert hard["stripe-vendor"].alerts[0].pages


def test_while_a_vendor_is_out_the_payments_that_fail_by_it_add_nothing() -> None:
    source = {"service": "customersdot", "subject": "zuora", "alert_class": "vendor-unreachable"}
    hushed = [each.target for each in watched(changed()).inhibitions if each.source == source]
    own = {"service": "customersdot", "subject": "payment"}
    assert hushed == [{**own, "alert_class": "slo_violation"}, {**own, "alert_class": "silent"}]
    classes = {alert.labels["alert_class"] for each in watched(changed()).watches for alert in each.alerts}
    assert {each["alert_class"] for each in hushed} <= classes, "there are such alerts"
    without = watched(changed(SERVICE, ("      dependency: zuora\n", "")))
    assert not [each for each in without.inhibitions if each.source == source]


def test_while_a_hard_one_is_out_the_budget_that_burns_by_it_adds_nothing() -> None:
    found = watched(changed(SERVICE, HARD))
    targets_ = [each.target for each in found.inhibitions if each.source.get("subject") == "stripe"]
    assert targets_ == [{"service": "customersdot", "alert_class": "slo_violation"}]


@pytest.mark.parametrize("hosts", ["[]", "['*.stripe.com']"])
def test_a_vendor_without_a_name_of_its_own_is_told_as_unmeasured(hosts: str) -> None:
    found = watched(changed("vendors/stripe.yaml", ("[api.stripe.com]", hosts)))
    (gap,) = [each for each in found.gaps if each.name == "stripe"]
    assert gap.why == "nobody says a name at which it answers"
    assert "stripe-vendor" not in out(found)


def test_an_event_is_explained_by_a_vendor_of_its_service_and_by_nobody_else() -> None:
    for wrong in ("zuorra", "customersdot", "lunch-menu"):
        catalog = changed(SERVICE, ("dependency: zuora", f"dependency: {wrong}"))
        found = service_at(catalog, "customersdot", "production")
        assert isinstance(found, list), found
        (problem,) = found
        assert problem.path == "spec.events[payment].dependency"
        assert "There is no vendor" in problem.message
