"""What a container is told and held to: in words, with the figures that decide it."""

from catalog.checks.variables import ADDRESS_FACTS, SERVICE_FACTS
from catalog.defaults import filled
from catalog.filling import Templates
from catalog.kinds.service_defaults import PORT, SHUTDOWN_MARGIN_SECONDS, TIMEOUT_SECONDS
from catalog.stores.registry import store_kinds
from catalog.stores.store import variable
from components.design.workloads import PROGRAMMING_SECONDS

TEMPLATES = Templates(__file__)


def contract() -> str:
    """The text, the same for every service."""
    usual = filled("Service", "#/$defs/workload", {"name": "web"})
    return TEMPLATES.fill(
        "contract.txt",
        stores=[
            (name, ", ".join(variable("db", fact) for fact in kind.FACTS))
            for name, kind in store_kinds().items()
            if kind.FACTS
        ],
        service_facts=", ".join(variable("prices", fact) for fact in SERVICE_FACTS),
        address_facts=", ".join(variable("kafka", fact) for fact in ADDRESS_FACTS),
        port=PORT,
        startup=usual["startupSeconds"],
        shutdown=TIMEOUT_SECONDS + SHUTDOWN_MARGIN_SECONDS,
        draining=PROGRAMMING_SECONDS,
    )
