"""What an update leaves for later, until somebody has set the secrets that its pods read."""

from catalog.kinds.service import service_at
from components.design.model import Design
from components.design.service import designed
from pave.delivery.held_back import held_back, to_be_set
from tests.components.service_plans import plan, planner

NAME = "customersdot"


def design() -> Design:
    catalog = planner(NAME)._catalog
    service = service_at(catalog, NAME, "production")
    assert not isinstance(service, list)
    return designed(catalog, service)


def held(*missing: str) -> set[str]:
    known = {secret.name for secret in to_be_set(design())} - set(missing)
    return {urn.rpartition("::")[2] for urn in held_back(design(), plan(NAME), known).urns}


def test_nothing_waits_when_every_secret_has_a_value() -> None:
    assert held() == set()


def test_what_reads_a_secret_without_a_value_waits_and_nothing_else() -> None:
    assert held("stripe-api-key") == {"customersdot-web", "customersdot-migrate-db"}
    assert held("mailgun-api-key", "gitlab-api-key") == {"customersdot-jobs", "customersdot-api"}


def test_a_schedule_waits_too_though_nobody_would_wait_for_its_pods() -> None:
    assert "customersdot-billing-clock" in held("zuora-client-secret")


def test_only_pods_wait_not_the_holders_that_have_to_be_there_first() -> None:
    waiting = held_back(design(), plan(NAME), ()).urns
    types = {urn.split("::")[2].rpartition("$")[2] for urn in waiting}
    assert types == {
        "kubernetes:argoproj.io/v1alpha1:Rollout",
        "kubernetes:batch/v1:CronJob",
        "kubernetes:batch/v1:Job",
    }


def test_nobody_is_asked_for_the_password_of_a_store() -> None:
    missing = {secret.name for secret in held_back(design(), plan(NAME), ()).missing}
    assert "redis-auth" not in missing
    assert len(missing) == 7
