"""What a service's stack brings for the unit of its environment, and what stays Google's."""

import json
from typing import Any

import pytest

from catalog.kinds.service import places_of, service_at
from catalog.loader import load
from components.design.monitoring.collected import COLLECT
from components.design.monitoring.monitored import monitored
from stacks.plan import Plan, record_stack
from stacks.stack import service_stack
from tests.components.service_plans import CATALOG, SHAPES, plan, unwatched
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
    assert len(found["scraped"]) == 2


def test_what_is_probed_bears_the_labels_that_its_rules_select_by() -> None:
    (targets,) = brought("customersdot", "production")["probes"]
    urls = {each["labels"]["subject"]: each["targets"] for each in targets}
    assert urls["purchase"] == ["https://customers.acme.example/subscriptions/new"]
    assert urls["portal"] == ["https://customers.acme.example/-/readiness"], "by default, where it is ready"
    assert "trial" not in urls, "nobody knows a path of it that is safe"
    (rules,) = brought("customersdot", "production")["rules"]
    text = json.dumps(rules)
    for each in targets:
        labels = each["labels"]
        own = ",".join(f'{name}="{labels[name]}"' for name in ("service", "cell", "subject"))
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


def test_a_configmap_has_room_for_all_of_it() -> None:
    """https://kubernetes.io/docs/concepts/configuration/configmap/: 1 MiB."""
    sizes = [
        sum(len(text.encode()) for text in made.inputs["data"].values())
        for made in plan("customersdot").resources
        if made.type.endswith(":ConfigMap")
    ]
    assert max(sizes) < 2**20 / 4
