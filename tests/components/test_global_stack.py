"""What all units write to, as it is planned: each unit by itself, each team by its own, on two disks each."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.service import Service
from catalog.kinds.team import Team
from catalog.loader import load
from components.design.global_stack.designed import design_global, designed_global
from components.design.global_stack.model import GlobalDesign
from components.design.global_stack.pane import page
from stacks.plan import Plan, PlannedResource, record_stack
from stacks.stack import global_stack

CATALOG = load(Path(__file__).parents[2] / "catalog")


@cache
def plan() -> Plan:
    return record_stack(CATALOG, global_stack("production"))


def of_kind(kind: str) -> dict[str, PlannedResource]:
    return {
        each.inputs["metadata"]["name"]: each for each in plan().resources if each.type.endswith(f":{kind}")
    }


def spec(kind: str, name: str) -> Any:
    return of_kind(kind)[name].inputs["spec"]


def changed(spec: Mapping[str, Any], watched: Mapping[str, Sequence[Service]] | None = None) -> GlobalDesign:
    """The design of production's, with another spec."""
    document = CATALOG.documents["ObservabilityGlobal"]["production"]
    written = {**document.data, "spec": {**document.data["spec"], **spec}}
    environment, owner = CATALOG.find(Environment, "production"), CATALOG.find(Team, "platform")
    assert environment is not None
    assert owner is not None
    made = ObservabilityGlobal(document, ObservabilityGlobal.filled(written))
    return design_global(made, environment, owner, watched or {})


def hub() -> ObservabilityGlobal:
    found = CATALOG.find(ObservabilityGlobal, "production")
    assert found is not None
    return found


def test_nothing_of_it_is_of_a_cloud_and_all_stands_in_a_namespace_of_its_own() -> None:
    made = [each for each in plan().resources if each.custom and not each.read]
    assert {each.type.split(":")[0] for each in made} == {"kubernetes", "pulumi"}
    assert "googleapis" not in json.dumps([each.inputs for each in made])
    there = {each.inputs["metadata"].get("namespace") for each in made if "metadata" in each.inputs}
    assert there == {None, "global-observability"}


def test_each_sample_is_on_two_of_three_nodes_that_stand_in_different_zones() -> None:
    cluster = spec("VMCluster", "series")
    storage = cluster["vmstorage"]
    assert (cluster["replicationFactor"], storage["replicaCount"]) == (2, 3)
    (spread,) = storage["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == (
        "topology.kubernetes.io/zone",
        "DoNotSchedule",
    )
    assert storage["storage"]["volumeClaimTemplate"]["spec"]["resources"]["requests"] == {"storage": "200Gi"}
    assert of_kind("VMCluster")["series"].options.protect


def test_two_prometheus_of_a_unit_and_two_copies_of_a_sample_are_one() -> None:
    cluster = spec("VMCluster", "series")
    kept = [cluster[part]["extraArgs"]["dedup.minScrapeInterval"] for part in ("vmstorage", "vmselect")]
    assert kept == ["30s", "30s"]


def test_maintenance_takes_one_copy_of_anything_at_a_time() -> None:
    cluster = spec("VMCluster", "series")
    parts = [cluster[part] for part in ("vmstorage", "vmselect", "vminsert")]
    others = [
        spec(kind, name)
        for kind, name in (("VMAuth", "front-door"), ("VMAlert", "rules"), ("VMAlertmanager", "alerts"))
    ]
    assert all(part["podDisruptionBudget"] == {"maxUnavailable": 1} for part in (*parts, *others))
    assert all(part["replicaCount"] >= 2 for part in (*parts, *others))


def test_what_the_operator_runs_is_named_by_digest() -> None:
    image = spec("VMAuth", "front-door")["image"]
    assert f"{image['repository']}:{image['tag']}" == hub().spec.images.auth
    assert "@sha256:" in hub().spec.images.auth


