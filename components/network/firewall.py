"""Which traffic may enter the network."""

import pulumi
from pulumi_gcp import compute

from components.design.foundation.model import FirewallDesign, FirewallRule
from components.paved import Paved


class Firewall(Paved, area="foundation"):
    """The rules of the network for incoming traffic. `node_account` is the email that nodes run as."""

    def __init__(
        self,
        design: FirewallDesign,
        *,
        network_id: pulumi.Input[str],
        node_account: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        for rule in design.rules:
            compute.Firewall(
                rule.resource,
                name=rule.resource,
                network=network_id,
                direction="INGRESS",
                priority=rule.priority,
                source_ranges=rule.sources,
                allows=_allowed(rule),
                denies=[compute.FirewallDenyArgs(protocol="all")] if rule.action == "deny" else None,
                target_service_accounts=[node_account] if rule.targets == "nodes" else None,
                log_config=compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA")
                if rule.action == "deny"
                else None,
                description=rule.description,
                opts=self.child(),
            )
        self.register_outputs({})


def _allowed(rule: FirewallRule) -> list[compute.FirewallAllowArgs] | None:
    if rule.action == "deny":
        return None
    return [compute.FirewallAllowArgs(protocol="tcp", ports=rule.ports)]
