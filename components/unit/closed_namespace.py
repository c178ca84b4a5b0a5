"""A unit's namespace, its accounts, and who may talk to whom."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.core.v1 import Namespace, ServiceAccount
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRuleArgs,
    RoleRefArgs,
    SubjectArgs,
)

from components.design.unit.model import Asker, Evaluator, UnitDesign
from components.design.unit.names import ALERTMANAGER, GATEWAY, PROMETHEUS
from components.design.unit.state import READS
from components.paved import Paved

READER = "reader"
"""The account that finds pods and collects ConfigMaps; all others run as one that may do nothing."""
NOBODY = "process"
STATE_READER = "state"
"""The account that is told what Kubernetes does."""

FOUND = {"": ["pods", "configmaps", "namespaces"]}


class ClosedNamespace(Paved, area="unit"):
    """A namespace in which only the gateway is open, to the readers' addresses, and the Alertmanagers are to
    who evaluates beside the unit, and Prometheus to who judges new versions; and which scrapes, resolves
    names and calls outside over HTTPS."""

    def __init__(self, design: UnitDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"{design.name}-namespace", design.origin, opts)
        name, labels = design.namespace, design.labels
        restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
        namespace = Namespace(
            name, metadata=ObjectMetaArgs(name=name, labels={**labels, **restricted}), opts=self.child()
        )
        inside = self.child(depends_on=[namespace])
        reading = {READER: FOUND} | ({} if design.state is None else {STATE_READER: READS})
        for account in (*reading, NOBODY):
            metadata = ObjectMetaArgs(name=account, namespace=name, labels=labels)
            ServiceAccount(f"{name}-{account}", metadata=metadata, opts=inside)
        for account, what in reading.items():
            self._let_it_read(account, what, name, labels)
        for policy, spec in self._policies(design).items():
            metadata = ObjectMetaArgs(name=policy, namespace=name, labels=labels)
            NetworkPolicy(f"{name}-{policy}", metadata=metadata, spec=spec, opts=inside)
        self.register_outputs({})

    def _let_it_read(
        self,
        account: str,
        what: Mapping[str, Sequence[str]],
        namespace: str,
        labels: Mapping[str, str],
    ) -> None:
        name = f"{namespace}-{account}"
        rules = [
            PolicyRuleArgs(api_groups=[group], resources=list(resources), verbs=["get", "list", "watch"])
            for group, resources in what.items()
        ]
        metadata = ObjectMetaArgs(name=name, labels=labels)
        role = ClusterRole(name, metadata=metadata, rules=rules, opts=self.child())
        ClusterRoleBinding(
            name,
            metadata=metadata,
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=name),
            subjects=[SubjectArgs(kind="ServiceAccount", name=account, namespace=namespace)],
            opts=self.child(depends_on=[role]),
        )

    def _policies(self, design: UnitDesign) -> Mapping[str, NetworkPolicySpecArgs]:
        everybody = LabelSelectorArgs()
        pods = NetworkPolicyPeerArgs(namespace_selector=everybody)
        found = {
            "within": among_themselves(),
            "scrapes": NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels={"app.kubernetes.io/name": "prometheus"}),
                policy_types=["Egress"],
                egress=[NetworkPolicyEgressRuleArgs(to=[pods])],
            ),
        }
        if design.readers:
            found["readers"] = NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels={"app.kubernetes.io/name": GATEWAY}),
                policy_types=["Ingress"],
                ingress=[from_ranges(design.readers, design.gateway.port)],
            )
        if design.evaluator is not None:
            found["told"] = NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels={"app.kubernetes.io/name": ALERTMANAGER}),
                policy_types=["Ingress"],
                ingress=[_by(design.evaluator, design.alertmanager.port)],
            )
        if design.judge is not None:
            found["judged"] = NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels={"app.kubernetes.io/name": PROMETHEUS}),
                policy_types=["Ingress"],
                ingress=[_by(design.judge, design.prometheus.port)],
            )
        return found


def _by(asker: Evaluator | Asker, port: int) -> NetworkPolicyIngressRuleArgs:
    peer = NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": asker.namespace}),
        pod_selector=LabelSelectorArgs(match_labels=asker.pods),
    )
    return NetworkPolicyIngressRuleArgs(
        from_=[peer], ports=[NetworkPolicyPortArgs(protocol="TCP", port=port)]
    )


def among_themselves() -> NetworkPolicySpecArgs:
    """All pods of a namespace talk with each other, resolve names and call outside over HTTPS."""
    everybody = LabelSelectorArgs()
    within = NetworkPolicyPeerArgs(pod_selector=everybody)
    names = [NetworkPolicyPortArgs(protocol=protocol, port=53) for protocol in ("UDP", "TCP")]
    https = [NetworkPolicyPortArgs(protocol="TCP", port=443)]
    anywhere = NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr="0.0.0.0/0"))
    return NetworkPolicySpecArgs(
        pod_selector=everybody,
        policy_types=["Ingress", "Egress"],
        ingress=[NetworkPolicyIngressRuleArgs(from_=[within])],
        egress=[
            NetworkPolicyEgressRuleArgs(to=[within]),
            NetworkPolicyEgressRuleArgs(ports=names),
            NetworkPolicyEgressRuleArgs(to=[anywhere], ports=https),
        ],
    )


def from_ranges(ranges: Sequence[str], port: int) -> NetworkPolicyIngressRuleArgs:
    """Who comes from these ranges may come in at a port."""
    peers = [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in ranges]
    return NetworkPolicyIngressRuleArgs(from_=peers, ports=[NetworkPolicyPortArgs(protocol="TCP", port=port)])