def test_a_unit_writes_into_an_account_of_its_own_by_a_token_that_stands_nowhere() -> None:
    accounts = {}
    for unit in ("production", "staging"):
        user = spec("VMUser", f"unit-{unit}")
        assert user["tokenRef"] == {"name": "tenants", "key": unit}
        (target,) = user["targetRefs"]
        assert (target["crd"]["kind"], target["paths"]) == (
            "VMCluster/vminsert",
            ["/api/v1/write", "/api/v1/import"],
        )
        accounts[unit] = target["target_path_suffix"]
    assert accounts == {"production": "/insert/1/prometheus", "staging": "/insert/2/prometheus"}


def seen(team: str) -> dict[str, Any]:
    """Path → the only series that a team sees there."""
    return {
        target["paths"][0].partition("/api/")[0]: {tuple(each["values"]) for each in target["query_args"]}
        for target in spec("VMUser", f"team-{team}")["targetRefs"]
    }


def test_a_team_sees_its_own_services_of_the_classes_that_it_may_see() -> None:
    assert seen("fulfillment-platform")["/unit/production"] == {
        ('{service=~"customersdot|invoice-archive"}',)
    }
    workplace = seen("workplace")["/unit/production"]
    assert "invoice-archive" not in str(workplace), "its data is orange"


def test_who_runs_it_sees_all_and_what_units_say_of_themselves() -> None:
    ((only,),) = seen("platform")["/unit/staging"]
    assert "observability" in only
    assert seen("platform")["/stack"] == {('{service=~"observability"}',)}


def test_a_person_is_of_a_team_when_a_signed_token_says_exactly_that() -> None:
    for team in ("platform", "workplace"):
        jwt = spec("VMUser", f"team-{team}")["jwt"]
        assert jwt["oidc"] == {"issuer": "https://login.acme.example"}
        assert jwt["matchClaims"] == {"groups": f"^{team}$"}
        assert "skipVerify" not in jwt


def test_the_pane_has_a_source_for_each_unit_to_which_people_come_as_themselves() -> None:
    (made,) = of_kind("ConfigMap").values()
    files = made.inputs["data"]
    sources = {each["name"]: each for each in json.loads(files["datasources_units.yaml"])["datasources"]}
    assert sources.keys() == {"all units", "production", "staging"}
    assert sources["staging"]["url"] == "https://metrics.acme.example/unit/staging"
    assert all(each["jsonData"]["oauthPassThru"] for each in sources.values())
    assert all("secure" not in json.dumps(each) for each in sources.values())
    known = {each["uid"] for each in sources.values()}
    shown = json.loads(files["pages_units.json"])["panels"]
    assert {panel["datasource"]["uid"] for panel in shown} == known


def test_the_page_over_all_units_is_one_that_grafanas_own_types_read() -> None:
    from grafana_foundation_sdk.models.dashboard import Dashboard

    read = Dashboard.from_json(page(hub()))
    assert (read.title, len(read.panels or [])) == ("All units", 5)


def test_how_fresh_a_unit_is_has_a_budget_and_alerts_that_wake_nobody() -> None:
    groups = {each["name"]: each["rules"] for each in spec("VMRule", "freshness")["groups"]}
    assert groups.keys() == {"global", "freshness-production", "freshness-staging"}
    alerts = [each for each in groups["freshness-staging"] if "alert" in each]
    assert {each["labels"]["window"] for each in alerts} == {"1h", "6h", "3d"}
    assert all("pager" not in each["labels"] for each in alerts)
    assert '{vm_account_id="2"}' in groups["freshness-staging"][0]["expr"], "no unit speaks for another"


def test_without_sources_nobody_comes_through_the_front_door() -> None:
    door = spec("VMAuth", "front-door")["serviceSpec"]["spec"]
    assert door["loadBalancerSourceRanges"] == ["10.100.0.0/24"]
    assert {*of_kind("NetworkPolicy")} == {"within", "sources"}
    closed = changed({"sources": []})
    (made,) = [each for each in closed.objects if each.kind == "VMAuth"]
    assert made.spec["serviceSpec"]["spec"]["loadBalancerSourceRanges"] == ["127.0.0.1/32"]
    assert closed.sources == []


def test_an_environment_without_one_has_none() -> None:
    assert designed_global(CATALOG, "staging") is None
