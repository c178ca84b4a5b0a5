"""How Prometheus asks what brings new versions step by step: what it tells is about others, by their
namespace and name, so its labels are theirs."""

from typing import Any

from catalog.checks.reserved_names import ROLLING_OUT
from components.design.scraping import ROLLOUT_CONTROLLER

PORT = 8090
"""https://argo-rollouts.readthedocs.io/en/stable/features/controller-metrics/"""


def scrape() -> Any:
    """Each copy, of which only the leader counts; none where an environment has no rollouts."""
    name, value = next(iter(ROLLOUT_CONTROLLER.items()))
    return {
        "job_name": "rollouts",
        "honor_labels": True,
        "kubernetes_sd_configs": [
            {
                "role": "pod",
                "namespaces": {"names": [ROLLING_OUT]},
                "selectors": [{"role": "pod", "label": f"{name}={value}"}],
            }
        ],
        "relabel_configs": [
            {
                "source_labels": ["__meta_kubernetes_pod_container_port_number"],
                "regex": str(PORT),
                "action": "keep",
            }
        ],
    }
