"""What tells the autoscalers of a cluster how many messages wait in a queue."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import projects, serviceaccount
from pulumi_kubernetes.apiregistration.v1 import APIService, APIServiceSpecArgs, ServiceReferenceArgs
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    Namespace,
    PodSecurityContextArgs,
    PodSpecArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
    SysctlArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRuleArgs,
    RoleBinding,
    RoleRefArgs,
    SubjectArgs,
)

from components.cluster.copies import keep_running
from components.design.foundation.model import QueueMetricsDesign
from components.paved import Paved
from components.workloads.confinement import exactly, without_privileges

ADAPTER = "custom-metrics-stackdriver-adapter"

CPU, MEMORY_MB = 0.25, 400
"""What its publisher gives it:
https://github.com/GoogleCloudPlatform/k8s-stackdriver/tree/master/custom-metrics-stackdriver-adapter."""

PORT = 443
"""The only port, with the kubelets', at which GKE lets a control plane reach pods unasked:
https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules."""

NOBODY = 65534


class QueueMetrics(Paved, area="foundation"):
    """Google's adapter, which serves `external.metrics.k8s.io` from Cloud Monitoring: as its publisher
    deploys it, but more than once, without privileges, and with no other metrics. A cluster can have one
    only, so it stands in the cluster's own stack."""

    def __init__(
        self,
        design: QueueMetricsDesign,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self._design, self._labels = design, labels
        namespace = Namespace(
            design.namespace,
            metadata=self._named(
                design.namespace, within=None, **{"pod-security.kubernetes.io/enforce": "restricted"}
            ),
            opts=self.child(),
        )
        grants = self._may_read_metrics()
        account = ServiceAccount(
            ADAPTER,
            metadata=ObjectMetaArgs(
                name=ADAPTER,
                namespace=design.namespace,
                labels=labels,
                annotations={"iam.gke.io/gcp-service-account": self._email},
            ),
            opts=self.child(depends_on=[namespace]),
        )
        # Before it may ask who calls, it doesn't start.
        running = self._run([namespace, account, *self._may_ask_who_calls(), *grants])
        selector = {"app.kubernetes.io/name": ADAPTER}
        service = Service(
            ADAPTER,
            metadata=self._named(ADAPTER),
            spec=ServiceSpecArgs(selector=selector, ports=[ServicePortArgs(port=PORT, target_port=PORT)]),
            opts=self.child(depends_on=[namespace]),
        )
        self._serve([running, service])
        self.register_outputs({})

    @property
    def _email(self) -> str:
        return f"{self._design.account_id}@{self._design.project}.iam.gserviceaccount.com"

    def _named(self, name: str, within: str | None = "", **labels: str) -> ObjectMetaArgs:
        """An object's metadata, in the adapter's namespace if it isn't said to be elsewhere."""
        namespace = self._design.namespace if within == "" else within
        return ObjectMetaArgs(name=name, namespace=namespace, labels={**self._labels, **labels})

    def _may_read_metrics(self) -> list[pulumi.Resource]:
        design = self._design
        account = serviceaccount.Account(
            design.account_id,
            account_id=design.account_id,
            project=design.project,
            display_name=design.name,
            opts=self.child(),
        )
        after = self.child(depends_on=[account])
        reads = projects.IAMMember(
            f"{design.account_id}-monitoring.viewer",
            project=design.project,
            role="roles/monitoring.viewer",
            member=f"serviceAccount:{self._email}",
            opts=after,
        )
        acts = serviceaccount.IAMMember(
            f"{design.account_id}-{ADAPTER}",
            service_account_id=account.name,
            role="roles/iam.workloadIdentityUser",
            member=f"serviceAccount:{design.project}.svc.id.goog[{design.namespace}/{ADAPTER}]",
            opts=after,
        )
        return [reads, acts]

    def _bind(self, role: str, subject: SubjectArgs, *after: pulumi.Resource) -> pulumi.Resource:
        name = f"{self._design.namespace}:{role}"
        return ClusterRoleBinding(
            name,
            metadata=self._named(name, within=None),
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=role),
            subjects=[subject],
            opts=self.child(depends_on=list(after)),
        )

    def _may_ask_who_calls(self) -> list[pulumi.Resource]:
        """https://kubernetes.io/docs/tasks/extend-kubernetes/setup-extension-api-server/"""
        itself = SubjectArgs(kind="ServiceAccount", name=ADAPTER, namespace=self._design.namespace)
        name, role = f"{self._design.namespace}-auth-reader", "extension-apiserver-authentication-reader"
        reads = RoleBinding(
            name,
            metadata=self._named(name, within="kube-system"),
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=role),
            subjects=[itself],
            opts=self.child(),
        )
        return [reads, self._bind("system:auth-delegator", itself)]

    def _run(self, after: list[pulumi.Resource]) -> Deployment:
        design, selector = self._design, {"app.kubernetes.io/name": ADAPTER}
        container = ContainerArgs(
            name="adapter",
            image=design.image,
            command=["/adapter"],
            args=[
                "--use-new-resource-model=true",
                "--enable-custom-metrics-api=false",
                f"--secure-port={PORT}",
                "--cert-dir=/certificates",
            ],
            ports=[ContainerPortArgs(name="https", container_port=PORT)],
            resources=exactly(CPU, MEMORY_MB),
            security_context=without_privileges(),
            volume_mounts=[VolumeMountArgs(name="certificates", mount_path="/certificates")],
        )
        spread = TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key="topology.kubernetes.io/zone",
            when_unsatisfiable="ScheduleAnyway",
            label_selector=LabelSelectorArgs(match_labels=selector),
        )
        pod = PodSpecArgs(
            service_account_name=ADAPTER,
            containers=[container],
            security_context=PodSecurityContextArgs(
                run_as_user=NOBODY,
                run_as_group=NOBODY,
                fs_group=NOBODY,
                # A port below 1024 takes no privilege here.
                sysctls=[SysctlArgs(name="net.ipv4.ip_unprivileged_port_start", value="0")],
            ),
            topology_spread_constraints=[spread],
            volumes=[VolumeArgs(name="certificates", empty_dir=EmptyDirVolumeSourceArgs(size_limit="1Mi"))],
        )
        return keep_running(
            self,
            ADAPTER,
            pod,
            design.copies,
            namespace=design.namespace,
            labels=self._labels,
            selector=selector,
            after=after,
        )

    def _serve(self, after: list[pulumi.Resource]) -> None:
        """The adapter makes a certificate of its own at each start, which nobody could know before. What it
        answers are numbers of messages, and only the control plane reads them."""
        name = "v1beta1.external.metrics.k8s.io"
        APIService(
            name,
            metadata=self._named(name, within=None),
            spec=APIServiceSpecArgs(
                group="external.metrics.k8s.io",
                version="v1beta1",
                group_priority_minimum=100,
                version_priority=100,
                insecure_skip_tls_verify=True,
                service=ServiceReferenceArgs(name=ADAPTER, namespace=self._design.namespace, port=PORT),
            ),
            opts=self.child(depends_on=after),
        )
        reader = "external-metrics-reader"
        role = ClusterRole(
            reader,
            metadata=self._named(reader, within=None),
            rules=[
                PolicyRuleArgs(
                    api_groups=["external.metrics.k8s.io"], resources=["*"], verbs=["get", "list", "watch"]
                )
            ],
            opts=self.child(),
        )
        scaler = SubjectArgs(kind="ServiceAccount", name="horizontal-pod-autoscaler", namespace="kube-system")
        self._bind(reader, scaler, role)
