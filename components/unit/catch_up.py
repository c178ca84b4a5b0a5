"""What catches the global stack up."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    SecretKeySelectorArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.design.unit.model import CatchUp
from components.design.unit.names import SCRATCH
from components.paved import Paved
from components.unit.pods import nobody
from components.workloads.confinement import exactly, without_privileges


class CaughtUp(Paved, area="unit"):
    """Runs one job at a time, at the times of the design; `kubectl create job --from` runs it at once. What
    it sends twice is the same, so it may be run twice."""

    def __init__(
        self,
        design: CatchUp,
        *,
        unit: str,
        namespace: str,
        account: str,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        name = f"{unit}-{design.name}"
        super().__init__(name, design.origin, opts)
        own = {**labels, "app.kubernetes.io/name": design.name}
        CronJob(
            name,
            metadata=ObjectMetaArgs(name=design.name, namespace=namespace, labels=labels),
            spec=CronJobSpecArgs(
                schedule=design.schedule,
                time_zone="Etc/UTC",
                concurrency_policy="Forbid",
                job_template=JobTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=own),
                    spec=JobSpecArgs(
                        active_deadline_seconds=design.deadline_seconds,
                        backoff_limit=3,
                        template=_pods(design, account, own),
                    ),
                ),
            ),
            opts=self.child(),
        )
        self.register_outputs({})


def _pods(design: CatchUp, account: str, labels: Mapping[str, str]) -> PodTemplateSpecArgs:
    # The token may be absent at first: the pod waits for it, and the next run is a day away.
    held = SecretKeySelectorArgs(name=design.held_in, key=design.key)
    container = ContainerArgs(
        name=design.name,
        image=design.image,
        command=design.arguments,
        env=[EnvVarArgs(name=design.told_as, value_from=EnvVarSourceArgs(secret_key_ref=held))],
        resources=exactly(0.5, 512),
        security_context=without_privileges(),
        volume_mounts=[VolumeMountArgs(name="scratch", mount_path=SCRATCH)],
    )
    spec = PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=False,
        enable_service_links=False,
        restart_policy="Never",
        security_context=nobody(),
        containers=[container],
        volumes=[VolumeArgs(name="scratch", empty_dir=EmptyDirVolumeSourceArgs())],
    )
    return PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=labels), spec=spec)
