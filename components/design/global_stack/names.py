"""What belongs to a global stack is called so, in a namespace of its own."""

from catalog.checks.reserved_names import WATCHING_ALL

NAMESPACE = WATCHING_ALL

API = "operator.victoriametrics.com/v1beta1"

CLUSTER = "series"
DOOR = "front-door"
RULES = "freshness"
TOLD = "alerts"
EVALUATED = "rules"

DOOR_PORT, INTERNAL_PORT = 8427, 8426
CERTIFICATE, TENANTS, LOGIN, RECEIVERS = "front-door", "tenants", "login", "receivers"
"""The Secrets that it reads; nobody but the platform knows what is in them."""

OWN_ACCOUNT = 0
"""The account of what the stack records itself."""


def service_of(part: str, name: str, port: int) -> str:
    """Where the operator's part of an object answers: `vmselect` of the cluster `series`."""
    return f"http://{part}-{name}.{NAMESPACE}.svc:{port}"
