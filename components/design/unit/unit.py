"""Decides what watches an environment."""

from collections.abc import Mapping, Sequence

from catalog.checks.reserved_names import ROLLING_OUT
from catalog.document import Origin
from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit, UnitSpec
from catalog.kinds.service import Service
from catalog.kinds.team import Team
from components.design.monitoring.collected import ANSWERED
from components.design.monitoring.model import Monitoring
from components.design.monitoring.rules import group
from components.design.naming import OWNER, owner_label
from components.design.scraping import ROLLOUT_CONTROLLER
from components.design.unit import alertmanager, gateway, google, prometheus, state
from components.design.unit.catch_up import catch_up
from components.design.unit.model import COLLECTOR, TENANCY, Asker, Process, UnitDesign, text_of
from components.design.unit.names import (
    ALERTMANAGER,
    DASHBOARDS,
    GATEWAY,
    NAMESPACE,
    PAGES,
    PROBES,
    PROMETHEUS,
    SCRATCH,
    STATE,
)
from components.design.unit.own_monitoring import own_monitoring

HOURS_PER_DAY = 24

ANSWERS = (200, 201, 202, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 410, 415, 421, 429)
"""What a vendor may answer to who brings no credentials, and still be there: whatever is no fault of a
server's own (https://www.rfc-editor.org/rfc/rfc9110#name-status-codes)."""


def design_unit(
    unit: ObservabilityUnit, environment: Environment, owner: Team, watched: Mapping[Service, Monitoring]
) -> UnitDesign:
    """The unit of an environment, which its `owner` runs and in which these services are watched."""
    spec, name = unit.spec, environment.name
    withheld = sorted({each.name for each in watched if _is_withheld(each, spec)})
    shared = sorted({each.name for each in watched} - {*withheld})
    written = None if spec.global_ is None else spec.global_.url
    told = _alertmanager(unit, owner, list(watched.values()))
    return UnitDesign(
        name=name,
        origin=unit.origin(),
        namespace=NAMESPACE,
        labels={OWNER: owner_label("unit", name), "environment": name},
        protected=environment.spec.protected,
        collector=spec.images.collector,
        tenancy=spec.images.tenancy,
        prometheus=_prometheus(unit, owner, written, withheld),
        alertmanager=told,
        probes=_probes(unit),
        gateway=_gateway(unit),
        dashboards=_dashboards(unit),
        state=None if spec.images.state is None else _state(unit, spec.images.state),
        catch_up=catch_up(unit, shared if withheld else None),
        readers=spec.readers,
        evaluator=google.evaluator(_at(unit, "managed"), told.port) if spec.managed == "google" else None,
        judge=None if environment.spec.cluster.rollouts is None else Asker(ROLLING_OUT, ROLLOUT_CONTROLLER),
    )


def _is_withheld(service: Service, spec: UnitSpec) -> bool:
    return spec.global_ is not None and service.spec.data_class in spec.global_.withhold


