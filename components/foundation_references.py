"""What the program of a service is told of its foundation."""

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class FoundationReferences:
    """What a service stands on: `network` and `subnet` by id, the name of the range of managed stores, the
    name of the environment's DNS zone, and Pub/Sub's own account, as a member."""

    network: pulumi.Input[str]
    subnet: pulumi.Input[str]
    private_range: pulumi.Input[str]
    dns_zone: pulumi.Input[str]
    pubsub_agent: pulumi.Input[str]
