"""What the processes of a unit are called, in a namespace of their own."""

from catalog.checks.reserved_names import WATCHING

NAMESPACE = WATCHING

PROMETHEUS = "prometheus"
ALERTMANAGER = "alertmanager"
PROBES = "blackbox"
GATEWAY = "gateway"
DASHBOARDS = "dashboards"
STATE = "kube-state-metrics"

PAGES = "/var/lib/dashboards"
"""Where the dashboards that services bring are laid down."""

SCRATCH = "/tmp"  # noqa: S108  # an emptyDir of each pod's own


def address(process: str) -> str:
    """The name of a process inside of its cluster."""
    return f"{process}.{NAMESPACE}.svc"
