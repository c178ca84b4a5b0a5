"""How kube-state-metrics is started, which tells Prometheus what Kubernetes does of schedules and rollouts:
https://github.com/kubernetes/kube-state-metrics/blob/main/docs/developer/cli-arguments.md."""

from typing import Any

from components.design.unit.names import NAMESPACE, STATE

PORT = 8080

READS = {"apps": ["deployments"], "batch": ["cronjobs"]}
"""By their API group: what it is told about, and nothing else in the cluster."""

TOLD = ("kube_cronjob_.+", "kube_deployment_status_observed_generation")
"""The series that rules and dashboards read."""


def arguments() -> list[str]:
    """No object but those is watched, and no other series is told."""
    resources = sorted(resource for group in READS.values() for resource in group)
    return [
        f"--port={PORT}",
        "--telemetry-port=8081",
        f"--resources={','.join(resources)}",
        f"--metric-allowlist={','.join(TOLD)}",
    ]


def scrape() -> Any:
    """How Prometheus asks each copy. What it tells is about others, so its labels are theirs and not its own;
    nobody but the unit can be called so in this namespace."""
    return {
        "job_name": "state",
        "honor_labels": True,
        "kubernetes_sd_configs": [
            {
                "role": "pod",
                "namespaces": {"names": [NAMESPACE]},
                "selectors": [{"role": "pod", "label": f"app.kubernetes.io/name={STATE}"}],
            }
        ],
        "relabel_configs": [
            {
                "source_labels": ["__meta_kubernetes_pod_ip"],
                "target_label": "__address__",
                "replacement": f"$1:{PORT}",
            },
        ],
    }
