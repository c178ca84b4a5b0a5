"""GitLab's service maturity model, measured on a spec.

Levels, criteria and the rules of evaluation are those of
https://gitlab.com/gitlab-com/runbooks/-/tree/master/libsonnet/service-maturity and
https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/service-maturity-model/.
A criterion is passed, failed, skipped (with its owner's reason) or unimplemented: not measured here, and
so never passed. A level passes if none of its criteria failed and at least one is implemented; a service
is at the highest level below which all pass. GitLab measures no criterion of levels 4 and 5; here
dashboards, alert routing, forecasts and coverage are read from the links, the owner's team and the endpoints.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Slo
from catalog.kinds.team import Team
from catalog.neighbourhood import Neighbourhood

CriterionResult = Literal["passed", "failed", "skipped", "unimplemented"]
Evidence = Callable[[Service, Neighbourhood], list[str] | None]


class Criterion(msgspec.Struct, frozen=True, rename="camel"):
    """One criterion: its result, what that rests on, and what to do if it failed: in words and, where it can
    be one, as a patch of the YAML."""

    name: str
    result: CriterionResult
    evidence: list[str]
    remedy: str
    patch: str | None


class Level(msgspec.Struct, frozen=True, rename="camel"):
    """One level and its criteria."""

    name: str
    number: int
    passed: bool
    criteria: list[Criterion]


class MeasuredMaturity(msgspec.Struct, frozen=True, rename="camel"):
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


def measure(service: Service, around: Neighbourhood) -> MeasuredMaturity:
    """The maturity of a service. Raises UnknownCriterion for a skip that names none."""
    skips = {skip.criterion: skip.reason for skip in service.spec.maturity.skip}
    known = {asked.name for level in CRITERIA.values() for asked in level}
    if stray := sorted(set(skips) - known):
        raise UnknownCriterion(f"{service.name} skips `{stray[0]}`, which is no maturity criterion.")
    details = []
    reached = 0
    for number, criteria in CRITERIA.items():
        judged = [_judge(asked, skips, service, around) for asked in criteria]
        results = {criterion.result for criterion in judged}
        passed = "failed" not in results and results != {"unimplemented"}
        details.append(Level(f"Level {number}", number, passed, judged))
        reached = number if passed and reached == number - 1 else reached
    return MeasuredMaturity(service.name, f"Level {reached}", reached, details)


def _judge(asked: "Asked", skips: dict[str, str], service: Service, around: Neighbourhood) -> Criterion:
    if asked.name in skips:
        return Criterion(asked.name, "skipped", [skips[asked.name]], "", None)
    if asked.name == _SLA and not _is_user_facing(service):
        return Criterion(asked.name, "skipped", ["Service is not user facing"], "", None)
    evidence = asked.find(service, around) if asked.find is not None else None
    if evidence is None:
        return Criterion(asked.name, "unimplemented", [], "", None)
    if evidence:
        return Criterion(asked.name, "passed", evidence, "", None)
    return Criterion(asked.name, "failed", [], asked.remedy, asked.patch)


def _is_user_facing(service: Service) -> bool:
    return any(endpoint.weight > 0 for endpoint in service.spec.endpoints)


def _links(kind: str) -> Evidence:
    """Links of a kind. One into the repository was checked when the catalog was read; of any other it is
    only known that somebody wrote it."""
    return lambda service, _: [_checked(link.url) for link in service.metadata.links if link.kind == kind]


def _checked(url: str) -> str:
    return f"declared, not verified: {url}" if url.startswith("https://") else url


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


def _objective(slo: Slo, what: str) -> str:
    if what == "apdex":
        return f"{slo.latency:g} % within {slo.latency_ms} ms"
    return f"{slo.availability:g} % succeed" if what == "error rate" else "counted at the load balancer"


def _every_component(service: Service, _: Neighbourhood) -> list[str]:
    journeys = {endpoint.workload for endpoint in service.spec.endpoints}
    measured = journeys | {job.workload for job in service.spec.jobs}
    names = [workload.name for workload in service.spec.workloads]
    return names if set(names) <= measured else []


def _dashboards_of_slis(service: Service, around: Neighbourhood) -> list[str]:
    """Dashboards, where there is something measured for them to show."""
    return (_links("dashboard")(service, around) or []) if _measured("apdex")(service, around) else []


def _routing(service: Service, around: Neighbourhood) -> list[str]:
    """Where an alert of the owner goes without anybody's doing: a channel, and who is called."""
    team = around.find(Team, service.metadata.owner).spec
    reached = team.on_call.coverage != "none" and team.on_call.schedule is not None
    return [f"#{team.slack_channel}", team.on_call.schedule or ""] if reached else []


