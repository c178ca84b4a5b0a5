"""The namespace of a service, closed to everything that isn't let through."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Namespace as KubernetesNamespace
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from catalog.document import Json, Origin
from components.design.calls import Egress, ServiceCall, WorkloadEgress
from components.design.egress import caller_label
from components.paved import Paved

PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]
"""RFC 1918 and RFC 3927: what isn't the internet."""

HTTPS = 443

NODE_LOCAL_DNS = "169.254.20.10/32"
"""https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache#network-policy"""

METADATA_SERVER = "169.254.169.254/32"
"""Where workload identity gives out tokens, on clusters with Dataplane V2:
https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity."""


class Namespace(Paved, area="service"):
    """A namespace whose pods run without privileges, and talk to nobody but to name servers, the metadata
    server, the service's stores, the services of `calls`, their addresses and, over HTTPS, their hosts: to
    the whole internet only while some of those are unnamed. Who may call a workload, the workload says:
    namespaces with the label of its service."""

    _closed: list[pulumi.Resource]
    _own: dict[str, list[pulumi.Resource]]

    def __init__(
        self,
        name: str,
        *,
        origin: Origin,
        calls: Egress,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, origin, opts)
        namespace = KubernetesNamespace(
            name,
            metadata=ObjectMetaArgs(
                name=name,
                labels={
                    **labels,
                    **{caller_label(call.namespace): "true" for call in calls.services},
                    "pod-security.kubernetes.io/enforce": "restricted",
                },
            ),
            opts=self.child(),
        )
        egress = [*_platform()]
        egress += [_to(each.within, each.ports) for each in calls.stores]
        egress += [_to_service(call) for call in calls.services]
        egress += [_to(range_, ports) for range_, ports in _ranges(calls).items()]
        if calls.unnamed:
            egress.append(_to("0.0.0.0/0", [HTTPS], but=PRIVATE_RANGES))
        everyone = LabelSelectorArgs()
        within = _Within(name, labels, self.child(depends_on=[namespace]))
        self._closed = [
            namespace,
            within.policy("default-deny", pod_selector=everyone, policy_types=["Ingress", "Egress"]),
            within.policy("outgoing", pod_selector=everyone, policy_types=["Egress"], egress=egress),
            *(within.named(host, _by_name(host, ports)) for host, ports in _hosts(calls).items()),
        ]
        self._own = {own.name: list(_ways(within, own)) for own in calls.own}
        self.register_outputs({"name": name})

    def ready_for(self, workload: str) -> list[pulumi.Resource]:
        """What has to be there before a workload starts: not the ways that only others have, or two hundred
        workloads would each name the policies of two hundred."""
        return [*self._closed, *self._own.get(workload, ())]


class _Within(NamedTuple):
    """Makes policies in the namespace `name`."""

    name: str
    labels: Mapping[str, str]
    options: pulumi.ResourceOptions

    def policy(self, name: str, **spec: Any) -> NetworkPolicy:
        """A policy over addresses."""
        return NetworkPolicy(
            f"{self.name}-{name}",
            metadata=self._called(name),
            spec=NetworkPolicySpecArgs(**spec),
            opts=self.options,
        )

    def named(self, name: str, spec: Json) -> CustomResource:
        """A policy over a host's name."""
        return CustomResource(
            f"{self.name}-{name}",
            api_version="networking.gke.io/v1alpha1",
            kind="FQDNNetworkPolicy",
            metadata=self._called(name.replace("*", "any")),
            spec=spec,
            opts=self.options,
        )

    def _called(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self.name, labels=self.labels)


def _ways(within: _Within, own: WorkloadEgress) -> Iterator[pulumi.Resource]:
    """Those that only one workload has."""
    if own.stores:
        yield within.policy(
            f"outgoing-{own.name}",
            pod_selector=LabelSelectorArgs(match_labels=_of(own.name)),
            policy_types=["Egress"],
            egress=[_to(each.within, each.ports) for each in own.stores],
        )
    for host in own.hosts:
        yield within.named(f"{host}-{own.name}", _by_name(host, [HTTPS], _of(own.name)))


def _platform() -> Iterator[NetworkPolicyEgressRuleArgs]:
    name_servers = LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": "kube-system"})
    yield NetworkPolicyEgressRuleArgs(
        to=[
            NetworkPolicyPeerArgs(namespace_selector=name_servers),
            NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=NODE_LOCAL_DNS)),
        ],
        ports=[NetworkPolicyPortArgs(protocol=protocol, port=53) for protocol in ("UDP", "TCP")],
    )
    yield _to(METADATA_SERVER, [80])


def _ranges(calls: Egress) -> dict[str, list[int]]:
    """The ports of each address that has no name."""
    ranges = sorted({call.range for call in calls.elsewhere if call.range is not None})
    return {each: sorted({call.port for call in calls.elsewhere if call.range == each}) for each in ranges}


def _hosts(calls: Egress) -> dict[str, list[int]]:
    """The ports of each host."""
    ports = {host: {HTTPS} for host in calls.hosts}
    for call in calls.elsewhere:
        if call.host is not None:
            ports.setdefault(call.host, set()).add(call.port)
    return {host: sorted(found) for host, found in sorted(ports.items())}


def _of(workload: str) -> dict[str, str]:
    """By what its pods are told apart."""
    return {"app.kubernetes.io/name": workload}


def _by_name(host: str, ports: list[int], of: Mapping[str, str] | None = None) -> Json:
    """TCP to the addresses that name servers give for a host, added to what else is allowed, for pods `of`
    some labels, or all. Each host has
    a policy of its own, since one may stand for 50 addresses at most:
    https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies."""
    match = {"pattern" if "*" in host else "name": host}
    opened = [{"protocol": "TCP", "port": port} for port in ports]
    selector = {"matchLabels": dict(of)} if of is not None else {}
    return {"podSelector": selector, "egress": [{"matches": [match], "ports": opened}]}


def _to_service(call: ServiceCall) -> NetworkPolicyEgressRuleArgs:
    namespace = LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": call.namespace})
    pods = LabelSelectorArgs(match_labels={"app.kubernetes.io/name": call.workload})
    return NetworkPolicyEgressRuleArgs(
        to=[NetworkPolicyPeerArgs(namespace_selector=namespace, pod_selector=pods)],
        ports=[NetworkPolicyPortArgs(protocol="TCP", port=call.port)],
    )


def _to(cidr: str, ports: list[int], but: list[str] | None = None) -> NetworkPolicyEgressRuleArgs:
    return NetworkPolicyEgressRuleArgs(
        to=[NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr, except_=but))],
        ports=[NetworkPolicyPortArgs(protocol="TCP", port=port) for port in ports],
    )
