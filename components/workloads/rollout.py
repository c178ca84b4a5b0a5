"""Copies of a workload of which new versions come step by step."""

from collections.abc import Iterator, Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from catalog.document import Json
from components.design.model import WorkloadDesign
from components.design.rollout.model import ProgressiveRollout
from components.paved import Paved
from components.workloads.analyses import GATE, GUARD, run

API_VERSION, KIND = "argoproj.io/v1alpha1", "Rollout"

UP = "jsonpath={.status.availableReplicas}"
"""There as soon as, and as long as, some copy is up: so the engine waits for the first version, and for no
later one, whose steps take hours. Of a first version all else is said before any copy is there."""

HISTORY = 5
"""Versions that can be gone back to in a moment, since their ReplicaSets are still there."""


TURNS_BACK = "spec.progressDeadlineAbort"
"""Path of whether it goes back when copies don't come up in time. Where the pipeline owns the image, each
release says that anew, and an update leaves it."""


class Rollout(Paved, area="service"):
    """An Argo Rollout of `pods` by the design's steps (https://argo-rollouts.readthedocs.io/en/stable/features/specification/).

    There is no load balancer here that could share requests out exactly, so shares are of copies. The engine
    waits for the first version, and of a later one is done once it is asked for: how that goes on, its status
    says. A step in which copies don't come up in time is given up, and all copies are of the old version
    again, if the design turns back by itself; where it has an analysis, also one in which they fail at what
    they do, and no step follows on another before its version passes.

    `metadata` may not have annotations."""

    def __init__(
        self,
        design: WorkloadDesign,
        rollout: ProgressiveRollout,
        *,
        metadata: ObjectMetaArgs,
        pods: PodTemplateSpecArgs,
        selector: Mapping[str, str],
        ignore: list[str] | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        CustomResource(
            design.resource,
            api_version=API_VERSION,
            kind=KIND,
            metadata=ObjectMetaArgs(
                name=metadata.name,
                namespace=metadata.namespace,
                labels=metadata.labels,
                annotations={"pulumi.com/waitFor": UP},
            ),
            spec={
                "selector": LabelSelectorArgs(match_labels=selector),
                "template": pods,
                "minReadySeconds": design.min_ready_seconds,
                "progressDeadlineSeconds": design.progress_seconds,
                "progressDeadlineAbort": rollout.turns_back,
                "revisionHistoryLimit": HISTORY,
                "strategy": {
                    "canary": {
                        "maxSurge": design.max_surge,
                        "maxUnavailable": design.max_unavailable,
                        **_guarded(design, rollout),
                        "steps": list(_steps(design, rollout)),
                    }
                },
            },
            opts=self.child(
                ignore_changes=ignore, custom_timeouts=pulumi.CustomTimeouts(create=f"{design.wait_seconds}s")
            ),
        )
        self.register_outputs({"name": design.name})


def _guarded(design: WorkloadDesign, rollout: ProgressiveRollout) -> Json:
    return {} if rollout.analysis is None else {"analysis": run(design, GUARD)}


def _steps(design: WorkloadDesign, rollout: ProgressiveRollout) -> Iterator[Json]:
    """The last step, to all copies, is what follows the others."""
    for step in rollout.steps[:-1]:
        yield {"setWeight": step.weight}
        yield {"pause": {"duration": f"{step.soak_seconds}s"}}
        if rollout.analysis is not None:
            yield {"analysis": run(design, GATE)}