def _covered(service: Service, _: Neighbourhood) -> list[str]:
    """Every endpoint has an SLI, and what has no endpoint is answered 404 at the load balancer; so all of
    the requests that reach a workload are covered."""
    paths = [path for endpoint in service.spec.endpoints if endpoint.weight > 0 for path in endpoint.paths]
    silent = [endpoint.name for endpoint in service.spec.endpoints if endpoint.weight == 0]
    return [] if not paths or silent else [f"100 % of requests, by {len(paths)} routes"]


class Asked(NamedTuple):
    """A criterion: its exact name, how evidence is found (None: not measured), and what to do when there is
    none, in words and, where it can be one, as a YAML patch of the spec."""

    name: str
    find: Evidence | None
    remedy: str = ""
    patch: str | None = None


def _link(name: str, kind: str) -> Asked:
    patch = f"metadata:\n  links:\n    - {{kind: {kind}, url: https://...}}"
    return Asked(name, _links(kind), f"Add a link of kind `{kind}` to metadata.links.", patch)


def _sli(what: str) -> Asked:
    patch = "spec:\n  endpoints:\n    - {name: all, paths: [/*], slo: {latencyMs: 1000}}"
    remedy = "Add an endpoint with an `slo`, or a job, to the spec."
    return Asked(f"SLO monitoring: {what}", _measured(what), remedy, patch)


_SLA = "SLA calculations driven from SLO metrics"
_ROUTING = Asked(
    "Automatic alert routing",
    _routing,
    "Give the owner's team an on-call schedule.",
    "# in the team's file\nspec:\n  onCall: {coverage: 24x7, schedule: https://...}",
)

CRITERIA: dict[int, list[Asked]] = {
    1: [
        Asked("Exists in the service catalog", _in_catalog),
        _link("Structured logs available in Kibana", "logs"),
        Asked(
            "Service exists in the dependency graph",
            _in_graph,
            "Name what the service calls in spec.dependencies, or have a caller name it.",
            "spec:\n  dependencies:\n    - {name: ..., vendor: ..., need: soft}",
        ),
    ],
    2: [_sli("apdex"), _sli("error rate"), _sli("request rate")],
    3: [
        _link("Service health dashboards", "dashboard"),
        Asked(_SLA, None),
        Asked(
            "All components include an apdex",
            _every_component,
            "Give every web workload an endpoint, and every other a job.",
        ),
        Asked("Logging includes metadata for measuring scalability", None),
        _link("Developer guides exist in developer documentation", "developer-guide"),
        _link("SRE guides exist in runbooks", "sre-guide"),
        Asked("Metrics on downstream service usage", None),
    ],
    4: [
        _link("Prepared Kibana dashboards", "log-dashboard"),
        Asked(
            "Dashboards linked from metrics catalogs",
            _dashboards_of_slis,
            "Add a link of kind `dashboard`, and an endpoint or a job for it to show.",
        ),
        _ROUTING,
    ],
    5: [
        _link("Long-term forecasting utilization and usage", "capacity-forecast"),
        Asked(
            "70% of requests covered by at least one SLI",
            _covered,
            "Give every endpoint a weight above 0.",
        ),
        _ROUTING,
    ],
}
"""The criteria of each level."""
