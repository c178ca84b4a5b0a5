"""What Google's Managed Service for Prometheus scrapes and evaluates of a service."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.design.monitoring.managed import objects
from components.design.monitoring.model import Monitoring
from components.paved import Paved


class Monitored(Paved, area="service"):
    """The scrapes of a service's pods and all its rules, in its namespace where that is all they read."""

    def __init__(
        self,
        design: Monitoring,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        for each in objects(design):
            place, kind = each["metadata"], each["kind"]
            CustomResource(
                f"{design.name}-{kind.lower()}-{place['name']}",
                api_version=each["apiVersion"],
                kind=kind,
                metadata=ObjectMetaArgs(name=place["name"], namespace=place.get("namespace"), labels=labels),
                spec=each["spec"],
                opts=self.child(),
            )
        self.register_outputs({"name": design.name})
