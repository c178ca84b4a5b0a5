import json
import re
from typing import Any

import jsonpath_rfc9535
import pytest

from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, named, one, plan, unwatched, urns

serving = pytest.mark.parametrize("name", ["customersdot-web", "customersdot-api", "customersdot-jobs"])


def pod(resource: PlannedResource) -> Any:
    spec = resource.inputs["spec"]
    template = spec["jobTemplate"]["spec"]["template"] if "jobTemplate" in spec else spec["template"]
    return template["spec"]


def container(resource: PlannedResource) -> Any:
    (only,) = pod(resource)["containers"]
    return only


def everything_that_runs() -> list[PlannedResource]:
    return [*all_of(":Rollout"), *all_of(":CronJob"), *all_of(":CronJob", "nightly-report")]


@serving
def test_the_autoscaler_alone_owns_the_number_of_copies(name: str) -> None:
    assert "replicas" not in named(":Rollout", name).inputs["spec"]
    scaler = named(":HorizontalPodAutoscaler", name).inputs["spec"]
    assert scaler["scaleTargetRef"] == {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "name": name.removeprefix("customersdot-"),
    }
    (provider,) = [r for r in plan().resources if r.type == "pulumi:providers:kubernetes"]
    assert provider.inputs["enableServerSideApply"] == "true"


