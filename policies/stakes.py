"""What is at stake in a service, by what it is exposed to and holds, and not by what it calls itself. Pure.

A service whose owner doesn't say which data it holds may hold any: it counts as holding people's, unless
nobody outside reaches it and it stores nothing.
"""

from collections.abc import Mapping

from catalog.kinds.service_spec import ServiceSpec
from policies.rule import Stake

SENSITIVE = ("red", "orange")
"""Customers' own data, and that of people or of payments
(https://handbook.gitlab.com/handbook/security/policies_and_standards/data-classification-standard/)."""

WORDS: Mapping[Stake, str] = {
    "public": "everybody may call it",
    "data": "it holds data of people or customers, or doesn't say which",
    "sign-in": "it has an endpoint that attackers try",
    "payment": "people pay there",
}
"""A stake → the same as a clause."""

STAKES: Mapping[str, Stake] = {"payment": "payment"}
"""The kind of a sensitive endpoint → what is at stake there, if it isn't that somebody gets in."""


def stakes(spec: ServiceSpec, purpose: str) -> frozenset[Stake]:
    """What is at stake in a service in an environment of that purpose; nothing outside production."""
    if purpose != "production":
        return frozenset()
    found: set[Stake] = {
        STAKES.get(endpoint.sensitive, "sign-in")
        for endpoint in spec.endpoints
        if endpoint.sensitive != "none"
    }
    is_public = _is_public(spec)
    if is_public:
        found.add("public")
    is_untold = spec.data_class is None and (is_public or bool(spec.stores))
    if is_untold or spec.data_class in SENSITIVE:
        found.add("data")
    return frozenset(found)


def because(floor: tuple[Stake, ...]) -> str:
    """Why a rule binds, in a clause; empty if nothing is at stake."""
    return " and ".join(WORDS[stake] for stake in floor)


def _is_public(spec: ServiceSpec) -> bool:
    has_open_machine = any(
        workload.vm is not None and workload.vm.public_address for workload in spec.workloads
    )
    return has_open_machine or (bool(spec.endpoints) and spec.edge.exposure == "public")
