"""An instance is a copy of a service beside it in its environment, with names of its own."""

from pathlib import Path

import pytest

from catalog.editing.edit import overriding
from catalog.kinds.service import Service, known_places, places_of, service_at
from catalog.kinds.waiver import waivers
from catalog.loader import Catalog
from catalog.neighbourhood import neighbourhood
from tests.catalog.test_loader import PORTAL, root, said, service, write

__all__ = ["root"]

CANARY = """  availability: {target: 99.5}
  environments:
    - name: production
    - name: staging
      override:
        availability: {target: 99.1}
        rollout: {soakMinutes: 5}
      instances:
        - name: canary
          override:
            availability: {target: 99.2}
        - name: empty
"""


@pytest.fixture
def catalog(root: Path) -> Catalog:
    return write(root, PORTAL + CANARY)


def test_a_service_runs_in_its_environments_and_after_each_in_the_instances_there(catalog: Catalog) -> None:
    assert places_of(catalog, "portal") == ["production", "staging", "staging.canary", "staging.empty"]
    assert known_places(catalog) == ["production", "staging", "staging.canary", "staging.empty"]


def test_what_an_instance_says_lies_over_what_its_environment_says(catalog: Catalog) -> None:
    targets = {
        place: service(catalog, "portal", place).spec.availability.target
        for place in places_of(catalog, "portal")
    }
    assert targets == {"production": 99.5, "staging": 99.1, "staging.canary": 99.2, "staging.empty": 99.1}
    canary = service(catalog, "portal", "staging.canary")
    assert canary.spec.rollout.soak_minutes == 5
    assert canary.origin("spec", "availability", "target").pointer == (
        "/spec/environments/1/instances/0/override/availability/target"
    )
    assert canary.origin("spec", "rollout", "soakMinutes").pointer == (
        "/spec/environments/1/override/rollout/soakMinutes"
    )


def test_an_instance_has_a_name_and_a_host_of_its_own(catalog: Catalog) -> None:
    canary = service(catalog, "portal", "staging.canary")
    assert (canary.name, canary.full_name, canary.environment.name) == ("portal", "portal-canary", "staging")
    assert canary.spec.edge.host == "portal-canary.staging.acme.example"
    assert service(catalog, "portal", "staging").full_name == "portal"


def test_the_service_around_an_instance_is_as_it_is_there_and_the_others_as_in_the_environment(
    root: Path,
) -> None:
    other = PORTAL.replace("portal, owner", "other, owner") + CANARY
    write(root, other, "other.yaml")
    catalog = write(
        root, PORTAL + CANARY + "  dependencies: [{name: o, service: other, timeoutSeconds: 1}]\n"
    )
    for place, own, others in (("staging.canary", 99.2, 99.1), ("staging", 99.1, 99.1)):
        found = neighbourhood(catalog, service(catalog, "portal", place))
        assert (found.service("portal").target, found.service("other").target) == (own, others)


def test_a_written_host_is_not_shared_with_an_instance(root: Path) -> None:
    at = "services/portal.yaml:14:17: "
    text = PORTAL + (
        "  edge: {host: portal.staging.acme.example}\n"
        "  environments:\n"
        "    - name: staging\n"
        "      instances:\n"
        "        - name: canary\n"
    )
    catalog = write(root, text)
    assert isinstance(service_at(catalog, "portal", "staging"), Service)
    [told] = said(catalog, "portal", "staging.canary")
    assert told.startswith(f"{at}The instance `canary` would answer at `portal.staging.acme.example`, where")
    assert told.endswith("Write its own under `override`: `edge: {host: …}`.")
    assert catalog.contested() == [], "that it would claim what the service has is said once"
    own = text + "          override: {edge: {host: canary.staging.acme.example}}\n"
    assert (
        service(write(root, own), "portal", "staging.canary").spec.edge.host == "canary.staging.acme.example"
    )


def test_an_instance_with_too_long_a_name_is_refused_at_it(root: Path) -> None:
    catalog = write(root, PORTAL + CANARY.replace("canary", "c" * 34))
    [told] = said(catalog, "portal", f"staging.{'c' * 34}")
    assert told.startswith(f"services/portal.yaml:18:17: `portal-{'c' * 34}`, what its resources are called,")
    assert told.endswith("has 41 characters; 40 fit. Give the instance a shorter name.")


