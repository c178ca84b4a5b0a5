"""One workload of a service on Kubernetes."""

import json
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp.compute import NetworkEndpointGroup
from pulumi_kubernetes.core.v1 import Service, ServiceAccount, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components.design.egress import caller_label
from components.design.foundation.network import LOAD_BALANCERS
from components.design.model import Account, Secret, WorkloadDesign
from components.design.rehearsal import rehearsal, rehearsal_name
from components.design.scraping import Scraper, annotations
from components.edge.endpoint import Backend
from components.paved import Paved
from components.workloads.analyses import Analyses
from components.workloads.annotations import changed_for_good
from components.workloads.one_run import OneRun
from components.workloads.pods import running_pods, serving_pods
from components.workloads.replicas import Replicas
from components.workloads.schedule import Schedule
from components.workloads.synced_secrets import SyncedSecrets

NEG_STATUS = "jsonpath={.metadata.annotations['cloud.google.com/neg-status']}"
"""Set by GKE when it has taken a service's groups on, before it fills them:
https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg. The path is one of RFC 9535."""

FILLED_BY_GKE = "Made by pave, filled by GKE with the copies of a workload."
"""GKE fills a group of its name unless that says, in JSON, that it is another's, or says nothing at all:
`ensureNetworkEndpointGroup` of
https://github.com/kubernetes/ingress-gce/blob/master/pkg/neg/syncers/utils.go."""


