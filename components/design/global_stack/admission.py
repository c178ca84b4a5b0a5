"""Who is let into the global stack, and to what: units to write into their own account, people to read what
their team may see. Who is none of these is nobody.

https://docs.victoriametrics.com/operator/resources/vmuser/"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.document import Json
from catalog.kinds.observability_global import GlobalReader, ObservabilityGlobal, Tenant
from catalog.kinds.service import Service
from components.design.global_stack.model import CustomObject
from components.design.global_stack.names import CLUSTER, NAMESPACE, OWN_ACCOUNT, TENANTS
from components.design.unit.names import OWN_SERVICE

WRITTEN = ("/api/v1/write", "/api/v1/import")
READ = "/api/v1/(query|query_range|series|labels|label/[^/]+/values)"
"""Queries, and what a person is offered while writing one. No deletion, no administration, no export."""

OWN = "stack"
"""Below this path is what the global stack says of itself and of how fresh units are."""


def users(hub: ObservabilityGlobal, watched: Mapping[str, Sequence[Service]]) -> list[CustomObject]:
    """A user for each unit, and one for each team that reads. `watched` are the services of each
    unit's environment."""
    units = [_unit(hub, index, each) for index, each in enumerate(hub.spec.tenants)]
    teams = [_team(hub, index, each, watched) for index, each in enumerate(hub.spec.readers)]
    return [*units, *teams]


def _unit(hub: ObservabilityGlobal, index: int, tenant: Tenant) -> CustomObject:
    """By the token that only the unit and this stack know, into its account and no other."""
    written = {
        "crd": _cluster("vminsert"),
        "paths": [*WRITTEN],
        "target_path_suffix": f"/insert/{tenant.account}/prometheus",
    }
    return CustomObject(
        name=f"unit-{tenant.unit}",
        origin=hub.origin("spec", "tenants", index),
        kind="VMUser",
        spec={
            "tokenRef": {"name": TENANTS, "key": tenant.unit},
            "disable_secret_creation": True,
            "targetRefs": [written],
        },
    )


def _team(
    hub: ObservabilityGlobal, index: int, reader: GlobalReader, watched: Mapping[str, Sequence[Service]]
) -> CustomObject:
    """By a token that who runs the login has signed, and that says that a person is of the team."""
    login = hub.spec.login
    return CustomObject(
        name=f"team-{reader.team}",
        origin=hub.origin("spec", "readers", index),
        kind="VMUser",
        spec={
            "jwt": {
                "oidc": {"issuer": login.issuer},
                "matchClaims": {login.claim: f"^{reader.team}$"},  # it is a pattern
                "defaultVMAccessClaim": {},
            },
            "disable_secret_creation": True,
            "targetRefs": [*_readable(hub, reader, watched)],
        },
    )


def _readable(
    hub: ObservabilityGlobal, reader: GlobalReader, watched: Mapping[str, Sequence[Service]]
) -> Iterator[Json]:
    for tenant in hub.spec.tenants:
        seen = [each.name for each in watched.get(tenant.unit, ()) if _is_seen(each, reader)]
        if reader.services == "all":
            seen.append(OWN_SERVICE)
        if seen:
            yield _read(f"unit/{tenant.unit}", tenant.account, sorted(set(seen)))
    yield _read(OWN, OWN_ACCOUNT, [OWN_SERVICE])


def _is_seen(service: Service, reader: GlobalReader) -> bool:
    """What is of no known class is nobody's to see."""
    is_own = reader.services == "all" or service.metadata.owner == reader.team
    return is_own and service.spec.data_class in reader.data_classes


def _read(below: str, account: int, services: Sequence[str]) -> Json:
    """One filter under both names that it has: what a person adds under one of them would else widen it."""
    only = [f'{{service=~"{"|".join(services)}"}}']
    return {
        "crd": _cluster("vmselect"),
        "paths": [f"/{below}{READ}"],
        "drop_src_path_prefix_parts": below.count("/") + 1,
        "target_path_suffix": f"/select/{account}/prometheus",
        "query_args": [{"name": name, "values": only} for name in ("extra_filters[]", "extra_filters")],
    }


def _cluster(part: str) -> dict[str, Any]:
    return {"kind": f"VMCluster/{part}", "name": CLUSTER, "namespace": NAMESPACE}
