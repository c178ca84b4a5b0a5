"""What watches an environment, as it is planned: on any Kubernetes, and for itself."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service, services_in
from catalog.kinds.team import Team
from catalog.loader import load
from components.design.monitoring.monitored import monitored
from components.design.unit.model import UnitDesign
from components.design.unit.unit import design_unit
from stacks.plan import Plan, PlannedResource, record_stack
from stacks.stack import unit_stack

CATALOG = load(Path(__file__).parents[2] / "catalog")


@cache
def plan(environment: str = "production") -> Plan:
    return record_stack(CATALOG, unit_stack(environment))


def named(kind: str, name: str) -> PlannedResource:
    (found,) = [each for each in plan().resources if each.type.endswith(kind) and each.name == name]
    return found


def file(process: str, name: str) -> Any:
    return json.loads(named(":ConfigMap", f"production-{process}").inputs["data"][name])


def changed(spec: Mapping[str, Any], watched: Sequence[Service] = ()) -> UnitDesign:
    """The design of production's unit, with another spec, and with these services in production."""
    document = CATALOG.documents["ObservabilityUnit"]["production"]
    written = {**document.data, "spec": {**document.data["spec"], **spec}}
    environment, owner = CATALOG.find(Environment, "production"), CATALOG.find(Team, "platform")
    assert environment is not None
    assert owner is not None
    made = ObservabilityUnit(document, ObservabilityUnit.filled(written))
    return design_unit(made, environment, owner, {each: monitored(CATALOG, each) for each in watched})


def test_nothing_of_it_is_of_a_cloud_but_that_googles_evaluator_is_led_to_it() -> None:
    kinds = {each.type.split(":")[0] for each in plan().resources if each.custom and not each.read}
    assert kinds == {"kubernetes", "pulumi"}
    own = [each for each in plan().resources if each.custom and not each.type.endswith("Patch")]
    assert "googleapis" not in json.dumps([each.inputs for each in own])


def test_googles_evaluator_finds_the_alertmanagers_and_may_reach_them() -> None:
    (patch,) = [each for each in plan().resources if each.type.endswith("Patch")]
    metadata = patch.inputs["metadata"]
    assert (metadata["name"], metadata["namespace"]) == ("config", "gmp-public")
    (told,) = patch.inputs["rules"]["alerting"]["alertmanagers"]
    service = named(":Service", f"production-{told['name']}").inputs
    assert service["metadata"]["namespace"] == told["namespace"]
    assert told["port"] in [each["port"] for each in service["spec"]["ports"]]
    policy = named(":NetworkPolicy", "observability-told").inputs["spec"]
    assert policy["podSelector"]["matchLabels"] == service["spec"]["selector"]
    (rule,) = policy["ingress"]
    (peer,) = rule["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "gmp-system"}
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "rule-evaluator"}
    assert [each["port"] for each in rule["ports"]] == [told["port"]]


def test_a_unit_that_nobody_else_evaluates_for_is_told_by_nobody_else() -> None:
    assert changed({"managed": "none"}).evaluator is None


def test_only_those_that_ask_kubernetes_get_a_token_and_only_those_that_collect_a_place_for_it() -> None:
    for made in plan().resources:
        if not made.type.endswith((":StatefulSet", ":Deployment")):
            continue
        pod = made.inputs["spec"]["template"]["spec"]
        collects = any(each["name"].startswith("collect-") for each in pod["containers"])
        is_told = made.name == "production-kube-state-metrics"
        assert pod["automountServiceAccountToken"] == (collects or is_told), made.name
        assert any(each["name"] == "collected" for each in pod["volumes"]) == collects, made.name
        assert all(
            any(mount["name"] == "collected" for mount in each.get("volumeMounts", ())) == collects
            for each in pod["containers"]
        ), made.name


def test_each_copy_of_what_keeps_data_keeps_it_on_a_disk_of_its_own_in_a_zone_of_its_own() -> None:
    for process, copies in (("prometheus", 2), ("alertmanager", 3)):
        made = named(":StatefulSet", f"production-{process}")
        spec = made.inputs["spec"]
        assert spec["replicas"] == copies
        assert [each["metadata"]["name"] for each in spec["volumeClaimTemplates"]] == ["data"]
        (spread,) = spec["template"]["spec"]["topologySpreadConstraints"]
        assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == (
            "topology.kubernetes.io/zone",
            "DoNotSchedule",
        )
        assert made.options.protect


def test_it_keeps_at_least_as_much_as_the_outage_that_it_bridges() -> None:
    assert "--storage.tsdb.retention.time=30d" in changed({}).prometheus.arguments
    longer = changed({"outageHours": 31 * 24 + 1}).prometheus.arguments
    assert "--storage.tsdb.retention.time=32d" in longer


def test_only_recorded_series_and_alerts_leave_it_and_nothing_of_services_whose_data_is_withheld() -> None:
    (written,) = file("prometheus", "prometheus.yaml")["remote_write"]
    keep, *drop = written["write_relabel_configs"]
    assert (keep["action"], keep["regex"]) == ("keep", "(.+:.+|ALERTS|ALERTS_FOR_STATE)")
    red = [each for each in drop if each["source_labels"] == ["service"]]
    assert [each["action"] for each in red] == ["drop"] * len(red)


def test_of_its_two_prometheus_the_global_stack_sees_one() -> None:
    assert file("prometheus", "prometheus.yaml")["global"]["external_labels"] == {"unit": "production"}


