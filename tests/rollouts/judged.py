"""A Prometheus as a unit's, and releases of the portal that it judges: rules, analyses and steps are the
plan's, in a tenth of their time."""

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import urllib3

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.model import WorkloadDesign
from components.design.rollout.model import ProgressiveRollout
from components.design.service import designed
from components.design.unit.prometheus import configuration
from components.workloads.analyses import HELD_ARGUMENT, gate, guard, run
from components.workloads.annotations import HELD, HOLDS
from pave.workspace import HOME
from stacks.rollouts.objects import moment
from stacks.rollouts.reading import INCONCLUSIVE
from tests import supervised
from tests.built import require_built
from tests.components.service_plans import named
from tests.kubernetes.api_server import TOOLS, Json, free_ports
from tests.kubernetes.planned import known
from tests.rollouts import hurry
from tests.rollouts.cluster import Cluster
from tests.rollouts.counting import Counting
from tests.rollouts.figures import Promised
from tests.rollouts.test_rollouts import images, status

SERVICE, WORKLOAD = "customersdot", "web"
SOAK = "15s"
LOOKS = 30
"""Of a gate, instead of 180: a minute longer instead of six."""

BLIND_TIMES = 3
"""Errors in a row, each ten seconds after the last: what Argo Rollouts waits isn't ours to hurry."""


def workload() -> WorkloadDesign:
    """The portal's web server as it is designed."""
    catalog = load(HOME / "catalog", [])
    service = service_at(catalog, SERVICE, "production")
    assert isinstance(service, Service)
    (web,) = [each for each in designed(catalog, service).workloads if each.name == WORKLOAD]
    return web


def design() -> ProgressiveRollout:
    """What that has of its rollout."""
    found = workload().rollout
    assert found is not None
    return found


def promised() -> Promised:
    """What the design promises of a bad version: what the availability model counts on."""
    made = design()
    assert made.analysis is not None
    assert made.analysis.notice_seconds is not None
    noticed = made.analysis.notice_seconds
    return Promised(noticed, noticed + made.undo_seconds, made.steps[0].percent)


class Judging:
    """A running Prometheus, whose files are in `folder`, and what copies in a cluster count."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        require_built(TOOLS / "prometheus", "make test-prometheus")
        self._folder, self._cluster = folder, cluster
        self.counting = Counting(cluster.pods)
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        (folder / "rules").mkdir()
        (folder / "prometheus.yaml").write_text(json.dumps(self._configuration()))
        flags = (
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-lifecycle",
        )
        with (folder / "prometheus.log").open("wb") as log:
            self._process = supervised.start([TOOLS / "prometheus", *flags], log, env={})
        self._http = urllib3.PoolManager(retries=urllib3.Retry(60, backoff_factor=0.5, backoff_max=1))
        self._http.request("GET", f"{self.url}/-/ready")

    def __enter__(self) -> "Judging":
        return self

    def __exit__(self, *_: object) -> None:
        self.counting.end()
        supervised.end(self._process)

    def watch(self, name: str) -> None:
        """Records the verdicts on releases of a service of that name, as the plan does of the portal's."""
        rules = named(":ConfigMap", f"{SERVICE}-watched-rules").inputs["data"]["rules.yaml"]
        (found,) = [one for one in json.loads(rules)["groups"] if one["name"] == f"{SERVICE}-deploys"]
        text = json.dumps({"groups": [hurry.group(found)]}).replace(SERVICE, name)
        (self._folder / "rules" / f"{name}.yaml").write_text(text)
        assert self._http.request("POST", f"{self.url}/-/reload").status == 200

    def asked(self, query: str) -> list[Any]:
        """What it answers to a query."""
        answer = self._http.request("GET", f"{self.url}/api/v1/query", fields={"query": query}).json()
        found: list[Any] = answer["data"]["result"]
        return found

    def _configuration(self) -> Any:
        planned = configuration("production", None, [], sees_state=False)
        (job,) = [each for each in planned["scrape_configs"] if each["job_name"] == "pods"]
        del job["kubernetes_sd_configs"]
        found = f"http://127.0.0.1:{self.counting.port}/discovered"
        job["http_sd_configs"] = [{"url": found, "refresh_interval": "1s"}]
        every = hurry.duration(planned["global"]["scrape_interval"])
        return {
            "global": {"scrape_interval": every, "scrape_timeout": every},
            "rule_files": [str(self._folder / "rules/*.yaml")],
            "scrape_configs": [job],
        }


