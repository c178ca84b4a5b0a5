"""A workload that runs on a schedule."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.design.model import WorkloadDesign
from components.paved import Paved
from components.workloads.pods import IMAGE

CRON_IMAGE = f"spec.jobTemplate.{IMAGE}"


class Schedule(Paved, area="service"):
    """Runs `pods` at the times of the design, each run up to its deadline.

    With a single leader, a run that is still going takes the place of the next one, and a pod that is gone is
    followed by another only when it has surely ended. Kubernetes may still start a run twice in rare cases
    (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#job-creation): what bills needs an
    idempotency key as well."""

    def __init__(
        self,
        design: WorkloadDesign,
        *,
        namespace: str,
        pods: PodTemplateSpecArgs,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        job = JobSpecArgs(
            template=pods,
            active_deadline_seconds=design.deadline_seconds,
            backoff_limit=design.retries,
            pod_replacement_policy="Failed" if design.single_leader else "TerminatingOrFailed",
        )
        CronJob(
            design.resource,
            metadata=ObjectMetaArgs(name=design.name, namespace=namespace, labels=labels),
            spec=CronJobSpecArgs(
                schedule=design.schedule or "",
                time_zone=design.time_zone,
                suspend=True if design.suspended else None,
                concurrency_policy="Forbid" if design.single_leader else "Allow",
                starting_deadline_seconds=design.start_within_seconds,
                successful_jobs_history_limit=3,
                failed_jobs_history_limit=3,
                job_template=JobTemplateSpecArgs(metadata=ObjectMetaArgs(labels=labels), spec=job),
            ),
            opts=self.child(ignore_changes=[CRON_IMAGE] if design.image_owner == "pipeline" else None),
        )
        self.register_outputs({"name": design.name})
