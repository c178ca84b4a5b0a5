"""The firewall policy of backends that have none of their own."""

from collections.abc import Iterator, Mapping

import pulumi
from pulumi_gcp import compute

from components.design.edge.request_rules import LAST
from components.design.foundation.model import WafBaselineDesign
from components.paved import Paved


class WafBaseline(Paved, area="foundation"):
    """A Cloud Armor policy with adaptive protection."""

    policy: compute.SecurityPolicy

    def __init__(
        self,
        design: WafBaselineDesign,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.policy = compute.SecurityPolicy(
            design.resource,
            name=design.resource,
            type="CLOUD_ARMOR",
            description="For backends without a policy of their own",
            rules=list(_rules(design)),
            adaptive_protection_config=compute.SecurityPolicyAdaptiveProtectionConfigArgs(
                layer7_ddos_defense_config=(
                    compute.SecurityPolicyAdaptiveProtectionConfigLayer7DdosDefenseConfigArgs(
                        enable=True, rule_visibility="STANDARD"
                    )
                )
            ),
            labels=labels,
            opts=self.child(),
        )
        self.register_outputs({"policy": self.policy.self_link})


def _rules(design: WafBaselineDesign) -> Iterator[compute.SecurityPolicyRuleArgs]:
    for rule in design.rules:
        yield compute.SecurityPolicyRuleArgs(
            priority=rule.priority,
            action=rule.action,
            match=compute.SecurityPolicyRuleMatchArgs(
                expr=compute.SecurityPolicyRuleMatchExprArgs(expression=rule.expression)
            ),
            preview=rule.preview,
            description=rule.description,
        )
    for proxies in design.proxies:
        yield _by_address(proxies.priority, "allow", proxies.sources, "Trusted proxies")
    yield _by_address(LAST, design.default_action, ["*"], "Everybody else")


def _by_address(
    priority: int, action: str, sources: list[str], description: str
) -> compute.SecurityPolicyRuleArgs:
    return compute.SecurityPolicyRuleArgs(
        priority=priority,
        action=action,
        match=compute.SecurityPolicyRuleMatchArgs(
            versioned_expr="SRC_IPS_V1",
            config=compute.SecurityPolicyRuleMatchConfigArgs(src_ip_ranges=sources),
        ),
        description=description,
    )
