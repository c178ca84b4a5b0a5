"""How alerts that only Google's managed evaluator can judge come to the unit's Alertmanagers.

What its load balancers and databases count stands in Cloud Monitoring and nowhere else, and the evaluator of
its Managed Service for Prometheus reads it there, from within the cluster. Its operator takes further
Alertmanagers in an object that each cluster has:
https://cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed#self-deployed_alertmanager."""

from catalog.document import Origin
from components.design.unit.model import Evaluator
from components.design.unit.names import ALERTMANAGER, NAMESPACE

API = "monitoring.googleapis.com/v1"
CONFIGURED = ("gmp-public", "config")
"""The only OperatorConfig that the operator takes, by namespace and name."""


def evaluator(origin: Origin, port: int) -> Evaluator:
    """Google's, which finds the Alertmanagers by their endpoints, so that each of them is told."""
    told = {"namespace": NAMESPACE, "name": ALERTMANAGER, "port": port}
    return Evaluator(
        name="google",
        origin=origin,
        namespace="gmp-system",
        pods={"app.kubernetes.io/name": "rule-evaluator"},
        api=API,
        kind="OperatorConfig",
        configured=CONFIGURED,
        fields={"rules": {"alerting": {"alertmanagers": [told]}}},
    )
