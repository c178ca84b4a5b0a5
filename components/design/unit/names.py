"""What the processes of a unit are called, in a namespace of their own."""

from catalog.checks.reserved_names import WATCHING

NAMESPACE = WATCHING

PROMETHEUS = "prometheus"
ALERTMANAGER = "alertmanager"
PROBES = "blackbox"
GATEWAY = "gateway"
DASHBOARDS = "dashboards"
STATE = "kube-state-metrics"
CATCH_UP = "catch-up"

PAGES = "/var/lib/dashboards"
"""Where the dashboards that services bring are laid down."""

SCRATCH = "/tmp"  # noqa: S108  # an emptyDir of each pod's own


OWN_SERVICE = "observability"
"""The `service` that a unit's own series and alerts are about."""


def address(process: str) -> str:
    """The name of a process inside of its cluster."""
    return f"{process}.{NAMESPACE}.svc"