def test_of_what_must_be_alone_no_second_copy_is_ever_started() -> None:
    spec = named(":Deployment", "django-shop-beat", "django-shop").inputs["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    scaled = {scaler.name for scaler in all_of(":HorizontalPodAutoscaler", "django-shop")}
    assert scaled == {"django-shop-web", "django-shop-tasks"}


def test_a_worker_has_no_port_and_nobody_lets_anybody_in() -> None:
    worker = container(named(":Rollout", "django-shop-tasks", "django-shop"))
    assert "ports" not in worker
    assert "django-shop-tasks" not in {policy.name for policy in all_of(":NetworkPolicy", "django-shop")}
    assert worker["args"] == ["celery", "-A", "shop", "worker"]


def test_a_copy_is_asked_as_its_owner_says() -> None:
    command = container(named(":Rollout", "django-shop-tasks", "django-shop"))
    assert command["livenessProbe"]["exec"] == {"command": ["celery", "-A", "shop", "inspect", "ping"]}
    assert "readinessProbe" not in command
    alone = container(named(":Deployment", "django-shop-beat", "django-shop"))
    assert not [probe for probe in alone if probe.endswith("Probe")]
    grpc = container(named(":Rollout", "price-list-server", "price-list"))
    assert grpc["livenessProbe"]["grpc"] == {"port": 50051}
    jobs = container(named(":Rollout", "customersdot-jobs"))
    assert jobs["readinessProbe"]["tcpSocket"] == {"port": "http"}


def test_helpers_start_in_their_order_after_the_proxy_and_before_the_workload() -> None:
    web = pod(named(":Rollout", "django-shop-web", "django-shop"))
    first = web["initContainers"]
    assert [(each["name"], each.get("restartPolicy")) for each in first] == [
        ("cloud-sql-proxy", "Always"),
        ("collect-static", None),
        ("nginx", "Always"),
    ]
    assert first[1]["image"] == web["containers"][0]["image"]
    assert first[2]["resources"]["limits"] == {"cpu": "200m", "memory": "128Mi"}
    for helper in first[1:]:
        assert helper["env"] == web["containers"][0]["env"]
        assert helper["volumeMounts"] == web["containers"][0]["volumeMounts"]
        assert helper["securityContext"] == web["containers"][0]["securityContext"]


def test_a_copy_may_write_to_its_scratch_and_no_more_than_it_says() -> None:
    web = pod(named(":Rollout", "django-shop-web", "django-shop"))
    assert {"name": "scratch-0", "emptyDir": {"sizeLimit": "200Mi"}} in web["volumes"]
    (only,) = web["containers"]
    assert {"name": "scratch-0", "mountPath": "/srv/static"} in only["volumeMounts"]
    assert only["resources"]["requests"]["ephemeral-storage"] == "200Mi"
    assert only["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_autoscaler_stays_within_the_design() -> None:
    scaler = named(":HorizontalPodAutoscaler", "customersdot-web").inputs["spec"]
    (metric,) = scaler["metrics"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (6, 12)
    assert metric["containerResource"] == {
        "container": "web",
        "name": "cpu",
        "target": {"type": "Utilization", "averageUtilization": 60},
    }


@serving
def test_copies_are_spread_over_zones_and_a_lost_zone_does_not_count(name: str) -> None:
    zones, nodes = pod(named(":Rollout", name))["topologySpreadConstraints"]
    short = name.removeprefix("customersdot-")
    assert zones == {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": short}},
        "matchLabelKeys": ["rollouts-pod-template-hash"],
        "nodeTaintsPolicy": "Honor",
    }
    assert (nodes["topologyKey"], nodes["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")


def test_each_version_is_spread_by_the_label_that_its_controller_gives_it() -> None:
    kinds = {
        kind: [pod(each) for each in all_of(kind, "django-shop")] for kind in (":Rollout", ":Deployment")
    }
    known = {":Rollout": "rollouts-pod-template-hash", ":Deployment": "pod-template-hash"}
    for kind, specs in kinds.items():
        keys = [each["matchLabelKeys"] for spec in specs for each in spec["topologySpreadConstraints"]]
        assert keys == [[known[kind]]] * len(keys)
        assert keys


@serving
def test_a_rollout_takes_no_copy_away_before_its_successor_is_ready(name: str) -> None:
    spec = named(":Rollout", name).inputs["spec"]
    canary = spec["strategy"]["canary"]
    assert (canary["maxSurge"], canary["maxUnavailable"]) == (3, 0)
    web = {"minReadySeconds": 60, "progressDeadlineSeconds": 810}
    worker = {"minReadySeconds": 0, "progressDeadlineSeconds": 750}
    assert {key: spec[key] for key in web} == (worker if name == "customersdot-jobs" else web)


def test_nothing_that_waits_is_given_up_before_what_it_waits_for() -> None:
    for resource in [*all_of(":Rollout"), *all_of(":Rollout", "status-page")]:
        timeouts = resource.options.custom_timeouts
        assert set(timeouts) == {"create"}
        for seconds in timeouts.values():
            assert float(seconds.removesuffix("s")) > resource.inputs["spec"]["progressDeadlineSeconds"]


@serving
def test_maintenance_takes_one_copy_at_a_time_and_is_not_held_up_by_a_broken_one(name: str) -> None:
    budget = named(":PodDisruptionBudget", name).inputs["spec"]
    assert (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")


@pytest.mark.parametrize("name", ["customersdot-web", "customersdot-api"])
def test_every_copy_is_asked_whether_it_starts_answers_and_lives(name: str) -> None:
    copy = container(named(":Rollout", name))
    probes = ("startupProbe", "readinessProbe", "livenessProbe")
    assert {probe: copy[probe]["httpGet"]["path"] for probe in probes} == {
        "startupProbe": "/-/liveness",
        "readinessProbe": "/-/readiness",
        "livenessProbe": "/-/liveness",
    }
    startup = copy["startupProbe"]
    assert startup["failureThreshold"] * startup["periodSeconds"] == 150


def test_a_web_copy_goes_on_answering_until_load_balancers_know_that_it_stops() -> None:
    web = named(":Rollout", "customersdot-web")
    assert container(web)["lifecycle"] == {"preStop": {"sleep": {"seconds": 15}}}
    assert pod(web)["terminationGracePeriodSeconds"] == 15 + 75


def test_a_worker_gets_all_of_its_time_to_finish() -> None:
    jobs = named(":Rollout", "customersdot-jobs")
    assert "lifecycle" not in container(jobs)
    assert pod(jobs)["terminationGracePeriodSeconds"] == 120


def test_nothing_runs_with_privileges() -> None:
    for resource in everything_that_runs():
        assert container(resource)["securityContext"] == {
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert pod(resource)["securityContext"] == {
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert pod(resource)["automountServiceAccountToken"] is False
    assert (
        one(":Namespace").inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    )


def test_what_a_copy_asks_for_is_what_it_may_use() -> None:
    for resource in everything_that_runs():
        resources = container(resource)["resources"]
        assert resources["requests"] == resources["limits"]
    assert container(named(":Rollout", "customersdot-web"))["resources"]["limits"] == {
        "cpu": "1000m",
        "memory": "2048Mi",
    }


def test_an_image_of_the_pipeline_is_left_alone() -> None:
    image = "spec.template.spec.containers[0].image"
    left = (image, "spec.progressDeadlineAbort")
    assert one(":Rollout", "status-page").options.ignore_changes == left
    assert named(":Rollout", "customersdot-web").options.ignore_changes == ()


def test_secrets_reach_a_container_by_name_only() -> None:
    environment = container(named(":Rollout", "customersdot-jobs"))["env"]
    secret = {variable["name"]: variable["valueFrom"] for variable in environment if "valueFrom" in variable}
    assert secret == {
        name: {"secretKeyRef": {"name": "jobs", "key": key}}
        for name, key in [
            ("SECRET_KEY_BASE", "secret-key-base"),
            ("ZUORA_CLIENT_SECRET", "zuora-client-secret"),
            ("SALESFORCE_TOKEN", "salesforce-token"),
            ("MAILGUN_API_KEY", "mailgun-api-key"),
            ("REDIS_AUTH", "redis-auth"),
        ]
    }


def test_secrets_are_synced_for_those_who_read_them_and_no_one_else() -> None:
    source = named(":SecretProviderClass", "customersdot-jobs-source").inputs["spec"]
    files = json.loads(source["parameters"]["secrets"])
    names = ["mailgun-api-key", "redis-auth", "salesforce-token", "secret-key-base", "zuora-client-secret"]
    holder = "projects/acme-subscriptions-prod/secrets/customersdot-{}/versions/latest"
    assert files == [{"resourceName": holder.format(name), "path": name} for name in names]
    assert named(":SecretSync", "customersdot-jobs-copy").inputs["spec"] == {
        "serviceAccountName": "jobs",
        "secretProviderClassName": "jobs",
        "secretObject": {
            "type": "Opaque",
            "data": [{"sourcePath": name, "targetKey": name} for name in names],
        },
    }
    assert all_of(":SecretSync", "status-page") == []


def test_a_workload_is_told_where_its_stores_are() -> None:
    environment = container(named(":Rollout", "customersdot-web"))["env"]
    told = {variable["name"]: variable.get("value") for variable in environment}
    assert (told["DB_PORT"], told["DB_NAME"], told["REDIS_PORT"]) == ("5432", "customersdot", "6378")
    assert told["DB_USER"] == "customersdot-web@acme-subscriptions-prod.iam"
    assert told["DB_HOST"] == "127.0.0.1", "the proxy's"
    assert all("$unknown" in told[name] for name in ("DB_INSTANCE", "REDIS_HOST", "REDIS_CA"))


def test_what_the_owner_wrote_stands_beside_what_a_workload_is_told() -> None:
    environment = container(one(":Rollout", "half-moved"))["env"]
    told = {variable["name"]: variable.get("value") for variable in environment}
    assert told["LEGACY_DB_HOST"] == "localhost"
    assert told["DB_HOST"] == "127.0.0.1"


def test_each_workload_acts_as_its_own_account() -> None:
    annotations = {a.name: a.inputs["metadata"]["annotations"] for a in all_of("core/v1:ServiceAccount")}
    assert annotations == {
        name: {"iam.gke.io/gcp-service-account": f"{name}@acme-subscriptions-prod.iam.gserviceaccount.com"}
        for name in (
            "customersdot-web",
            "customersdot-api",
            "customersdot-jobs",
            "customersdot-billing-clock",
            "customersdot-migrate-db",
        )
    }
    for deployment in all_of(":Rollout"):
        assert pod(deployment)["serviceAccountName"] == deployment.inputs["metadata"]["name"]


def test_load_balancers_find_a_web_workload_under_the_design_s_name() -> None:
    service = one(":Service", "status-page").inputs
    groups = json.loads(service["metadata"]["annotations"]["cloud.google.com/neg"])
    assert groups == {"exposed_ports": {"3000": {"name": "status-page-web-production"}}}
    assert service["spec"]["ports"] == [{"name": "http", "port": 3000, "targetPort": "http"}]
    made = all_of(":NetworkEndpointGroup", "status-page")
    assert {group.inputs["name"] for group in made} == {"status-page-web-production"}
    assert [group.inputs["zone"][-1] for group in made] == ["b", "c", "d"]
    assert all(group.inputs["description"] for group in made), "GKE fills none without"


def test_groups_are_there_before_gke_fills_them_and_before_a_balancer_asks_them() -> None:
    made = {group.urn for group in all_of(":NetworkEndpointGroup", "status-page")}
    service = one(":Service", "status-page")
    assert made <= set(service.options.depends_on)
    for backend in all_of(":BackendService", "status-page"):
        asked = {urn for each in backend.inputs["backends"] for urn in urns(each["group"])}
        assert asked <= made
        assert service.urn in backend.options.depends_on


def test_a_service_waits_for_what_gke_says_in_words_that_the_provider_reads() -> None:
    """https://www.rfc-editor.org/rfc/rfc9535"""
    annotations = one(":Service", "status-page").inputs["metadata"]["annotations"]
    found = re.fullmatch(r"jsonpath=\{(.*)\}", annotations["pulumi.com/waitFor"])
    assert found is not None
    query = jsonpath_rfc9535.compile(f"${found[1]}")
    status = {"metadata": {"annotations": {"cloud.google.com/neg-status": "{}"}}}
    assert query.find(status).values() == ["{}"]


COLLECTORS = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "observability"}},
    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "prometheus"}},
}


def test_a_port_for_metrics_is_one_of_the_containers() -> None:
    names = ("customersdot-web", "customersdot-jobs", "customersdot-api")
    ports = {name: container(named(":Rollout", name)).get("ports", []) for name in names}
    assert {name: [(each["name"], each["containerPort"]) for each in ports[name]] for name in names} == {
        "customersdot-web": [("http", 8080), ("metrics", 8083)],
        "customersdot-jobs": [("http", 7433), ("metrics", 8082)],
        "customersdot-api": [("http", 8080), ("metrics", 8083)],
    }


def test_pods_say_where_the_units_prometheus_finds_their_metrics_if_they_tell_any() -> None:
    told = {
        made.name: made.inputs["spec"]["template"]["metadata"].get("annotations", {})
        for name in ("customersdot", "lunch-menu")
        for made in all_of(":Rollout", name)
    }
    assert told["lunch-menu-web"] == {}
    assert told["customersdot-jobs"] == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "8082",
        "prometheus.io/path": "/metrics",
    }


def test_where_nothing_of_its_own_watches_google_scrapes_and_pods_say_nothing() -> None:
    def made(kind: str) -> PlannedResource:
        found = [each for each in unwatched().resources if each.type.endswith(kind)]
        (one,) = [each for each in found if each.name == "customersdot-jobs"]
        return one

    (rule,) = made(":NetworkPolicy").inputs["spec"]["ingress"]
    (peer,) = rule["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "gmp-system"}
    assert "annotations" not in made("v1alpha1:Rollout").inputs["spec"]["template"]["metadata"]


def test_nobody_can_call_a_worker() -> None:
    assert {service.name for service in all_of(":Service")} == {"customersdot-web", "customersdot-api"}
    (rule,) = named(":NetworkPolicy", "customersdot-jobs").inputs["spec"]["ingress"]
    assert rule == {"from": [COLLECTORS], "ports": [{"protocol": "TCP", "port": 8082}]}


def test_only_load_balancers_dependents_and_collectors_of_metrics_can_call_a_web_workload() -> None:
    policy = named(":NetworkPolicy", "customersdot-web").inputs["spec"]
    assert policy["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "web"}}
    rule, metrics = policy["ingress"]
    assert metrics == {"from": [COLLECTORS], "ports": [{"protocol": "TCP", "port": 8083}]}
    assert rule["ports"] == [{"protocol": "TCP", "port": 8080}]
    assert rule["from"] == [
        {"namespaceSelector": {"matchLabels": {"calls.pave/customersdot": "true"}}},
        {"ipBlock": {"cidr": "35.191.0.0/16"}},
        {"ipBlock": {"cidr": "130.211.0.0/22"}},
    ]


def test_a_schedule_with_a_single_leader_never_runs_beside_itself() -> None:
    spec = one(":CronJob").inputs["spec"]
    job = spec["jobTemplate"]["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("30 2 * * *", "Etc/UTC")
    assert (spec["concurrencyPolicy"], job["podReplacementPolicy"]) == ("Forbid", "Failed")
    assert (spec["startingDeadlineSeconds"], job["activeDeadlineSeconds"]) == (3600, 5400)
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (3, 3)


def test_a_failed_run_is_only_tried_again_when_running_twice_counts_once() -> None:
    assert one(":CronJob").inputs["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 2
    assert one(":CronJob", "nightly-report").inputs["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0


def test_a_schedule_without_a_leader_may_run_beside_itself() -> None:
    spec = one(":CronJob", "nightly-report").inputs["spec"]
    assert (spec["concurrencyPolicy"], spec["startingDeadlineSeconds"]) == ("Allow", 120)


def test_nothing_moves_a_run_to_another_node() -> None:
    template = one(":CronJob").inputs["spec"]["jobTemplate"]["spec"]["template"]
    assert template["metadata"]["annotations"] == {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
    assert template["spec"]["restartPolicy"] == "Never"
