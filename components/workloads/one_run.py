"""A piece of work that is done once."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.batch.v1 import Job, JobSpecArgs
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.design.model import WorkloadDesign
from components.paved import Paved


class OneRun(Paved, area="service"):
    """Runs `pods` to their end, up to the deadline of the design, in a job called `name`. The engine waits
    for it, so that what needs it starts after it, or not at all when it failed.

    It isn't tried again: nobody knows how far it came. The job stays, for its log, until another takes its
    place."""

    def __init__(
        self,
        design: WorkloadDesign,
        *,
        name: str,
        namespace: str,
        pods: PodTemplateSpecArgs,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        Job(
            design.resource,
            metadata=ObjectMetaArgs(name=name, namespace=namespace, labels=labels),
            spec=JobSpecArgs(
                template=pods,
                active_deadline_seconds=design.deadline_seconds,
                backoff_limit=design.retries,
                completions=1,
                parallelism=1,
            ),
            opts=self.child(custom_timeouts=pulumi.CustomTimeouts(create=f"{design.wait_seconds}s")),
        )
        self.register_outputs({"name": name})
