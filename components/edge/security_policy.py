"""Firewall policies of the load balancer."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import compute

from catalog.document import Origin
from components.design.edge_model import RequestRule, SecurityPolicyDesign, SharedPolicyDesign
from components.paved import Paved

LONGEST_DESCRIPTION = 2048
"""Characters (https://cloud.google.com/compute/docs/reference/rest/v1/securityPolicies)."""


class SharedPolicies(Paved, area="foundation"):
    """The policies in front of all services of an environment that ask for nothing else."""

    def __init__(
        self,
        name: str,
        designs: Sequence[SharedPolicyDesign],
        origin: Origin,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(f"{name}-edge", origin, opts)
        for design in designs:
            security_policy(design, design.client_address_header, labels, self.child())
        self.register_outputs({})


def security_policy(
    design: SecurityPolicyDesign | SharedPolicyDesign,
    header: str | None,
    labels: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> compute.SecurityPolicy:
    """The policy of a design; `header` is where a proxy in front puts the client's address.

    Adaptive protection tells of attacks, and what it suggests is asked only where a rule of the design says
    so (https://cloud.google.com/armor/docs/adaptive-protection-auto-deploy)."""
    whose = "all that ask for nothing else"
    if isinstance(design, SecurityPolicyDesign):
        whose = ", ".join(design.endpoints)
    return compute.SecurityPolicy(
        design.resource,
        name=design.resource,
        type="CLOUD_ARMOR",
        description=f"In front of {whose}"[:LONGEST_DESCRIPTION],
        rules=[_rule(rule) for rule in design.rules],
        adaptive_protection_config=compute.SecurityPolicyAdaptiveProtectionConfigArgs(
            layer7_ddos_defense_config=compute.SecurityPolicyAdaptiveProtectionConfigLayer7DdosDefenseConfigArgs(
                enable=True, rule_visibility="STANDARD"
            )
        ),
        advanced_options_config=_options(header),
        labels=labels,
        opts=opts,
    )


def _options(header: str | None) -> compute.SecurityPolicyAdvancedOptionsConfigArgs:
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
