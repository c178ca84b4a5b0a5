"""One process of a unit: what it reads, its copies, and how others find them."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    StatefulSet,
    StatefulSetSpecArgs,
)
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ContainerArgs,
    PersistentVolumeClaimArgs,
    PersistentVolumeClaimSpecArgs,
    PodTemplateSpecArgs,
    Service,
    ServicePortArgs,
    ServiceSpecArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components.design.unit.model import Process
from components.paved import Paved
from components.unit.pods import key_of, pods

ROLLOUT_SECONDS = 1200
"""A copy may read its log for a quarter of an hour before it answers."""

PATIENCE = pulumi.CustomTimeouts(create="1500s", update="1500s")
"""Pulumi waits for copies, and must not give up before Kubernetes does."""


class UnitProcess(Paved, area="unit"):
    """The copies of a process, with what stands `beside` each, and `account` as which they run.

    Those that keep a disk are found one by one, the others as one. Maintenance takes one at a time."""

    def __init__(
        self,
        design: Process,
        *,
        unit: str,
        namespace: str,
        account: str,
        labels: Mapping[str, str],
        beside: Sequence[ContainerArgs] = (),
        protected: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(f"{unit}-{design.name}", design.origin, opts)
        name = f"{unit}-{design.name}"
        metadata = ObjectMetaArgs(name=design.name, namespace=namespace, labels=labels)
        after: list[pulumi.Resource] = []
        if design.files:
            data = {key_of(path): text for path, text in design.files.items()}
            after.append(ConfigMap(name, metadata=metadata, data=data, opts=self.child()))
        selector = {"app.kubernetes.io/name": design.name}
        matching = LabelSelectorArgs(match_labels=selector)
        template = pods(design, account=account, labels={**labels, **selector}, beside=beside)
        service = Service(
            name,
            metadata=metadata,
            spec=ServiceSpecArgs(
                selector=selector,
                cluster_ip="None" if design.disk_gb else None,
                # Peers find each other before they are ready, or none would ever be.
                publish_not_ready_addresses=True if design.peers else None,
                ports=[ServicePortArgs(name="http", port=design.port, target_port="http")],
            ),
            opts=self.child(),
        )
        after.append(service)
        if design.disk_gb:
            options = self.stateful(protected=protected, depends_on=after, custom_timeouts=PATIENCE)
            self._keep(design, name, metadata, matching, template, options)
        else:
            spec = DeploymentSpecArgs(
                replicas=design.copies,
                selector=matching,
                template=template,
                progress_deadline_seconds=ROLLOUT_SECONDS,
            )
            options = self.child(depends_on=after, custom_timeouts=PATIENCE)
            Deployment(name, metadata=metadata, spec=spec, opts=options)
        PodDisruptionBudget(
            name,
            metadata=metadata,
            spec=PodDisruptionBudgetSpecArgs(selector=matching, max_unavailable=1),
            opts=self.child(),
        )
        self.register_outputs({})

    def _keep(
        self,
        design: Process,
        name: str,
        metadata: ObjectMetaArgs,
        matching: LabelSelectorArgs,
        template: PodTemplateSpecArgs,
        options: pulumi.ResourceOptions,
    ) -> None:
        disk = PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            resources=VolumeResourceRequirementsArgs(requests={"storage": f"{design.disk_gb}Gi"}),
        )
        StatefulSet(
            name,
            metadata=metadata,
            spec=StatefulSetSpecArgs(
                replicas=design.copies,
                service_name=design.name,
                pod_management_policy="Parallel",  # none waits for another that may be lost
                selector=matching,
                template=template,
                volume_claim_templates=[
                    PersistentVolumeClaimArgs(metadata=ObjectMetaArgs(name="data"), spec=disk)
                ],
            ),
            opts=options,
        )