def test_the_second_of_two_instances_of_one_name_is_told_so(root: Path) -> None:
    catalog = write(root, PORTAL + CANARY.replace("name: empty", "name: canary"))
    ((rule, what),) = [(problem.rule, problem.message) for problem in catalog.problems]
    assert (rule, what) == ("catalog/unique-name", "`canary` stands twice in instances.")


def test_an_instance_and_a_service_can_not_have_one_name(root: Path) -> None:
    write(
        root,
        PORTAL.replace("portal, owner", "portal-canary, owner") + "  environments: [{name: staging}]\n",
        "portal-canary.yaml",
    )
    catalog = write(root, PORTAL + CANARY)
    told = {(problem.document, problem.line, problem.message) for problem in catalog.contested()}
    host = "The host `portal-canary.staging.acme.example` is also claimed by portal-canary."
    assert ("services/portal.yaml", 18, host) in told
    host = "The host `portal-canary.staging.acme.example` is also claimed by portal's instance canary."
    assert ("services/portal-canary.yaml", 3, host) in told


def test_an_instance_and_a_part_of_its_service_can_not_have_one_name(root: Path) -> None:
    twin = PORTAL.replace(
        "    - name: web", f"    - name: canary-web\n      image: {PORTAL.split('image: ')[1]}    - name: web"
    )
    catalog = write(root, twin + "  endpoints: [{name: all, workload: web, paths: [/*]}]\n" + CANARY)
    told = [problem.message for problem in catalog.contested()]
    assert "In staging, a workload `portal-canary-web` is also claimed by portal's instance canary." in told


def test_services_without_instances_claim_what_they_did(root: Path) -> None:
    catalog = write(root, PORTAL + "  environments: [{name: production}, {name: staging}]\n")
    assert catalog.contested() == []


def test_what_is_to_hold_in_one_instance_only_is_laid_over_it(catalog: Catalog) -> None:
    written = catalog.documents["Service"]["portal"].data
    at, over = overriding(written, "staging.canary", ("spec", "rollout", "soakMinutes"), 7)
    assert at == ("spec", "environments", 1, "instances", 0, "override")
    assert over == {"availability": {"target": 99.2}, "rollout": {"soakMinutes": 7}}


def test_an_instance_is_not_there_where_nobody_asked_for_it(catalog: Catalog) -> None:
    assert "production.canary" not in places_of(catalog, "portal")


WAIVER = """apiVersion: pave/v1
kind: Waiver
metadata: {{name: w}}
spec:
  rule: security/waf-enforces
  service: portal
  environment: staging
  instance: {instance}
  path: spec.edge.waf.mode
  reason: The copy is there to try rules of the firewall out on it.
  owner: platform
  ticket: https://example.com/1
  requestedBy: ana
  approvedBy: bo
  granted: 2026-11-01
  expires: 2026-12-01
"""


def test_a_waiver_for_an_instance_holds_nowhere_else(root: Path) -> None:
    (root / "waivers").mkdir()
    (root / "waivers" / "w.yaml").write_text(WAIVER.format(instance="canary"), "utf-8")
    catalog = write(root, PORTAL + CANARY)
    assert catalog.problems == []
    held = {
        place: [one.name for one in waivers(catalog, "portal", place)]
        for place in places_of(catalog, "portal")
    }
    assert held == {"production": [], "staging": [], "staging.canary": ["w"], "staging.empty": []}
    assert catalog.dangling(catalog.documents["Waiver"]["w"]) == []


def test_a_waiver_for_an_instance_that_is_not_there_is_told_so(root: Path) -> None:
    (root / "waivers").mkdir()
    (root / "waivers" / "w.yaml").write_text(WAIVER.format(instance="gone"), "utf-8")
    catalog = write(root, PORTAL + CANARY)
    [problem] = catalog.dangling(catalog.documents["Waiver"]["w"])
    assert str(problem) == (
        "waivers/w.yaml:8:13: `portal` has no place `staging.gone`. It runs in production, staging, "
        "staging.canary, staging.empty. Name one of them, or delete the waiver."
    )