def test_an_outage_is_made_up_for_from_both_prometheus_each_day() -> None:
    made = named(":CronJob", "production-catch-up")
    spec = made.inputs["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("17 3 * * *", "Forbid")
    (container,) = spec["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    script = container["command"][-1]
    assert f"- {(336 + 24) * 3600}))" in script, "the longest outage, and the day since the last run"
    assert script.count("--vm-addr=https://metrics.acme.example ") == 2
    assert [script.count(f"http://prometheus-{n}.prometheus.observability.svc:9090") for n in (0, 1)] == [
        1,
        1,
    ]
    (told,) = container["env"]
    assert told["valueFrom"]["secretKeyRef"] == {"name": "global", "key": "token"}


def test_what_is_withheld_is_not_made_up_for_either() -> None:
    here = services_in(CATALOG, "production")
    kept = {each.name for each in here if each.spec.data_class == "orange"}
    assert kept
    url = "https://metrics.acme.example/api/v1/write"
    withheld = changed({"global": {"url": url, "withhold": ["orange"]}}, here).catch_up
    assert withheld is not None
    (pattern, _) = re.findall(
        r"remote-read-filter-label=service '--remote-read-filter-label-value=(.*?)'", (withheld.arguments[-1])
    )
    assert re.fullmatch(pattern, "observability")
    assert {each.name for each in here if not re.fullmatch(pattern, each.name)} == kept
    assert not re.fullmatch(pattern, "a-service-that-nobody-has-written-down")
    everything = changed({"global": {"url": url}}, here).catch_up
    assert everything is not None
    assert "filter-label=service" not in everything.arguments[-1]


def test_it_measures_and_tells_before_the_global_stack_has_given_it_a_token() -> None:
    def held(process: str) -> Any:
        spec = named(":StatefulSet", f"production-{process}").inputs["spec"]["template"]["spec"]
        return next(each["secret"] for each in spec["volumes"] if each["name"] == "secret")

    assert held("prometheus") == {"secretName": "global", "optional": True}
    assert held("alertmanager") == {"secretName": "receivers"}


def test_without_a_global_stack_it_writes_nowhere_and_waits_for_no_secret() -> None:
    unit = changed({"global": None})
    assert unit.catch_up is None
    alone = unit.prometheus
    assert "remote_write" not in json.loads(alone.files["prometheus.yaml"])
    assert alone.held_in is None


def test_each_team_is_told_of_its_services_in_its_channel_and_woken_by_its_own_key() -> None:
    config = file("alertmanager", "alertmanager.yaml")
    by_name = {each["name"]: each for each in config["receivers"]}
    portal = next(each for each in config["route"]["routes"] if 'service="customersdot"' in each["matchers"])
    team = portal["receiver"].removesuffix("-channel")
    assert by_name[f"{team}-channel"]["slack_configs"][0]["channel"] == "#s_fulfillment_status"
    (woken,) = by_name[f"{team}-pager"]["pagerduty_configs"]
    assert woken["routing_key_file"].endswith(f"/pager-{team}")
    named = {each["receiver"] for one in config["route"]["routes"] for each in (one, *one.get("routes", ()))}
    assert named <= by_name.keys()


def test_the_watchdog_is_told_once_a_minute_outside_of_the_unit() -> None:
    config = file("alertmanager", "alertmanager.yaml")
    watchdog = config["route"]["routes"][0]
    assert (watchdog["receiver"], watchdog["repeat_interval"]) == ("watchdog", "50s")
    (told,) = next(each for each in config["receivers"] if each["name"] == "watchdog")["webhook_configs"]
    assert told == {"url": "https://deadman.acme.example/ping/production", "send_resolved": False}


@pytest.mark.parametrize("readers", [[], ["10.100.0.0/24"]])
def test_who_reads_comes_through_the_gateway_from_a_known_address_or_not_at_all(readers: list[str]) -> None:
    config = changed({"readers": readers}).gateway.files["haproxy.cfg"]
    assert ("acl reader src 10.100.0.0/24" if readers else "acl reader always_false") in config
    assert "http-request deny deny_status 403 unless reader" in config


def test_what_kubernetes_does_is_told_by_an_account_that_may_see_that_and_nothing_else() -> None:
    made = named(":Deployment", "production-kube-state-metrics").inputs["spec"]
    (container,) = made["template"]["spec"]["containers"]
    assert "--resources=cronjobs,deployments" in container["args"]
    assert "volumeMounts" in container
    assert {each["name"] for each in container["volumeMounts"]} == {"scratch"}, "it reads no file"
    role = named(":ClusterRole", "observability-state").inputs
    seen = {
        (group, what) for rule in role["rules"] for group in rule["apiGroups"] for what in rule["resources"]
    }
    assert seen == {("apps", "deployments"), ("batch", "cronjobs")}
    assert all(rule["verbs"] == ["get", "list", "watch"] for rule in role["rules"])
    assert made["template"]["spec"]["serviceAccountName"] == "state"


def test_only_its_labels_are_those_of_others() -> None:
    jobs = {each["job_name"]: each for each in file("prometheus", "prometheus.yaml")["scrape_configs"]}
    assert {name for name, each in jobs.items() if each.get("honor_labels")} == {"rollouts", "state"}
    for name, namespace in (("state", "observability"), ("rollouts", "argo-rollouts")):
        (found,) = jobs[name]["kubernetes_sd_configs"]
        assert found["namespaces"] == {"names": [namespace]}, "where no service can be"


def test_a_unit_without_it_says_nothing_of_schedules_and_does_not_wait_for_it() -> None:
    images = {
        name: image
        for name, image in CATALOG.documents["ObservabilityUnit"]["production"].data["spec"]["images"].items()
        if name != "state"
    }
    alone = changed({"images": images})
    assert alone.state is None
    config = json.loads(alone.prometheus.files["prometheus.yaml"])
    assert "state" not in {each["job_name"] for each in config["scrape_configs"]}
    assert "UnitSeesNoSchedules" not in alone.prometheus.files["rules.yaml"]
