"""What a service's stack brings for the unit of its environment, and what stays Google's."""

import json
from typing import Any

import msgspec
import pytest

from catalog.kinds.service import places_of, service_at
from catalog.loader import load
from components.design.monitoring.collected import COLLECT, collected
from components.design.monitoring.managed import beside_unit
from components.design.monitoring.monitored import monitored
from pave.local_cloud.kubernetes import CONFIG_MAP, problems
from stacks.plan import Plan, record_stack
from stacks.providers.kubernetes import GLOBAL_RULES
from stacks.stack import service_stack
from tests.components.service_plans import CATALOG, SHAPES, unwatched
from tests.monitoring.test_dashboard import OTHERS, read

SHIPPED = load(CATALOG, [*(CATALOG / "examples").glob("*.yaml"), *SHAPES.values()])
PLACES = [
    (name, place) for name in sorted(SHIPPED.documents["Service"]) for place in places_of(SHIPPED, name)
]


def brought(name: str, place: str) -> dict[str, list[Any]]:
    """The files of a service for the unit, by what they are, under `google` its rules there, and under
    `scraped` what Google asks."""
    return sorted_out(record_stack(SHIPPED, service_stack(name, place)))


def sorted_out(planned: Plan) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"rules": [], "probes": [], "dashboards": [], "google": [], "scraped": []}
    for made in planned.resources:
        if not made.custom:
            continue
        if made.type.endswith(":ConfigMap"):
            (text,) = made.inputs["data"].values()
            found[made.inputs["metadata"]["labels"][COLLECT]].append(json.loads(text))
        elif made.type.endswith("Rules"):
            found["google"].append(made.inputs["spec"])
        elif made.type.endswith(":PodMonitoring"):
            found["scraped"].append(made.inputs["spec"])
    return found


def alerts(files: list[Any]) -> list[tuple[str, str]]:
    return [
        (rule["alert"], rule["labels"].get("window", ""))
        for file in files
        for group in file["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_each_alert_is_evaluated_once_by_the_unit_where_there_is_one_and_what_google_counts_by_google(
    name: str, place: str
) -> None:
    service = service_at(SHIPPED, name, place)
    assert not isinstance(service, list)
    watched, found = monitored(SHIPPED, service), brought(name, place)
    here, google = alerts(found["rules"]), alerts(found["google"])
    assert len(here + google) == len({*here, *google})
    if not any(workload.runtime == "kubernetes" for workload in service.spec.workloads):
        assert here + google == []
        return
    every = {(each.name, each.labels.get("window", "")) for one in watched.watches for each in one.alerts}
    assert {*here, *google} == every
    assert found["scraped"] == [], "one side asks the pods"
    only = {
        (each.name, each.labels.get("window", ""))
        for one in watched.watches
        if one.needs_all
        for each in one.alerts
    }
    assert {*google} == only


def test_without_a_unit_all_of_it_is_googles_and_nothing_is_brought_that_nobody_collects() -> None:
    found = sorted_out(unwatched())
    assert not any(found[what] for what in ("rules", "probes", "dashboards"))
    assert {*alerts(found["google"])} > {*alerts(brought("customersdot", "production")["google"])}
    assert len(found["scraped"]) == 3


def test_what_is_probed_bears_the_labels_that_its_rules_select_by() -> None:
    (targets,) = brought("customersdot", "production")["probes"]
    journeys = [each for each in targets if "vendor" not in each["labels"]]
    urls = {each["labels"]["subject"]: each["targets"] for each in journeys}
    assert urls["purchase"] == ["https://customers.acme.example/subscriptions/new"]
    assert urls["portal"] == ["https://customers.acme.example/-/readiness"], "by default, where it is ready"
    assert "trial" not in urls, "nobody knows a path of it that is safe"
    (rules,) = brought("customersdot", "production")["rules"]
    text = json.dumps(rules)
    for each in targets:
        labels = each["labels"]
        names = ("service", "cell", "subject") if each in journeys else ("caller", "cell", "vendor")
        own = ",".join(f'{name}="{labels[name]}"' for name in names)
        asked = f"probe_success{{{own}}}"
        assert json.dumps(asked)[1:-1] in text


def test_only_who_is_public_is_asked_from_outside() -> None:
    for name, place in PLACES:
        service = service_at(SHIPPED, name, place)
        assert not isinstance(service, list)
        if service.spec.edge.exposure != "public":
            assert monitored(SHIPPED, service).probes == []


@pytest.mark.parametrize("name", ["customersdot", "usage-api", "lunch-menu"])
def test_every_query_of_the_dashboard_reads_what_the_unit_records_alerts_on_or_scrapes(name: str) -> None:
    found = brought(name, "production")
    known = {
        rule.get("record", "ALERTS")
        for file in found["rules"]
        for group in file["groups"]
        for rule in group["rules"]
    }
    known |= {
        name
        for file in found["rules"]
        for group in file["groups"]
        for rule in group["rules"]
        if "alert" in rule
        for name in read(rule["expr"])
    }
    (dashboard,) = found["dashboards"]
    queries = [
        target["expr"]
        for row in dashboard["panels"]
        for panel in [row, *row.get("panels", ())]
        for target in panel.get("targets", ())
    ]
    assert queries
    for query in queries:
        assert read(query) <= known | OTHERS, query


def test_a_service_with_a_hundred_journeys_and_jobs_brings_no_object_that_a_cluster_refuses() -> None:
    """https://kubernetes.io/docs/concepts/configuration/configmap/: 1 MiB."""
    service = service_at(SHIPPED, "customersdot", "production")
    assert not isinstance(service, list)
    found = monitored(SHIPPED, service)
    many = [
        msgspec.structs.replace(watch, name=f"{watch.name}-{number}")
        for number in range(12)
        for watch in found.watches
    ]
    found = msgspec.structs.replace(found, watches=many)
    google, here = beside_unit(found), [each for each in collected(found) if each.what == "rules"]
    assert [each["metadata"]["name"] for each in google[:2]] == ["customersdot", "customersdot.2"]
    assert [each.name for each in here[:2]] == ["watched-rules", "watched-rules.2"]
    names = [group["name"] for each in google for group in each["spec"]["groups"]]
    names += [group["name"] for each in here for group in json.loads(each.text)["groups"]]
    assert sorted(names) == sorted(watch.name for watch in many), "all of it, and each once"
    for each in google:
        assert [*problems(GLOBAL_RULES, each)] == []
    for one in here:
        metadata = {"name": one.name, "namespace": "portal"}
        made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {one.file: one.text}}
        assert [*problems(CONFIG_MAP, made)] == []


def test_the_local_cloud_refuses_what_is_too_large_to_keep() -> None:
    metadata = {"name": "portal", "namespace": "portal"}

    def map_of(size: int) -> list[str]:
        made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "x" * size}}
        return [why for _, why in problems(CONFIG_MAP, made)]

    assert map_of(2**20) == []
    assert map_of(2**20 + 1) == ["Too long: may not be more than 1048576 bytes"]
    large = {"metadata": {"name": "portal"}, "spec": {"groups": ["x" * 3 * 2**19]}}
    assert [why for _, why in problems(GLOBAL_RULES, large)] == ["etcdserver: request is too large"]
