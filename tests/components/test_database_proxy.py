"""Programs reach their database through Google's Auth Proxy, whatever they are written in."""

from typing import Any

import pytest

from components.design.database_proxy import IMAGE
from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, named, one, urns

NAME = "cloud-sql-proxy"


def pod(resource: PlannedResource) -> Any:
    spec = resource.inputs["spec"]
    return spec.get("jobTemplate", {}).get("spec", spec)["template"]["spec"]


def proxy(resource: PlannedResource) -> Any:
    (only,) = pod(resource)["initContainers"]
    assert only["name"] == NAME
    return only


def with_a_database() -> list[PlannedResource]:
    found = [*all_of(":Rollout"), *all_of(":CronJob"), *all_of("batch/v1:Job")]
    assert len(found) == 5
    return found


def test_everything_with_a_database_has_the_proxy_beside_it_jobs_and_migrations_too() -> None:
    for resource in with_a_database():
        sidecar = proxy(resource)
        assert sidecar["restartPolicy"] == "Always", "else the program would wait for the end of its proxy"
        assert sidecar["args"] == [
            *("--auto-iam-authn", "--private-ip", "--structured-logs", "--exit-zero-on-sigterm"),
            *("--health-check", "--http-address=0.0.0.0", "--http-port=9090"),
            "acme-subscriptions-prod:us-east1:customersdot-db-g1?port=5432",
        ]


def test_a_program_is_told_the_pod_s_own_address_and_the_port_of_the_proxy() -> None:
    for resource in with_a_database():
        (program,) = pod(resource)["containers"]
        told = {variable["name"]: variable.get("value") for variable in program["env"]}
        assert (told["DB_HOST"], told["DB_PORT"]) == ("127.0.0.1", "5432")
        assert urns(told["DB_INSTANCE"])


@pytest.mark.parametrize("name", ["status-page", "wiki"])
def test_what_has_no_database_has_no_proxy(name: str) -> None:
    assert "initContainers" not in pod(one(":Rollout", name))


def test_one_image_that_is_not_ours_runs_and_that_by_its_digest() -> None:
    assert {proxy(resource)["image"] for resource in with_a_database()} == {IMAGE}
    assert IMAGE.startswith("gcr.io/cloud-sql-connectors/cloud-sql-proxy:")
    assert len(IMAGE.partition("@sha256:")[2]) == 64


def test_the_proxy_is_as_confined_as_the_program_beside_it() -> None:
    web = named(":Rollout", "customersdot-web")
    (program,) = pod(web)["containers"]
    sidecar = proxy(web)
    assert sidecar["securityContext"] == program["securityContext"]
    assert sidecar["resources"]["requests"] == sidecar["resources"]["limits"]
    assert "volumeMounts" not in sidecar


def test_the_proxy_is_asked_whether_it_listens_and_never_whether_the_database_answers() -> None:
    sidecar = proxy(named(":Rollout", "customersdot-web"))
    assert (sidecar["startupProbe"]["httpGet"]["path"], sidecar["startupProbe"]["failureThreshold"]) == (
        "/startup",
        60,
    )
    assert sidecar["livenessProbe"]["httpGet"]["path"] == "/liveness"
    assert "readinessProbe" not in sidecar
    assert {"name": "proxy-health", "containerPort": 9090} in sidecar["ports"]


def test_whoever_has_the_proxy_may_connect_log_in_and_ask_for_the_instance() -> None:
    roles = {
        (grant.inputs["member"], grant.inputs["role"])
        for grant in all_of("projects/iAMMember:IAMMember")
        if grant.inputs.get("condition")
    }
    for workload in ("web", "api", "jobs", "billing-clock", "migrate-db"):
        member = f"serviceAccount:customersdot-{workload}@acme-subscriptions-prod.iam.gserviceaccount.com"
        assert {(member, "roles/cloudsql.client"), (member, "roles/cloudsql.instanceUser")} <= roles
    hosts = [policy.inputs["metadata"]["name"] for policy in all_of(":FQDNNetworkPolicy")]
    assert "sqladmin.googleapis.com" in hosts
    outgoing = named(":NetworkPolicy", "customersdot-outgoing").inputs["spec"]["egress"]
    assert any({"protocol": "TCP", "port": 3307} in rule["ports"] for rule in outgoing)
