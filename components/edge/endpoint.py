"""One user journey behind the load balancer: its backend, and the firewall in front."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import compute, iap

from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    SecurityPolicyDesign,
)
from components.edge.security_policy import security_policy
from components.paved import Paved

ENTRANT = "roles/iap.httpsResourceAccessor"
"""Who has it gets through the identity-aware proxy (https://cloud.google.com/iap/docs/managing-access)."""


@dataclass(frozen=True)
class Backend:
    """What answers for a workload: the groups of its copies, one for each zone.

    `port_name` is the port's name in groups of machines; None says that they are groups of pods. `ready` is
    what has to exist before the groups do."""

    groups: Sequence[pulumi.Input[str]]
    port_name: str | None = None
    ready: Sequence[pulumi.Resource] = ()


class Endpoint(Paved, area="service"):
    """A backend of its own, so that one journey's timeouts, limits, figures and failures are not another's.

    Endpoints with the same firewall rules stand behind one policy, which the first of them makes.
    Employees are asked who they are before they get through, and members of the design's groups do."""

    service: compute.BackendService
    policy: pulumi.Input[str]

    def __init__(
        self,
        design: EndpointDesign,
        *,
        edge: EdgeDesign,
        policy: SecurityPolicyDesign | pulumi.Input[str],
        backend: Backend,
        health_check: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`policy` is the one to make, or the address of one that another endpoint made."""
        super().__init__(design.resource, design.origin, opts)
        if isinstance(policy, SecurityPolicyDesign):
            header = edge.client_address_header
            policy = security_policy(policy, header, labels, self.child()).self_link
        self.policy = policy
        self.service = compute.BackendService(
            design.resource,
            name=design.resource,
            description=design.title,
            load_balancing_scheme="EXTERNAL_MANAGED",
            protocol=design.protocol,
            port_name=backend.port_name,
            backends=[_backend(group, design, backend) for group in backend.groups],
            health_checks=health_check,
            timeout_sec=design.timeout_seconds,
            connection_draining_timeout_sec=design.draining_seconds,
            security_policy=policy,
            iap=compute.BackendServiceIapArgs(enabled=True) if edge.exposure == "employees" else None,
            custom_response_headers=[f"Strict-Transport-Security: max-age={edge.hsts_seconds}"],
            log_config=compute.BackendServiceLogConfigArgs(enable=True, sample_rate=design.log_share),
            opts=self.child(depends_on=list(backend.ready)),
        )
        for group in edge.groups:
            iap.WebBackendServiceIamMember(
                f"{design.resource}-{group}",
                web_backend_service=self.service.name,
                role=ENTRANT,
                member=f"group:{group}",
                opts=self.child(),
            )
        self.register_outputs({"service": self.service.self_link})


def _backend(
    group: pulumi.Input[str], design: EndpointDesign, backend: Backend
) -> compute.BackendServiceBackendArgs:
    is_machines = backend.port_name is not None
    return compute.BackendServiceBackendArgs(
        group=group,
        balancing_mode="RATE",
        max_rate_per_instance=design.rate_per_replica if is_machines else None,
        max_rate_per_endpoint=None if is_machines else design.rate_per_replica,
        capacity_scaler=1,
    )