class Release:
    """The portal in a namespace of its own, whose first version is good, to which so many requests a second
    come. `asks` is where its analyses do; of one that doesn't turn back by itself they are as such a design
    has them, and likewise where the pipeline owns the image and its releases say that (`by_release`)."""

    def __init__(
        self,
        cluster: Cluster,
        judging: Judging,
        name: str,
        rate: float,
        asks: str = "",
        *,
        turns_back: bool,
        by_release: bool = False,
    ) -> None:
        self._cluster, self._judging, self.name, self._rate = cluster, judging, name, rate
        self._turns_back, self._by_release = turns_back, by_release
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        assert cluster.api.apply(space).is_taken
        judging.watch(name)
        for what in ("guard", "gate"):
            answer = cluster.api.apply(self._template(what, asks or judging.url))
            assert answer.is_taken, answer.body
        judging.counting.rates[name] = rate
        self.bring("app:1", "good")

    def bring(self, image: str, does: str, *, is_held: bool = False) -> None:
        """A version is asked for that does so; of one that `is_held`, its release says that no way leads
        back."""
        rollout = self._rollout(image, does)
        if is_held:
            rollout["metadata"]["annotations"] = {HELD: HOLDS}
            rollout["spec"]["progressDeadlineAbort"] = False
        answer = self._cluster.api.apply(rollout)
        assert answer.is_taken, answer.body

    def wait(self, copies: dict[str, int], seconds: float) -> None:
        """Until so many copies of each image are ready, and no others."""
        self._cluster.wait(f"{self.name}: {copies}", lambda: self.copies() == copies, seconds, self.says)

    def copies(self) -> dict[str, int]:
        """How many copies of each image are ready."""
        return images(self._cluster, self.name)

    def is_aborted(self) -> bool:
        """Whether Argo Rollouts has turned it back."""
        return status(self._cluster, self.name).get("abort") is True

    def aborted_at(self) -> float:
        """When Argo Rollouts did so, in seconds since 1970; it says whole ones, so up to one too early."""
        at = moment(status(self._cluster, self.name)["abortedAt"])
        assert at is not None
        return at.timestamp()

    def is_held(self) -> bool:
        """Whether it stands still since nobody knows its verdict."""
        found = status(self._cluster, self.name).get("pauseConditions") or ()
        return INCONCLUSIVE in {each["reason"] for each in found}

    def says(self) -> Any:
        """What its status says, and what is recorded of it."""
        found = status(self._cluster, self.name)
        copies, outcome = (
            self.copies(),
            self._judging.asked(f'rollout:outcome{{service="{self.name}",workload="web"}}'),
        )
        return (
            {key: found.get(key) for key in ("phase", "message", "pauseConditions", "abort")},
            copies,
            outcome,
        )

    def _template(self, what: str, asks: str) -> Json:
        found: Json = copy.deepcopy(known(named(":AnalysisTemplate", f"{SERVICE}-web-{what}").inputs))
        found["metadata"] = {"name": found["metadata"]["name"], "namespace": self.name}
        (metric,) = found["spec"]["metrics"]
        if not self._turns_back:
            stopped = msgspec.structs.replace(design(), turns_back=False)
            assert stopped.analysis is not None
            kept = {key: metric[key] for key in ("name", "interval", "provider")}
            metric = kept | (guard if what == "guard" else gate)(stopped, stopped.analysis)
            found["spec"]["metrics"] = [metric]
        if self._by_release:
            made = design()
            assert made.analysis is not None
            metric |= (guard if what == "guard" else gate)(made, made.analysis, by_release=True)
            found["spec"]["args"] = [{"name": "version"}, {"name": "held"}]
        asked = metric["provider"]["prometheus"]
        asked |= {"address": asks, "query": asked["query"].replace(SERVICE, self.name)}
        metric["interval"] = hurry.duration(metric["interval"])
        if self._turns_back:
            held = HELD_ARGUMENT if self._by_release else ""
            metric["consecutiveErrorLimit"] = f"{BLIND_TIMES}{held}" if held else BLIND_TIMES
        if "count" in metric:
            metric |= {"count": LOOKS, "inconclusiveLimit": LOOKS}
        return found

    def _rollout(self, image: str, does: str) -> Json:
        rollout: Json = copy.deepcopy(known(named(":Rollout", f"{SERVICE}-web").inputs))
        rollout["metadata"] = {"name": WORKLOAD, "namespace": self.name}
        spec = rollout["spec"]
        ready = round(spec["minReadySeconds"] / hurry.FACTOR)
        spec |= {"replicas": 6, "minReadySeconds": ready, "progressDeadlineSeconds": 60}
        canary = spec["strategy"]["canary"]
        for step in canary["steps"]:
            if "pause" in step:
                step["pause"]["duration"] = SOAK
        if self._by_release:
            asked = run(msgspec.structs.replace(workload(), image_owner="pipeline"), "guard")["args"]
            for each in (canary, *(step for step in canary["steps"])):
                if "analysis" in each:
                    each["analysis"]["args"] = asked
        template = spec["template"]
        template["metadata"]["annotations"] |= {"does": does}
        template["metadata"]["labels"] |= {"service": self.name}
        template["spec"] = {
            "containers": [{"name": WORKLOAD, "image": image}],
            "topologySpreadConstraints": template["spec"]["topologySpreadConstraints"],
        }
        return rollout
