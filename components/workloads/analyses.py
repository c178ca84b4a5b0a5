"""What a rollout asks while a new version goes out."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from catalog.document import Json
from components.design.model import WorkloadDesign
from components.design.monitoring.deploys.queries import FAILS, FAILS_NOT, NEVER, PASSES
from components.design.rollout.model import Analysis, ProgressiveRollout
from components.design.unit.names import PROMETHEUS, address
from components.design.unit.prometheus import PORT
from components.paved import Paved
from components.workloads.annotations import HELD

GUARD, GATE = "guard", "gate"
"""The guard looks from the first copy of a new version to the last of the old one, and stops a version that
is bad. The gate stands at the end of each step, and lets nothing on but what is good."""

FOREVER = 2**31 - 1
"""For counts of 32 bits: however often it happens."""

RETRY_SECONDS = 10
"""How soon Argo Rollouts asks again who didn't answer: `DefaultErrorRetryInterval` of
https://github.com/argoproj/argo-rollouts/blob/v1.9.0/analysis/analysis.go."""


HELD_ARGUMENT = "{{args.held}}"
"""Stands in an analysis for the annotation HELD of its rollout; empty where it has none:
https://argo-rollouts.readthedocs.io/en/stable/features/analysis/#analysis-arguments."""


class Analyses(Paved, area="service"):
    """The AnalysisTemplates of a workload's `rollout`, which ask the unit's Prometheus a `query`
    (https://argo-rollouts.readthedocs.io/en/stable/features/analysis/).

    A rollout aborts where an analysis fails, or gets no answer; where it is inconclusive, it pauses for a
    person. So of one that doesn't turn back by itself, nothing fails here that a person should see first; for
    one whose image the pipeline owns, its release says that, not its spec alone."""

    def __init__(
        self,
        design: WorkloadDesign,
        rollout: ProgressiveRollout,
        analysis: Analysis,
        *,
        query: str,
        namespace: str,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(f"{design.resource}-analyses", design.origin, opts)
        by_release, taken = is_held_by_release(design), [{"name": each["name"]} for each in _args(design)]
        for what, metric in (
            (GUARD, guard(rollout, analysis, by_release=by_release)),
            (GATE, gate(rollout, analysis, by_release=by_release)),
        ):
            provider = {"prometheus": {"address": f"http://{address(PROMETHEUS)}:{PORT}", "query": query}}
            every = {"name": "verdict", "interval": f"{analysis.look_seconds}s", "provider": provider}
            CustomResource(
                f"{design.resource}-{what}",
                api_version="argoproj.io/v1alpha1",
                kind="AnalysisTemplate",
                metadata=ObjectMetaArgs(
                    name=template(design.name, what),
                    namespace=namespace,
                    labels=labels,
                ),
                spec={"args": taken, "metrics": [every | metric]},
                opts=self.child(),
            )
        self.register_outputs({})


def template(workload: str, what: str) -> str:
    """What the template for one of the two is called."""
    return f"{workload}-{what}"


def run(design: WorkloadDesign, what: str) -> Json:
    """How the rollout of a workload refers to it: it is about the version that comes."""
    return {"templates": [{"templateName": template(design.name, what)}], "args": _args(design)}


def is_held_by_release(design: WorkloadDesign) -> bool:
    """Whether a release may say, and not only its spec, that there is no way back from it."""
    return design.image_owner == "pipeline"


def _args(design: WorkloadDesign) -> list[Json]:
    version: Json = {"name": "version", "valueFrom": {"podTemplateHashValue": "Latest"}}
    held: Json = {"name": "held", "valueFrom": {"fieldRef": {"fieldPath": f"metadata.annotations['{HELD}']"}}}
    return [version, held] if is_held_by_release(design) else [version]


def guard(rollout: ProgressiveRollout, analysis: Analysis, *, by_release: bool = False) -> Json:
    """It has no end of its own, and asks only whether the version fails: not yet to know is no reason to
    stop, and none to go on. What fails and is held `by_release` is neither a success nor a failure."""
    if rollout.turns_back:
        return {
            "successCondition": FAILS_NOT,
            "failureCondition": _fails(by_release=by_release),
            "failureLimit": 0,
            **({"inconclusiveLimit": 0} if by_release else {}),
            "consecutiveErrorLimit": _blind(analysis, by_release=by_release),
        }
    return {
        "successCondition": FAILS_NOT,
        "failureCondition": NEVER,
        "inconclusiveLimit": 0,
        "consecutiveErrorLimit": FOREVER,
    }


def gate(rollout: ProgressiveRollout, analysis: Analysis, *, by_release: bool = False) -> Json:
    """It ends as soon as the version passes. One that hasn't when all looks are over is inconclusive."""
    looks = analysis.longer_seconds // analysis.look_seconds
    limits = {"count": looks, "inconclusiveLimit": looks, "consecutiveSuccessLimit": 1}
    turns_back = rollout.turns_back
    return {
        **limits,
        "successCondition": PASSES,
        "failureCondition": _fails(by_release=by_release) if turns_back else NEVER,
        "failureLimit": 0,
        "consecutiveErrorLimit": _blind(analysis, by_release=by_release) if turns_back else FOREVER,
    }


def _fails(*, by_release: bool) -> str:
    return f'{FAILS} && "{HELD_ARGUMENT}" == ""' if by_release else FAILS


def _blind(analysis: Analysis, *, by_release: bool) -> int | str:
    """How often in a row nobody may answer."""
    times = analysis.blind_seconds // RETRY_SECONDS
    return f"{times}{HELD_ARGUMENT}" if by_release else times
