"""One user journey behind the load balancer: its backend, and the firewall in front."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import compute, iap

from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    RequestRule,
    SecurityPolicyDesign,
)
from components.paved import Paved

ENTRANT = "roles/iap.httpsResourceAccessor"
"""Who has it gets through the identity-aware proxy (https://cloud.google.com/iap/docs/managing-access)."""

LONGEST_DESCRIPTION = 2048
"""Characters (https://cloud.google.com/compute/docs/reference/rest/v1/securityPolicies)."""


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
            policy = self._make(policy, edge, labels)
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

    def _make(
        self, policy: SecurityPolicyDesign, edge: EdgeDesign, labels: Mapping[str, str]
    ) -> pulumi.Output[str]:
        return compute.SecurityPolicy(
            policy.resource,
            name=policy.resource,
            type="CLOUD_ARMOR",
            description=f"In front of {', '.join(policy.endpoints)}"[:LONGEST_DESCRIPTION],
            rules=[_rule(rule) for rule in policy.rules],
            adaptive_protection_config=compute.SecurityPolicyAdaptiveProtectionConfigArgs(
                layer7_ddos_defense_config=(
                    compute.SecurityPolicyAdaptiveProtectionConfigLayer7DdosDefenseConfigArgs(
                        enable=True, rule_visibility="STANDARD"
                    )
                )
            ),
            advanced_options_config=_options(edge),
            labels=labels,
            opts=self.child(),
        ).self_link


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


def _options(edge: EdgeDesign) -> compute.SecurityPolicyAdvancedOptionsConfigArgs:
    header = edge.client_address_header
    return compute.SecurityPolicyAdvancedOptionsConfigArgs(
        json_parsing="STANDARD",
        user_ip_request_headers=[header] if header is not None else None,
    )


def _rule(rule: RequestRule) -> compute.SecurityPolicyRuleArgs:
    return compute.SecurityPolicyRuleArgs(
        priority=rule.priority,
        action=rule.action,
        description=rule.description,
        match=_match(rule),
        preview=rule.preview,
        rate_limit_options=_limit(rule),
    )


def _match(rule: RequestRule) -> compute.SecurityPolicyRuleMatchArgs:
    if rule.expression is not None:
        expression = compute.SecurityPolicyRuleMatchExprArgs(expression=rule.expression)
        return compute.SecurityPolicyRuleMatchArgs(expr=expression)
    return compute.SecurityPolicyRuleMatchArgs(
        versioned_expr="SRC_IPS_V1",
        config=compute.SecurityPolicyRuleMatchConfigArgs(src_ip_ranges=rule.sources),
    )


def _limit(rule: RequestRule) -> compute.SecurityPolicyRuleRateLimitOptionsArgs | None:
    if rule.limit is None:
        return None
    key, *others = rule.key
    return compute.SecurityPolicyRuleRateLimitOptionsArgs(
        conform_action="allow",
        exceed_action="deny(429)",
        # One or the other: https://cloud.google.com/compute/docs/reference/rest/v1/securityPolicies
        enforce_on_key=None if others else key.kind,
        enforce_on_key_configs=[
            compute.SecurityPolicyRuleRateLimitOptionsEnforceOnKeyConfigArgs(
                enforce_on_key_type=part.kind, enforce_on_key_name=part.name
            )
            for part in rule.key
        ]
        if others
        else None,
        rate_limit_threshold=compute.SecurityPolicyRuleRateLimitOptionsRateLimitThresholdArgs(
            count=rule.limit.requests, interval_sec=rule.limit.per_seconds
        ),
        ban_duration_sec=rule.limit.ban_seconds if rule.limit.action == "ban" else None,
    )
