"""A cluster whose control plane is real and whose nodes are not: an API server, Kubernetes' own controllers
and scheduler, Argo Rollouts, and nodes that kwok says are there.

No container runs. What a copy would do its pods' annotation `behaviour` says, and `stages/` what that means:
kwok says it of the pod as a kubelet would."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from components.cluster.rollout_definitions import definitions
from tests import supervised
from tests.built import require_built
from tests.kubernetes.api_server import TOOLS, ApiServer, Json, free_ports

BINARIES = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "rollouts-controller",
)
ZONES = ("us-east1-b", "us-east1-c", "us-east1-d")
STAGES = Path(__file__).with_name("stages")

CONTROLLERS = (
    *("deployment-controller", "disruption-controller", "endpointslice-controller"),
    *("garbage-collector-controller", "namespace-controller", "replicaset-controller"),
    "serviceaccount-controller",
)


def require_tools() -> None:
    """Skips where they aren't built; a pipeline has them, or fails."""
    for name in BINARIES:
        require_built(TOOLS / name, "make test-rollouts")


class Cluster:
    """A running cluster, whose files are in `folder`, with one node in each of three zones. `kubeconfig` is
    the file that says how clients get there, and `metrics` the port at which Argo Rollouts tells its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.api = ApiServer(folder)
        self._processes: dict[str, supervised.Process] = {}
        self._health, self.metrics = free_ports(2)
        try:
            self.kubeconfig = folder / "kubeconfig.json"
            self.kubeconfig.write_text(json.dumps(self.api.kubeconfig()))
            for definition in definitions():
                self.api.define(definition)
            for zone in ZONES:
                assert self.api.apply(_node(zone)).is_taken
                # A new node is tainted until its lifecycle's controller, which isn't here, has seen it ready.
                assert self.api.merge({**_node(zone), "spec": {"taints": []}}).is_taken
            self._start_all()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends all of it."""
        for process in self._processes.values():
            supervised.end(process)
        self.api.stop()

    def kill_the_controller(self) -> None:
        """Argo Rollouts is gone from one moment to the next."""
        supervised.end(self._processes.pop("rollouts-controller"))

    def start_the_controller(self) -> None:
        """Another one comes, which knows only what the API server does."""
        ports = (f"--healthzPort={self._health}", f"--metricsPort={self.metrics}")
        self._start("rollouts-controller", "--leader-elect=false", f"--kubeconfig={self.kubeconfig}", *ports)

    def wait(self, what: str, until: Callable[[], Any], seconds: float, but: Callable[[], Any] = str) -> Any:
        """The first answer that is true; fails with `what` was waited for, what there is instead (`but`), and
        the last words of all."""
        deadline = time.monotonic() + seconds
        while not (found := until()):
            assert time.monotonic() < deadline, f"{what}: not in {seconds:g} s, {but()}\n{self._last_words()}"
            time.sleep(0.3)
        return found

    def pods(self, namespace: str) -> list[Json]:
        """All pods there that nobody has told to end."""
        every: list[Json] = self.api.list("v1", "pods", namespace)
        return [pod for pod in every if "deletionTimestamp" not in pod["metadata"]]

    def _start_all(self) -> None:
        configured = f"--kubeconfig={self.kubeconfig}"
        quietly = ("--leader-elect=false", "--secure-port=0")
        self._start("kube-controller-manager", configured, *quietly, f"--controllers={','.join(CONTROLLERS)}")
        self._start("kube-scheduler", configured, *quietly)
        stages = [f"--config={path}" for path in sorted(STAGES.glob("*.yaml"))]
        self._start("kwok", configured, "--manage-all-nodes=true", "--node-lease-duration-seconds=0", *stages)
        self.start_the_controller()

    def _start(self, name: str, *flags: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            home = {"HOME": str(self._folder)}
            self._processes[name] = supervised.start([TOOLS / name, *flags], log, env=home)

    def _last_words(self) -> str:
        logs = [self._folder / f"{name}.log" for name in BINARIES]
        return "\n".join(
            line
            for log in logs
            if log.exists()
            for line in log.read_text("utf-8", "replace").splitlines()[-4:]
        )


def _node(zone: str) -> Json:
    labels = {
        "kubernetes.io/hostname": f"node-{zone}",
        "topology.kubernetes.io/zone": zone,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"node-{zone}", "labels": labels},
    }
