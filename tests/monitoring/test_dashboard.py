"""A service's dashboard: what it shows first, and that each of its queries reads what somebody records."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.dashboard import markers, sections
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.grafana import dashboard
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"
OTHERS = {"ALERTS", "kube_deployment_status_observed_generation", "rollout_info"}
"""What Prometheus itself, kube-state-metrics and Argo Rollouts tell."""


def read(query: str) -> set[str]:
    """The metrics that a query reads. Raises ValueError for one that is no PromQL."""
    return set(_names(promql_parser.parse(query)))


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, promql_parser.VectorSelector) and node.name is not None:
        yield node.name
    for part in ("expr", "lhs", "rhs", "vector_selector", "vs", "args"):
        below = getattr(node, part, None)
        for each in below if isinstance(below, list) else [below]:
            if each is not None and not isinstance(each, str):
                yield from _names(each)


@pytest.fixture(scope="module", params=["customersdot", "invoice-archive", "usage-api"])
def found(request: pytest.FixtureRequest) -> Monitoring:
    catalog = load(SHIPPED, [])
    service = service_at(catalog, request.param, "production")
    assert isinstance(service, Service)
    return monitored(catalog, service, EXPORTED)


def test_every_query_reads_what_is_recorded_or_alerted_on(found: Monitoring) -> None:
    known = {rule.record for watch in found.watches for rule in watch.recordings} | OTHERS
    known |= {name for watch in found.watches for alert in watch.alerts for name in read(alert.expr)}
    for section in sections(found):
        for panel in section.panels:
            for query in panel.queries:
                names = read(query.expr)
                assert names
                assert names <= known, query.expr


def test_every_rule_is_promql_to_a_second_parser_too(found: Monitoring) -> None:
    for watch in found.watches:
        for expr in [*(rule.expr for rule in watch.recordings), *(alert.expr for alert in watch.alerts)]:
            promql_parser.parse(expr)


def test_journeys_come_before_their_causes() -> None:
    catalog = load(SHIPPED, [])
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    titles = [section.title for section in sections(monitored(catalog, service, EXPORTED))]
    assert titles == [
        *("Now", "Journeys", "Error budget of 28 days", "Burn rate", "Jobs and events", "Causes", "Deploys")
    ]


def test_what_happens_to_a_rollout_is_marked_on_all_panels(found: Monitoring) -> None:
    assert {name for each in markers(found) for name in read(each.expr)} == {"rollout_events_total"}
    marks = {each["name"]: each for each in dashboard(found)["annotations"]["list"]}
    assert set(marks) == {"started", "step", "verdict", "taken back", "completed"}
    assert 'reason=~"RolloutAborted"' in marks["taken back"]["expr"]
    assert f'namespace="{found.namespace}"' in marks["taken back"]["expr"]


def test_grafana_gets_all_panels_and_asks_the_source_that_is_chosen(found: Monitoring) -> None:
    made = dashboard(found)
    panels = [panel for panel in made["panels"] if panel["type"] != "row"]
    wanted = [panel for section in sections(found) for panel in section.panels]
    assert [panel["title"] for panel in panels] == [panel.title for panel in wanted]
    asked = [[target["expr"] for target in panel["targets"]] for panel in panels]
    assert asked == [[query.expr for query in panel.queries] for panel in wanted]
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}
    assert made["schemaVersion"] == 42
