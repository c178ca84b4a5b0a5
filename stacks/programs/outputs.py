"""The outputs of a foundation's stack, which services refer to: their names, for both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import pulumi

from components.design.foundation.model import FoundationDesign
from stacks.stack import PROJECT, foundation_stack


@dataclass(frozen=True)
class FoundationOutputs:
    """The outputs of `foundation.<environment>`. The field names are the output names.

    `cluster_dns_endpoint` is the control plane's name, without a scheme, `private_range` the name of the
    range for managed stores, `nat_addresses` are IP addresses, `cluster_ca_certificate` is PEM in base64,
    `dns_zone` is the zone's name in Cloud DNS, and
    `node_service_account` an email, and `pubsub_agent` the member that Pub/Sub acts as."""

    network_id: pulumi.Output[str]
    network_self_link: pulumi.Output[str]
    subnet_id: pulumi.Output[str]
    private_connection_id: pulumi.Output[str]
    private_range: pulumi.Output[str]
    nat_addresses: pulumi.Output[Sequence[str]]
    cluster_name: pulumi.Output[str]
    cluster_dns_endpoint: pulumi.Output[str]
    cluster_endpoint: pulumi.Output[str]
    cluster_ca_certificate: pulumi.Output[str]
    workload_pool: pulumi.Output[str]
    node_service_account: pulumi.Output[str]
    dns_zone: pulumi.Output[str]
    dns_name_servers: pulumi.Output[Sequence[str]]
    pubsub_agent: pulumi.Output[str]

    def export(self) -> None:
        """Exports each as an output of the running stack."""
        for field in fields(self):
            pulumi.export(field.name, getattr(self, field.name))

    @classmethod
    def of(cls, environment: str) -> Self:
        """The outputs of an environment's foundation, by reference from the running stack.

        An output that the foundation hasn't yet ends the program with what to do about it."""
        stack = str(foundation_stack(environment))
        reference = pulumi.StackReference(f"{pulumi.get_organization()}/{PROJECT}/{stack}")
        return cls(**{field.name: _output(reference, stack, field.name) for field in fields(cls)})


def outputs_by_design(design: FoundationDesign) -> dict[str, Any]:
    """The outputs that a recording of the foundation would have, from its design alone: names are known, all
    else is unknown (`{"$unknown": []}`) until the foundation exists."""
    names = {
        "cluster_name": design.cluster.resource,
        "dns_zone": design.dns_zone.resource,
        "private_range": design.private_access.resource,
        "workload_pool": design.cluster.workload_pool,
    }
    unknown: Any = {"$unknown": []}
    exported = sorted(field.name for field in fields(FoundationOutputs))
    return {name: names.get(name, unknown) for name in exported}


def _output(reference: pulumi.StackReference, stack: str, name: str) -> pulumi.Output[Any]:
    def pick(outputs: dict[str, Any]) -> Any:
        if name not in outputs:
            raise pulumi.RunError(
                f"The stack {stack} has no output `{name}`, which every service needs. "
                f"Run `pave up {stack}` first."
            )
        return outputs[name]

    # With unknowns, so that one output which isn't known yet doesn't hide the others.
    return reference.outputs.apply(pick, run_with_unknowns=True)
