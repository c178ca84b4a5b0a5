"""What all observability units write to, and where people look at all of them."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Namespace, ServiceAccount
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicySpecArgs,
)

from components.design.global_stack.model import GlobalDesign
from components.design.global_stack.names import API
from components.paved import Paved
from components.unit.closed_namespace import NOBODY, among_themselves, from_ranges
from components.unit.process import UnitProcess


class GlobalStack(Paved, area="global"):
    """VictoriaMetrics' cluster as objects of its operator, with who is let in, and Grafana; in a namespace in
    which only the front door is open, to its sources. Needs the provider `kubernetes` in `opts`, and the
    operator in its cluster."""

    def __init__(self, design: GlobalDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"global-{design.name}", design.origin, opts)
        name, labels = design.namespace, design.labels
        restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
        namespace = Namespace(
            name, metadata=ObjectMetaArgs(name=name, labels={**labels, **restricted}), opts=self.child()
        )
        inside = self.child(depends_on=[namespace])
        account = ObjectMetaArgs(name=NOBODY, namespace=name, labels=labels)
        nobody = ServiceAccount(f"{name}-{NOBODY}", metadata=account, opts=inside)
        for policy, spec in _policies(design).items():
            metadata = ObjectMetaArgs(name=policy, namespace=name, labels=labels)
            NetworkPolicy(f"{name}-{policy}", metadata=metadata, spec=spec, opts=inside)
        for each in design.objects:
            options = {"depends_on": [namespace]}
            CustomResource(
                f"global-{each.kind.lower()}-{each.name}",
                api_version=API,
                kind=each.kind,
                metadata=ObjectMetaArgs(name=each.name, namespace=name, labels=labels),
                spec=each.spec,
                opts=self.stateful(protected=design.protected, **options)
                if each.holds_data
                else self.child(**options),
            )
        UnitProcess(
            design.dashboards,
            unit=f"global-{design.name}",
            namespace=name,
            account=NOBODY,
            labels=labels,
            protected=design.protected,
            opts=self.child(depends_on=[nobody]),
        )
        self.register_outputs({})


def _policies(design: GlobalDesign) -> Mapping[str, NetworkPolicySpecArgs]:
    found = {"within": among_themselves()}
    if design.sources:
        found["sources"] = NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(match_labels=design.door),
            policy_types=["Ingress"],
            ingress=[from_ranges(design.sources, design.door_port)],
        )
    return found
