"""The one place where people look at all units: a data source for each, and a page over all of them.

Grafana passes on who somebody is, and what they see is decided at the front door: a data source is no right.
https://grafana.com/docs/grafana/latest/administration/provisioning/"""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.document import Json
from catalog.kinds.observability_global import ObservabilityGlobal
from components.design.global_stack.admission import OWN
from components.design.global_stack.freshness import AGE
from components.design.global_stack.names import LOGIN
from components.design.unit.model import Process, text_of
from components.design.unit.names import DASHBOARDS, SCRATCH

FOLDER = "/etc/grafana/provisioning"
HELD = f"/etc/{DASHBOARDS}/secret"


class Curve(NamedTuple):
    """A query in PromQL, what its lines are called, and in which of Grafana's units they are."""

    expr: str
    legend: str
    unit: str


FIRING = Curve(
    'count by (severity, service) (ALERTS{alertstate="firing", alertname!="Watchdog"})',
    "{{service}} {{severity}}",
    "short",
)
SPENT = Curve("max by (service, cell, sli) (sli:bad_ratio:rate28d)", "{{service}} {{sli}}", "percentunit")

HEIGHT = 8
"""Of a panel, in rows of Grafana's grid; there are 24 columns."""


def dashboards(hub: ObservabilityGlobal) -> Process:
    """Grafana, as a unit runs it too, but that people come as themselves."""
    login = hub.spec.login
    provider = {"name": "units", "type": "file", "options": {"path": f"{FOLDER}/pages"}}
    return Process(
        name=DASHBOARDS,
        origin=hub.origin("spec", "images", "dashboards"),
        image=hub.spec.images.dashboards,
        copies=2,
        port=3000,
        health="/api/health",
        arguments=[],
        folder=FOLDER,
        files={
            "datasources/units.yaml": text_of({"apiVersion": 1, "datasources": [*_sources(hub)]}),
            "dashboards/units.yaml": text_of({"apiVersion": 1, "providers": [provider]}),
            "pages/units.json": text_of(page(hub)),
        },
        cpu=0.2,
        memory_mb=512,
        held_in=LOGIN,
        variables={
            "GF_AUTH_DISABLE_LOGIN_FORM": "true",
            "GF_AUTH_GENERIC_OAUTH_ENABLED": "true",
            "GF_AUTH_GENERIC_OAUTH_CLIENT_ID": login.client_id,
            "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET__FILE": f"{HELD}/secret",
            "GF_AUTH_GENERIC_OAUTH_SCOPES": f"openid profile email {login.claim}",
            "GF_AUTH_GENERIC_OAUTH_AUTH_URL": login.authorize_url,
            "GF_AUTH_GENERIC_OAUTH_TOKEN_URL": login.token_url,
            "GF_AUTH_GENERIC_OAUTH_USE_PKCE": "true",
            "GF_AUTH_GENERIC_OAUTH_USE_REFRESH_TOKEN": "true",
            "GF_PATHS_DATA": f"{SCRATCH}/grafana",
            "GF_PATHS_LOGS": f"{SCRATCH}/logs",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        },
    )


def _sources(hub: ObservabilityGlobal) -> Iterator[Json]:
    yield _source(hub, "all units", OWN, OWN)
    for tenant in hub.spec.tenants:
        yield _source(hub, tenant.unit, uid_of(tenant.unit), f"unit/{tenant.unit}")


def uid_of(unit: str) -> str:
    """By what pages know a unit's data source."""
    return f"unit-{unit}"[:40]


def _source(hub: ObservabilityGlobal, name: str, uid: str, below: str) -> Json:
    return {
        "name": name,
        "uid": uid,
        "type": "prometheus",
        "access": "proxy",
        "url": f"https://{hub.spec.host}/{below}",
        "isDefault": below == OWN,
        "editable": False,
        "jsonData": {"oauthPassThru": True, "httpMethod": "POST", "prometheusType": "Prometheus"},
    }


def page(hub: ObservabilityGlobal) -> Json:
    """How fresh all units are, and what fires and is spent in each, in the fields of Grafana's schema."""
    rows = [_panel("How old what is seen of each unit is", "stat", OWN, Curve(AGE, "{{unit}}", "s"), 24)]
    for index, tenant in enumerate(hub.spec.tenants):
        lines = {f"{tenant.unit}: alerts that fire": FIRING, f"{tenant.unit}: bad in 28 days": SPENT}
        for x, (title, line) in enumerate(lines.items()):
            panel = _panel(title, "timeseries", uid_of(tenant.unit), line, 12)
            panel["gridPos"] |= {"x": 12 * x, "y": HEIGHT * (index + 1)}
            rows.append(panel)
    return {
        "uid": "all-units",
        "title": "All units",
        "tags": ["pave"],
        "schemaVersion": 42,
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "panels": [{**panel, "id": number} for number, panel in enumerate(rows, start=1)],
    }


def _panel(title: str, kind: str, uid: str, line: Curve, width: int) -> Json:
    source = {"type": "prometheus", "uid": uid}
    return {
        "type": kind,
        "title": title,
        "datasource": source,
        "gridPos": {"h": HEIGHT, "w": width, "x": 0, "y": 0},
        "fieldConfig": {"defaults": {"unit": line.unit}, "overrides": []},
        "targets": [{"refId": "A", "expr": line.expr, "legendFormat": line.legend, "datasource": source}],
    }
