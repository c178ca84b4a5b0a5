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

GUARD, GATE = "guard", "gate"
"""The guard looks from the first copy of a new version to the last of the old one, and stops a version that
is bad. The gate stands at the end of each step, and lets nothing on but what is good."""

FOREVER = 2**31 - 1
"""For counts of 32 bits: however often it happens."""

RETRY_SECONDS = 10
"""How soon Argo Rollouts asks again who didn't answer: `DefaultErrorRetryInterval` of
https://github.com/argoproj/argo-rollouts/blob/v1.9.0/analysis/analysis.go."""


class Analyses(Paved, area="service"):
    """The AnalysisTemplates of a workload's `rollout`, which ask the unit's Prometheus a `query`
    (https://argo-rollouts.readthedocs.io/en/stable/features/analysis/).

    A rollout aborts where an analysis fails, or gets no answer; where it is inconclusive, it pauses for a
    person. So of one that doesn't turn back by itself, nothing fails here that a person should see first."""

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
        for what, metric in (
            (GUARD, guard(rollout, analysis)),
            (GATE, gate(rollout, analysis)),
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
                spec={"args": [{"name": "version"}], "metrics": [every | metric]},
                opts=self.child(),
            )
        self.register_outputs({})


def template(workload: str, what: str) -> str:
    """What the template for one of the two is called."""
    return f"{workload}-{what}"


def run(workload: str, what: str) -> Json:
    """How a rollout refers to it: it is about the version that comes."""
    version = {"name": "version", "valueFrom": {"podTemplateHashValue": "Latest"}}
    return {"templates": [{"templateName": template(workload, what)}], "args": [version]}


def guard(rollout: ProgressiveRollout, analysis: Analysis) -> Json:
    """It has no end of its own, and asks only whether the version fails: not yet to know is no reason to
    stop, and none to go on."""
    if rollout.turns_back:
        return {
            "successCondition": FAILS_NOT,
            "failureCondition": FAILS,
            "failureLimit": 0,
            "consecutiveErrorLimit": analysis.blind_seconds // RETRY_SECONDS,
        }
    return {
        "successCondition": FAILS_NOT,
        "failureCondition": NEVER,
        "inconclusiveLimit": 0,
        "consecutiveErrorLimit": FOREVER,
    }


def gate(rollout: ProgressiveRollout, analysis: Analysis) -> Json:
    """It ends as soon as the version passes. One that hasn't when all looks are over is inconclusive."""
    looks = analysis.longer_seconds // analysis.look_seconds
    limits = {"count": looks, "inconclusiveLimit": looks, "consecutiveSuccessLimit": 1}
    blind = analysis.blind_seconds // RETRY_SECONDS if rollout.turns_back else FOREVER
    return {
        **limits,
        "successCondition": PASSES,
        "failureCondition": FAILS if rollout.turns_back else NEVER,
        "failureLimit": 0,
        "consecutiveErrorLimit": blind,
    }
