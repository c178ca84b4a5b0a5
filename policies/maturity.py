"""GitLab's service maturity model, measured on a spec.

Levels, criteria and the rules of evaluation are those of
https://gitlab.com/gitlab-com/runbooks/-/tree/master/libsonnet/service-maturity and
https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/service-maturity-model/.
A criterion is passed, failed, skipped (with its owner's reason) or unimplemented: not measured here, and
so never passed. A level passes if none of its criteria failed and at least one is implemented; a service
is at the highest level below which all pass.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from catalog.model import Service
from catalog.neighbourhood import Neighbourhood

Result = Literal["passed", "failed", "skipped", "unimplemented"]
Evidence = Callable[[Service, Neighbourhood], list[str] | None]


class Criterion(msgspec.Struct, frozen=True, rename="camel"):
    """One criterion: its result, what that rests on, and what to do if it failed."""

    name: str
    result: Result
    evidence: list[str]
    remedy: str


class Level(msgspec.Struct, frozen=True, rename="camel"):
    """One level and its criteria."""

    name: str
    number: int
    passed: bool
    criteria: list[Criterion]


class Maturity(msgspec.Struct, frozen=True, rename="camel"):
    """The level that a service has reached, 0 to 5, and why."""

    service: str
    level: str
    level_number: int
    details: list[Level]

    @property
    def missing(self) -> list[Criterion]:
        """What keeps the service from the next level: its failed criteria, or its unimplemented ones."""
        waiting = next((level for level in self.details if not level.passed), None)
        if waiting is None:
            return []
        failed = [criterion for criterion in waiting.criteria if criterion.result == "failed"]
        return failed or [c for c in waiting.criteria if c.result == "unimplemented"]


class UnknownCriterion(Exception):
    """A spec skips a criterion that does not exist. One line."""


def measure(service: Service, around: Neighbourhood) -> Maturity:
    """The maturity of a service. Raises UnknownCriterion for a skip that names none."""
    skips = {skip.criterion: skip.reason for skip in service.spec.maturity.skip}
    known = {name for level in CRITERIA.values() for name, _, _ in level}
    if stray := sorted(set(skips) - known):
        raise UnknownCriterion(f"{service.name} skips `{stray[0]}`, which is no maturity criterion.")
    details = []
    reached = 0
    for number, criteria in CRITERIA.items():
        judged = [_judge(name, find, remedy, skips, service, around) for name, find, remedy in criteria]
        results = {criterion.result for criterion in judged}
        passed = "failed" not in results and results != {"unimplemented"}
        details.append(Level(f"Level {number}", number, passed, judged))
        reached = number if passed and reached == number - 1 else reached
    return Maturity(service.name, f"Level {reached}", reached, details)


def _judge(
    name: str,
    find: Evidence | None,
    remedy: str,
    skips: dict[str, str],
    service: Service,
    around: Neighbourhood,
) -> Criterion:
    if name in skips:
        return Criterion(name, "skipped", [skips[name]], "")
    if name == _SLA and not _is_user_facing(service):
        return Criterion(name, "skipped", ["Service is not user facing"], "")
    evidence = find(service, around) if find is not None else None
    if evidence is None:
        return Criterion(name, "unimplemented", [], "")
    return Criterion(name, "passed" if evidence else "failed", evidence, "" if evidence else remedy)


def _is_user_facing(service: Service) -> bool:
    return any(endpoint.weight > 0 for endpoint in service.spec.endpoints)


def _links(kind: str) -> Evidence:
    return lambda service, _: [link.url for link in service.metadata.links if link.kind == kind]


def _in_catalog(service: Service, _: Neighbourhood) -> list[str]:
    return [service.document.path]


def _in_graph(service: Service, around: Neighbourhood) -> list[str]:
    return [dependency.name for dependency in service.spec.dependencies] + around.dependents


def _measured(what: str) -> Evidence:
    def find(service: Service, _: Neighbourhood) -> list[str]:
        journeys = [
            f"{endpoint.name}: {_objective(endpoint.slo, what)}" for endpoint in service.spec.endpoints
        ]
        jobs = [f"{job.name}: job {what}" for job in service.spec.jobs]
        return journeys + jobs

    return find


def _objective(slo: Any, what: str) -> str:
    if what == "apdex":
        return f"{slo.latency:g} % within {slo.latency_ms} ms"
    return f"{slo.availability:g} % succeed" if what == "error rate" else "counted at the load balancer"


def _every_component(service: Service, _: Neighbourhood) -> list[str]:
    measured = {endpoint.workload for endpoint in service.spec.endpoints} | {
        job.workload for job in service.spec.jobs
    }
    names = [workload.name for workload in service.spec.workloads]
    return names if set(names) <= measured else []


_SLA = "SLA calculations driven from SLO metrics"
_ENDPOINT = "Add an endpoint with an `slo`, or a job, to the spec."

CRITERIA: dict[int, list[tuple[str, Evidence | None, str]]] = {
    1: [
        ("Exists in the service catalog", _in_catalog, "Add the service to the catalog."),
        (
            "Structured logs available in Kibana",
            _links("logs"),
            "Add a link of kind `logs` to metadata.links.",
        ),
        (
            "Service exists in the dependency graph",
            _in_graph,
            "Name what the service calls in spec.dependencies, or have a caller name it.",
        ),
    ],
    2: [
        ("SLO monitoring: apdex", _measured("apdex"), _ENDPOINT),
        ("SLO monitoring: error rate", _measured("error rate"), _ENDPOINT),
        ("SLO monitoring: request rate", _measured("request rate"), _ENDPOINT),
    ],
    3: [
        (
            "Service health dashboards",
            _links("dashboard"),
            "Add a link of kind `dashboard` to metadata.links.",
        ),
        (_SLA, None, ""),
        (
            "All components include an apdex",
            _every_component,
            "Give every web workload an endpoint, and every other a job.",
        ),
        ("Logging includes metadata for measuring scalability", None, ""),
        (
            "Developer guides exist in developer documentation",
            _links("developer-guide"),
            "Add a link of kind `developer-guide` to metadata.links.",
        ),
        (
            "SRE guides exist in runbooks",
            _links("sre-guide"),
            "Add a link of kind `sre-guide` to metadata.links.",
        ),
        ("Metrics on downstream service usage", None, ""),
    ],
    4: [
        ("Prepared Kibana dashboards", None, ""),
        ("Dashboards linked from metrics catalogs", None, ""),
        ("Automatic alert routing", None, ""),
    ],
    5: [
        ("Long-term forecasting utilization and usage", None, ""),
        ("70% of requests covered by at least one SLI", None, ""),
        ("Automatic alert routing", None, ""),
    ],
}
"""Level → (exact name, how evidence is found or None where it is not measured, what to do when it fails)."""