def _prometheus(unit: ObservabilityUnit, owner: Team, written: str | None, withheld: list[str]) -> Process:
    spec = unit.spec
    sees_state = spec.images.state is not None
    own = own_monitoring(unit, owner)
    days = max(spec.retention_days, -(-spec.outage_hours // HOURS_PER_DAY))
    return Process(
        name=PROMETHEUS,
        origin=_at(unit, "images", "prometheus"),
        image=spec.images.prometheus,
        copies=prometheus.COPIES,
        port=prometheus.PORT,
        health="/-/ready",
        arguments=prometheus.arguments(days, spec.disk_gb),
        folder=prometheus.CONFIG,
        files={
            "prometheus.yaml": text_of(
                prometheus.configuration(unit.name, written, withheld, sees_state=sees_state)
            ),
            "rules.yaml": text_of({"groups": [group(own, watch) for watch in own.watches]}),
        },
        cpu=1,
        memory_mb=spec.memory_mb,
        disk_gb=spec.disk_gb,
        held_in=None if written is None else prometheus.GLOBAL,
        goes_on=True,  # what it measures and tells needs no token of others
        beside=[COLLECTOR, COLLECTOR],  # of rules, and of what is probed
    )


def _alertmanager(unit: ObservabilityUnit, owner: Team, watched: Sequence[Monitoring]) -> Process:
    config = alertmanager.configuration(unit.spec.receivers, unit.spec.watchdog, owner, watched)
    return Process(
        name=ALERTMANAGER,
        origin=_at(unit),  # of whom it tells, too
        image=unit.spec.images.alertmanager,
        copies=alertmanager.COPIES,
        port=9093,
        health="/-/ready",
        arguments=alertmanager.arguments(),
        folder=alertmanager.CONFIG,
        files={"alertmanager.yaml": text_of(config)},
        cpu=0.1,
        memory_mb=256,
        disk_gb=10,  # the least that a persistent disk of Google's has
        held_in="receivers",
        peers=True,
    )


def _probes(unit: ObservabilityUnit) -> Process:
    http = {"prober": "http", "timeout": "8s", "http": {"preferred_ip_protocol": "ip4", "method": "GET"}}
    vendor = {
        **http,
        "http": {
            "preferred_ip_protocol": "ip4",
            "method": "HEAD",
            "follow_redirects": False,
            "valid_status_codes": list(ANSWERS),
        },
    }
    return Process(
        name=PROBES,
        origin=_at(unit, "images", "blackbox"),
        image=unit.spec.images.blackbox,
        copies=2,
        port=9115,
        health="/-/healthy",
        arguments=["--config.file=/etc/blackbox/blackbox.yaml"],
        folder="/etc/blackbox",
        files={"blackbox.yaml": text_of({"modules": {"http_2xx": http, ANSWERED: vendor}})},
        cpu=0.1,
        memory_mb=128,
    )


def _state(unit: ObservabilityUnit, image: str) -> Process:
    return Process(
        name=STATE,
        origin=_at(unit, "images", "state"),
        image=image,
        copies=2,
        port=state.PORT,
        health="/healthz",
        arguments=state.arguments(),
        folder="",
        files={},
        cpu=0.05,
        memory_mb=128,  # of two kinds of objects, and a few series of each
    )


def _gateway(unit: ObservabilityUnit) -> Process:
    return Process(
        name=GATEWAY,
        origin=_at(unit, "readers"),
        image=unit.spec.images.gateway,
        copies=2,
        port=gateway.PORT,
        health="/healthz",
        arguments=[],
        folder=gateway.CONFIG,
        files={"haproxy.cfg": gateway.configuration(unit.spec.readers)},
        cpu=0.1,
        memory_mb=128,
        beside=[TENANCY],
    )


def _dashboards(unit: ObservabilityUnit) -> Process:
    source = {
        "name": unit.name,
        "type": "prometheus",
        "access": "proxy",
        "url": f"http://{PROMETHEUS}.{NAMESPACE}.svc:{prometheus.PORT}",
        "isDefault": True,
    }
    provider = {"name": "collected", "type": "file", "options": {"path": PAGES}}
    return Process(
        name=DASHBOARDS,
        origin=_at(unit, "images", "dashboards"),
        image=unit.spec.images.dashboards,
        copies=2,
        port=3000,
        health="/api/health",
        arguments=[],
        folder="/etc/grafana/provisioning",
        files={
            "datasources/unit.yaml": text_of({"apiVersion": 1, "datasources": [source]}),
            "dashboards/unit.yaml": text_of({"apiVersion": 1, "providers": [provider]}),
        },
        cpu=0.2,
        memory_mb=512,
        held_in="dashboards",
        beside=[COLLECTOR],
        variables={
            "GF_SECURITY_ADMIN_PASSWORD__FILE": "/etc/dashboards/secret/password",
            "GF_PATHS_DATA": f"{SCRATCH}/grafana",
            "GF_PATHS_LOGS": f"{SCRATCH}/logs",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        },
    )


def _at(unit: ObservabilityUnit, *pointer: str) -> Origin:
    return unit.origin("spec", *pointer)
