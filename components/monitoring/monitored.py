"""What watches a service, for its environment's unit and for Google's Managed Service for Prometheus."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ConfigMap
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.design.monitoring.collected import COLLECT, collected
from components.design.monitoring.managed import beside_unit
from components.design.monitoring.model import Monitoring
from components.paved import Paved


class Monitored(Paved, area="service"):
    """What the unit collects of a service, and what Google scrapes and evaluates of it, in its namespace
    where that is all that they read. Each alert is evaluated by one of the two."""

    def __init__(
        self,
        design: Monitoring,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        for one in collected(design):
            metadata = ObjectMetaArgs(
                name=one.name, namespace=design.namespace, labels={**labels, COLLECT: one.what}
            )
            ConfigMap(
                f"{design.name}-{one.name}", metadata=metadata, data={one.file: one.text}, opts=self.child()
            )
        for each in beside_unit(design):
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
