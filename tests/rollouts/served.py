"""A service of a catalog, and what the cluster runs of it: as `pave rollout` finds both."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from click.testing import Result

from components.design.naming import OWNER, owner_label
from components.workloads.annotations import IRREVERSIBLE
from tests.command import pave
from tests.kubernetes.api_server import Json
from tests.rollouts.cluster import Cluster
from tests.rollouts.test_rollouts import images, planned, status

DIGESTS = {name: f"registry.acme.example/app@sha256:{name * 64}" for name in "123"}
"""Images by a digit."""

LONG, SHORT = "600s", "2s"

SPEC = """\
apiVersion: pave/v1
kind: Service
metadata: {{name: {name}, owner: workplace}}
spec:
  tier: internal
  stage: beta
  workloads:
    - {{name: web, image: "{image}", imageOwner: {owner}}}
"""


class Served:
    """A service, six copies of whose first version are up in a namespace of its own."""

    def __init__(self, cluster: Cluster, catalog: Path, name: str, owner: str = "pipeline") -> None:
        self.cluster, self.catalog, self.name = cluster, catalog, name
        spec = SPEC.format(name=name, image=DIGESTS["1"], owner=owner)
        (catalog / "services" / f"{name}.yaml").write_text(spec)
        assert cluster.api.apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        ).is_taken
        self.bring("1")
        self.wait({"1": 6})

    def bring(
        self,
        digit: str,
        behaviour: str = "good",
        soak: str = LONG,
        irreversible: str = "",
        analysis: Sequence[Json] = (),
        as_planned: Json | None = None,
    ) -> None:
        """An apply asks for the image of that digit; with what judges it, and what is said of the way back,
        `as_planned`."""
        rollout = planned(self.name, DIGESTS[digit], behaviour)
        rollout["metadata"]["labels"] = {OWNER: owner_label("service", self.name, "production")}
        steps: list[Json] = []
        for step in rollout["spec"]["strategy"]["canary"]["steps"]:
            if "pause" in step:
                step["pause"]["duration"] = soak
            steps += [step, *(analysis if "pause" in step else ())]
        rollout["spec"]["strategy"]["canary"] |= {"steps": steps}
        if as_planned is not None:
            rollout["spec"]["progressDeadlineAbort"] = as_planned["spec"]["progressDeadlineAbort"]
            rollout["spec"]["strategy"]["canary"]["analysis"] = as_planned["spec"]["strategy"]["canary"][
                "analysis"
            ]
            irreversible = as_planned["spec"]["template"]["metadata"]["annotations"][IRREVERSIBLE]
        if irreversible:
            rollout["spec"]["template"]["metadata"]["annotations"][IRREVERSIBLE] = irreversible
        answer = self.cluster.api.apply(rollout)
        assert answer.is_taken, answer.body

    def wait(self, copies: dict[str, int], seconds: float = 60) -> None:
        """Until so many copies of each image are ready, and no others."""
        wanted = {DIGESTS[digit]: count for digit, count in copies.items()}
        self.cluster.wait(f"{wanted}", partial(self._has, wanted), seconds)

    def wait_for(self, phase: str, seconds: float = 60) -> None:
        """Until Argo Rollouts calls it so."""
        self.cluster.wait(phase, lambda: status(self.cluster, self.name).get("phase") == phase, seconds)

    def rollout(self, word: str, *words: str) -> Result:
        """`pave rollout WORD SERVICE …` with the kubeconfig of the cluster."""
        root = ("--catalog", str(self.catalog))
        return pave(
            self.catalog, "rollout", word, self.name, *root, *words, KUBECONFIG=str(self.cluster.kubeconfig)
        )

    def report(self, word: str = "status", *words: str) -> dict[str, Any]:
        """What a command says as JSON."""
        said: dict[str, Any] = json.loads(self.rollout(word, *words, "--format", "json").stdout)
        return said

    def web(self) -> dict[str, Any]:
        """How its only workload is."""
        (found,) = self.report()["workloads"]
        return dict(found)

    def _has(self, wanted: dict[str, int]) -> bool:
        return images(self.cluster, self.name) == wanted
