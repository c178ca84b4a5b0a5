"""What brings new versions of a cluster's workloads step by step."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions.v1 import CustomResourceDefinition
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    HTTPGetActionArgs,
    Namespace,
    PodSecurityContextArgs,
    PodSpecArgs,
    ProbeArgs,
    ServiceAccount,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
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

from components.cluster.copies import keep_running
from components.cluster.rollout_definitions import definitions
from components.design.foundation.model import RolloutsDesign
from components.design.scraping import ROLLOUT_CONTROLLER, UNIT
from components.design.unit import prometheus, rollouts
from components.paved import Paved
from components.unit.closed_namespace import among_themselves
from components.workloads.confinement import exactly, without_privileges

NAME = "argo-rollouts"

SCRATCH = "tmp"
"""The one folder, by its name below the root, that it may write to. Its publisher gives it another one for
plugins, of which there are none here."""

CPU, MEMORY_MB = 0.25, 256
"""Ours: its publisher states none."""

READ = ["get", "list", "watch"]
CHANGED = [*READ, "create", "update", "patch", "delete"]

MAY = (
    ("argoproj.io", ["rollouts", "rollouts/status", "rollouts/finalizers"], [*READ, "update", "patch"]),
    (
        "argoproj.io",
        ["analysisruns", "analysisruns/finalizers", "experiments", "experiments/finalizers"],
        CHANGED,
    ),
    ("argoproj.io", ["analysistemplates", "clusteranalysistemplates"], READ),
    ("apps", ["replicasets"], CHANGED),
    ("apps", ["deployments"], READ),
    ("coordination.k8s.io", ["leases"], ["create", "get", "update"]),
    ("", ["configmaps", "services", "secrets"], READ),
    ("", ["pods"], ["list", "update", "watch"]),
    ("", ["pods/eviction"], ["create"]),
    ("", ["events"], ["create", "update", "patch"]),
    ("batch", ["jobs"], READ),
    ("networking.k8s.io", ["ingresses"], READ),
)
"""Group, resources and verbs: of its publisher's role what shares by copies takes. It watches some that it
does nothing with, and doesn't start where it may not:
https://github.com/argoproj/argo-rollouts/blob/v1.9.0/manifests/role/argo-rollouts-clusterrole.yaml."""


class RolloutController(Paved, area="foundation"):
    """Argo Rollouts, as its publisher deploys it, but more than once, and with the least rights that do. The
    kinds that it adds are kept when it goes: with them all rollouts would go, and with those all copies."""

    def __init__(
        self,
        design: RolloutsDesign,
        *,
        labels: Mapping[str, str],
        protected: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self._design, self._labels = design, labels
        kinds = [
            CustomResourceDefinition(
                each["metadata"]["name"],
                metadata=ObjectMetaArgs(
                    name=each["metadata"]["name"],
                    labels=labels,
                    annotations=each["metadata"].get("annotations"),
                ),
                spec=each["spec"],
                opts=self.stateful(protected=protected),
            )
            for each in definitions()
        ]
        restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
        namespace = Namespace(
            NAME,
            metadata=ObjectMetaArgs(name=design.namespace, labels={**labels, **restricted}),
            opts=self.child(),
        )
        within = self.child(depends_on=[namespace])
        account = ServiceAccount(NAME, metadata=self._named(NAME), opts=within)
        # It asks for this by its name, and starts without one only in a cluster that it may not read.
        config = ConfigMap(f"{NAME}-config", metadata=self._named(f"{NAME}-config"), opts=within)
        self._close(within)
        self._run([namespace, account, config, *kinds, self._may()])
        self.register_outputs({})

    def _named(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._design.namespace, labels=self._labels)

    def _close(self, options: pulumi.ResourceOptions) -> None:
        """It talks with the API server, and with the Prometheus of the environment's unit, where there is
        one, to see how new versions do; that asks it for its metrics, and nobody else asks anything."""
        watching = NetworkPolicyPeerArgs(
            namespace_selector=LabelSelectorArgs(
                match_labels={"kubernetes.io/metadata.name": UNIT.namespace}
            ),
            pod_selector=LabelSelectorArgs(match_labels=UNIT.pods),
        )
        metrics, answers = (
            [NetworkPolicyPortArgs(protocol="TCP", port=port)] for port in (rollouts.PORT, prometheus.PORT)
        )
        asks = NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(match_labels=ROLLOUT_CONTROLLER),
            policy_types=["Ingress", "Egress"],
            ingress=[NetworkPolicyIngressRuleArgs(from_=[watching], ports=metrics)],
            egress=[NetworkPolicyEgressRuleArgs(to=[watching], ports=answers)],
        )
        for name, spec in (("within", among_themselves()), ("asks", asks)):
            NetworkPolicy(f"{NAME}-{name}", metadata=self._named(name), spec=spec, opts=options)

    def _may(self) -> pulumi.Resource:
        rules = [PolicyRuleArgs(api_groups=[group], resources=what, verbs=how) for group, what, how in MAY]
        metadata = ObjectMetaArgs(name=NAME, labels=self._labels)
        role = ClusterRole(NAME, metadata=metadata, rules=rules, opts=self.child())
        return ClusterRoleBinding(
            NAME,
            metadata=metadata,
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=NAME),
            subjects=[SubjectArgs(kind="ServiceAccount", name=NAME, namespace=self._design.namespace)],
            opts=self.child(depends_on=[role]),
        )

    def _run(self, after: list[pulumi.Resource]) -> None:
        design = self._design
        container = ContainerArgs(
            name=NAME,
            image=design.image,
            args=["--leader-elect=true"],
            ports=[
                ContainerPortArgs(name="metrics", container_port=rollouts.PORT),
                ContainerPortArgs(name="healthz", container_port=8080),
            ],
            liveness_probe=ProbeArgs(
                http_get=HTTPGetActionArgs(path="/healthz", port="healthz"),
                initial_delay_seconds=30,
                period_seconds=20,
                timeout_seconds=10,
            ),
            resources=exactly(CPU, MEMORY_MB),
            security_context=without_privileges(),
            volume_mounts=[VolumeMountArgs(name=SCRATCH, mount_path=f"/{SCRATCH}")],
        )
        pod = PodSpecArgs(
            service_account_name=NAME,
            containers=[container],
            security_context=PodSecurityContextArgs(run_as_non_root=True),
            volumes=[VolumeArgs(name=SCRATCH, empty_dir=EmptyDirVolumeSourceArgs(size_limit="100Mi"))],
        )
        keep_running(
            self,
            NAME,
            pod,
            design.copies,
            namespace=design.namespace,
            labels=self._labels,
            selector=ROLLOUT_CONTROLLER,
            after=after,
        )