class Workload(Paved, area="service"):
    """Replicas that answer or work, a schedule, or the job called `job`. It acts as `account` and as nobody
    else.

    `scraper` asks for its metrics, and `verdict` is the query by which its new versions are judged, where
    its design has an analysis. `variables` are added to those of the design. Everything is called like
    the workload, in `namespace`. `backend` is where a load balancer finds it, in each of the cluster's
    `zones`: groups of the cluster's own `network` and `subnet`, or GKE would make them anew. They are made
    here, since GKE says that it will make some before it does."""

    backend: Backend

    def __init__(
        self,
        design: WorkloadDesign,
        *,
        job: str | None,
        namespace: str,
        project: str,
        zones: Sequence[str],
        network: pulumi.Input[str],
        subnet: pulumi.Input[str],
        account: Account,
        secrets: Sequence[Secret],
        variables: Mapping[str, pulumi.Input[str]],
        scraper: Scraper,
        verdict: str | None,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self._design = design
        self._job = job
        self._scraper = scraper
        self._namespace = namespace
        self._selector = {"app.kubernetes.io/name": design.name}
        self._labels = {**labels, **self._selector}
        needed: list[pulumi.Resource] = [
            ServiceAccount(
                design.resource,
                metadata=self._metadata({"iam.gke.io/gcp-service-account": account.email}),
                automount_service_account_token=False,
                opts=self.child(),
            )
        ]
        if secrets:
            synced = SyncedSecrets(
                design,
                namespace=namespace,
                project=project,
                secrets=secrets,
                labels=self._labels,
                opts=self.child(depends_on=list(needed)),
            )
            needed.append(synced)
        if design.rollout is not None and design.rollout.analysis is not None and verdict is not None:
            # A rollout whose analyses aren't there is refused.
            analyses = Analyses(
                design,
                design.rollout,
                design.rollout.analysis,
                query=verdict,
                namespace=namespace,
                labels=self._labels,
                opts=self.child(),
            )
            needed.append(analyses)
        groups = [self._group(zone, network, subnet) for zone in zones if design.group is not None]
        self.backend = Backend(
            groups=[group.self_link for group in groups],
            ready=self._run(variables, groups, self.child(depends_on=needed)),
        )
        self.register_outputs({"name": design.name})

    def _run(
        self,
        variables: Mapping[str, pulumi.Input[str]],
        groups: Sequence[NetworkEndpointGroup],
        options: pulumi.ResourceOptions,
    ) -> list[pulumi.Resource]:
        """Starts it, and gives back what has to exist before a load balancer can send it requests."""
        design, namespace, labels = self._design, self._namespace, self._labels
        if self._job is not None:
            pods = running_pods(design, variables, labels)
            OneRun(design, name=self._job, namespace=namespace, pods=pods, labels=labels, opts=options)
            return []
        if design.kind == "cron":
            self._schedule(variables, options)
            return []
        replicas = Replicas(
            design,
            namespace=namespace,
            pods=serving_pods(
                design,
                variables,
                labels,
                self._selector,
                {**annotations(design.scrape, self._scraper), **changed_for_good(design.rollout)},
            ),
            selector=self._selector,
            labels=labels,
            opts=options,
        )
        self._let_in()
        if design.port is None:  # nobody but who collects metrics has anything to ask
            return []
        return [replicas.running, self._expose(groups, design.port)] if design.kind == "web" else []

    def _schedule(self, variables: Mapping[str, pulumi.Input[str]], options: pulumi.ResourceOptions) -> None:
        """Runs it at its times, once a rehearsal of the image has succeeded, if there is to be one."""
        design, namespace, labels = self._design, self._namespace, self._labels
        tried = rehearsal(design)
        if tried is not None:
            pods = running_pods(tried, variables, labels)
            name = rehearsal_name(tried)
            run = OneRun(tried, name=name, namespace=namespace, pods=pods, labels=labels, opts=options)
            options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[run]))
        pods = running_pods(design, variables, labels)
        Schedule(design, namespace=namespace, pods=pods, labels=labels, opts=options)

    def _let_in(self) -> None:
        """Whoever collects metrics may ask at their port, and of a web server load balancers and services
        that depend on it at its own. The node's probes always may."""
        design = self._design
        callers = self._callers()
        opened = [] if design.port is None or not callers else [self._opened(design.port, callers)]
        if design.scrape is not None:
            opened.append(self._opened(design.scrape.port, [_scraping(self._scraper)]))
        if not opened:
            return
        NetworkPolicy(
            design.resource,
            metadata=self._metadata(),
            spec=NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels=self._selector),
                policy_types=["Ingress"],
                ingress=opened,
            ),
            opts=self.child(),
        )

    def _callers(self) -> list[NetworkPolicyPeerArgs]:
        """Who may ask at the workload's own port."""
        design = self._design
        callers = [_in_namespaces({caller_label(self._namespace): "true"})] if design.kind == "web" else []
        if design.group is not None:
            callers += [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in LOAD_BALANCERS]
        return callers

    def _opened(self, port: int, callers: Sequence[NetworkPolicyPeerArgs]) -> NetworkPolicyIngressRuleArgs:
        return NetworkPolicyIngressRuleArgs(
            from_=list(callers), ports=[NetworkPolicyPortArgs(protocol="TCP", port=port)]
        )

    def _group(
        self, zone: str, network: pulumi.Input[str], subnet: pulumi.Input[str]
    ) -> NetworkEndpointGroup:
        design = self._design
        return NetworkEndpointGroup(
            f"{design.resource}-{zone}",
            name=design.group,
            zone=zone,
            network=network,
            subnetwork=subnet,
            network_endpoint_type="GCE_VM_IP_PORT",
            description=FILLED_BY_GKE,
            opts=self.child(),
        )

    def _expose(self, groups: Sequence[NetworkEndpointGroup], port: int) -> Service:
        """One name for all copies in the cluster. Has GKE keep them in the groups of their zones, where load
        balancers ask for those."""
        design = self._design
        ports = {"exposed_ports": {str(port): {"name": design.group}}}
        annotations = {"cloud.google.com/neg": json.dumps(ports), "pulumi.com/waitFor": NEG_STATUS}
        return Service(
            design.resource,
            metadata=self._metadata(annotations if groups else None),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=self._selector,
                ports=[ServicePortArgs(name=design.protocol, port=port, target_port=design.protocol)],
            ),
            opts=self.child(depends_on=list(groups)),
        )

    def _metadata(self, annotations: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        return ObjectMetaArgs(
            name=self._design.name,
            namespace=self._namespace,
            labels=self._labels,
            annotations=annotations,
        )


def _in_namespaces(labels: Mapping[str, str]) -> NetworkPolicyPeerArgs:
    return NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs(match_labels=labels))


def _scraping(scraper: Scraper) -> NetworkPolicyPeerArgs:
    peer = _in_namespaces({"kubernetes.io/metadata.name": scraper.namespace})
    peer.pod_selector = LabelSelectorArgs(match_labels=scraper.pods)
    return peer
