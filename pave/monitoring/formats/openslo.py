"""Promises as OpenSLO's documents: https://github.com/OpenSLO/OpenSLO#specification."""

from catalog.document import Json
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.model import Monitoring, Sli
from components.design.monitoring.promql import over

DIALECT = EXPORTED
WINDOW = "28d"
API = "openslo/v1"

SUBJECT, PROMISE, LIMIT = "subject", "promise", "limitMs"
"""Labels that say what is promised of what, and the annotation that says how many milliseconds a good event
takes at most: OpenSLO has no words for them, and they are read when it is imported."""

LONGEST_TITLE = 63
"""Characters of a `displayName`."""


def files(monitoring: Monitoring) -> dict[str, Json]:
    """An SLO for each promise, and the service."""
    found: dict[str, Json] = {
        f"{monitoring.name}.service.yaml": {
            "apiVersion": API,
            "kind": "Service",
            "metadata": {"name": monitoring.name},
            "spec": {"description": f"Owned by {monitoring.team}."},
        }
    }
    for watch in monitoring.watches:
        if watch.sli is not None:
            found[f"{watch.name}.slo.yaml"] = _slo(monitoring, watch.sli)
    return found


def _slo(monitoring: Monitoring, sli: Sli) -> Json:
    def source(query: str) -> Json:
        return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}

    return {
        "apiVersion": API,
        "kind": "SLO",
        "metadata": {
            "name": f"{monitoring.name}-{sli.name}",
            "displayName": sli.title[:LONGEST_TITLE],
            "labels": {SUBJECT: sli.subject, PROMISE: sli.kind},
            **({} if sli.limit_ms is None else {"annotations": {LIMIT: str(sli.limit_ms)}}),
        },
        "spec": {
            "service": monitoring.name,
            "description": f"{sli.objective:g} % {sli.good}",
            "budgetingMethod": "Occurrences",
            "timeWindow": [{"duration": WINDOW, "isRolling": True}],
            "objectives": [{"displayName": sli.kind, "target": round(sli.objective / 100, 8)}],
            "indicator": {
                "metadata": {"name": sli.name},
                "spec": {
                    "ratioMetric": {
                        "counter": False,
                        "bad": source(over(sli.bad, "5m")),
                        "total": source(over(sli.events, "5m")),
                    }
                },
            },
        },
    }
