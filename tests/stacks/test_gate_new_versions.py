"""The gate in the program and new versions: what took itself back gets none, whoever applies it, and a way
back is never shut."""

import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from kubernetes.client import ApiClient, Configuration
from pulumi.runtime.proto import resource_pb2

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.workloads.annotations import UNDONE
from stacks.budgets.running import Running, fingerprints, following
from stacks.gate.gate import run_gated
from stacks.gate.new_versions import NewVersions, remind, require_permitted
from stacks.plan import Plan, Planner, record_stack
from stacks.providers.kubernetes import ROLLOUT
from stacks.recording.recorder import record
from stacks.rollouts.cluster import NoCluster, RemoteCluster
from stacks.rollouts.own_cluster import STAND_INS, Clusters, clusters
from stacks.stack import foundation_stack, parse_stack
from tests.shipped import NAMED_BY_SERVICES

NAME = "usage-api"
STACK = f"service.{NAME}.production"
SELF, FOUNDATION = (f"organization/pave/{each}" for each in (STACK, "foundation.production"))
ENDPOINT = "gke-1.us-east1.gke.goog"
RECORDED = Path(__file__).parents[1] / "rollouts" / "recorded"
OTHER, THIRD = ("us-docker.pkg.dev/acme-registry/usage-api/app@sha256:" + each * 32 for each in ("ab", "cd"))


class Answering:
    """An API server with what a real one has said of a rollout, whose workload is now that of the service;
    `patched` is what it was asked to change."""

    def __init__(self, recording: str, workload: str, images: Mapping[str, str]) -> None:
        text = (RECORDED / f"{recording}.json").read_text("utf-8")
        for digit, image in images.items():
            text = text.replace(f"registry.acme.example/app@sha256:{digit * 64}", image)
        found = json.loads(text)
        for each in found["rollouts"]:
            each["metadata"] |= {"name": workload, "namespace": NAME}
        lists = {name.replace("_", ""): items for name, items in found.items()}
        self.patched: list[tuple[str, Any]] = []
        patched = self.patched

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                plural = self.path.partition("?")[0].rpartition("/")[2]
                self._say({"items": lists[plural]})

            def do_PATCH(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                patched.append((self.path.partition("?")[0], body))
                self._say({})

            def _say(self, body: Any) -> None:
                said = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def cluster(self, endpoint: str) -> RemoteCluster:
        """It, where the foundation says that it is."""
        assert endpoint == ENDPOINT
        here = Configuration(host=f"http://127.0.0.1:{self._server.server_port}")
        return RemoteCluster(ApiClient(here), "the one of this test")

    def end(self) -> None:
        """Nobody answers any more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def references(shipped: Path) -> dict[str, Any]:
    foundation = Planner(load(shipped)).recording(foundation_stack("production"))
    return {FOUNDATION: {**foundation.outputs, "cluster_dns_endpoint": ENDPOINT}}


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    for folder in (*NAMED_BY_SERVICES, "services", "units"):
        shutil.copytree(shipped / folder, tmp_path / "catalog" / folder)
    return tmp_path / "catalog"


def planned(root: Path) -> tuple[Service, Plan]:
    catalog = load(root)
    service = service_at(catalog, NAME, "production")
    assert isinstance(service, Service)
    return service, record_stack(catalog, parse_stack(STACK, catalog))


def rollout(plan: Plan) -> tuple[str, str]:
    """The name of its rollout, and the image."""
    (found,) = [each.inputs for each in plan.resources if each.type == ROLLOUT]
    (container,) = found["spec"]["template"]["spec"]["containers"]
    return found["metadata"]["name"], container["image"]


def ship(root: Path, image: str) -> None:
    path = root / "services" / f"{NAME}.yaml"
    old = rollout(planned(root)[1])[1]
    path.write_text(path.read_text().replace(old, image))


@pytest.fixture
def frozen(root: Path) -> Iterator[Answering]:
    """Of the image in the spec are all copies; OTHER took itself back after its deadline."""
    name, image = rollout(planned(root)[1])
    found = Answering("undone-by-itself", name, {"1": image, "2": OTHER})
    yield found
    found.end()


def answer(request: Any) -> Any:
    """The engine's, on the outputs of the foundation."""
    assert request.args["name"].endswith("/foundation.production")
    return outputs({"cluster_dns_endpoint": ENDPOINT})


def outputs(found: Mapping[str, Any]) -> Any:
    """As the engine tells them."""
    response = resource_pb2.ResourceInvokeResponse()
    getattr(response, "return").update({"outputs": dict(found)})
    return response


MONITOR = SimpleNamespace(Invoke=answer)


def update(root: Path, before: Running | None, found: Clusters | None, *, has_glass: bool = False) -> None:
    """What the gate says when an update begins."""
    service, plan = planned(root)
    require_permitted(
        NewVersions(service, plan, before, found), STACK, MONITOR, has_glass=has_glass, is_update=True
    )


def ran(root: Path, *images: str) -> Running:
    """What is remembered of updates that brought these images, the last of them last."""
    before = Running({})
    for image in images:
        ship(root, image)
        before = following(before, fingerprints(planned(root)[1]))
    return before


def nobody(endpoint: str) -> RemoteCluster:
    raise NoCluster(f"{endpoint} did not answer.")


def test_a_bare_update_brings_nothing_new_after_an_undo_that_nobody_looked_at(
    root: Path, frozen: Answering, references: dict[str, Any]
) -> None:
    before = ran(root, rollout(planned(root)[1])[1], OTHER)
    ship(root, THIRD)
    said = {"running": {"now": before.now, "earlier": before.earlier}}
    now = datetime.now(UTC)
    with pytest.raises(pulumi.RunError) as stopped:
        record(
            lambda: run_gated(load(root), root, STACK, now, clusters=frozen.cluster),
            project="pave",
            stack=STACK,
            references={**references, SELF: {"pave": said}},
        )
    assert str(stopped.value).startswith(f"BLOCKED  {STACK} gets no new version\n")
    assert "has timed out progressing" in str(stopped.value)
    assert f"pave rollout lift {NAME} --env production --reason WHY" in str(stopped.value)


def test_no_freeze_stops_the_way_back_and_what_it_would_forget_is_written_down(
    root: Path, frozen: Answering
) -> None:
    first = rollout(planned(root)[1])[1]
    before = ran(root, first, OTHER)
    ship(root, first)
    update(root, before, frozen.cluster)
    ((path, body),) = frozen.patched
    assert path.endswith(f"/namespaces/{NAME}/rollouts/{rollout(planned(root)[1])[0]}")
    assert json.loads(body["metadata"]["annotations"][UNDONE])["signal"] == "progress-deadline"


@pytest.mark.parametrize(("goes_back", "said"), [(True, ["usage-api-slo"]), (False, [])])
def test_a_rollback_has_somebody_look_again_at_the_waivers_of_what_it_takes_back(
    root: Path, monkeypatch: pytest.MonkeyPatch, goes_back: bool, said: list[str]
) -> None:
    first = rollout(planned(root)[1])[1]
    before = ran(root, first, OTHER)
    ship(root, first if goes_back else THIRD)
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    monitor = SimpleNamespace(Invoke=lambda _: outputs({"pave": {"decision": {"waived": ["usage-api-slo"]}}}))
    service, plan = planned(root)
    remind(NewVersions(service, plan, before, None), monitor)
    assert [each.rstrip(".").rpartition(": ")[2] for each in told] == said


def test_a_rollback_further_than_what_runs_passes_a_freeze(root: Path, frozen: Answering) -> None:
    first = rollout(planned(root)[1])[1]
    before = ran(root, THIRD, first, OTHER)
    ship(root, THIRD)
    update(root, before, frozen.cluster)
    with pytest.raises(pulumi.RunError, match="gets no new version"):
        update(root, None, frozen.cluster)


def test_the_same_images_are_nobodys_business(root: Path) -> None:
    before = ran(root, OTHER)
    update(root, before, nobody)
    update(root, Running({}), nobody)


def test_where_nobody_answers_an_update_stops_and_a_rollback_does_not(root: Path) -> None:
    first = rollout(planned(root)[1])[1]
    before = ran(root, first, OTHER)
    ship(root, THIRD)
    with pytest.raises(pulumi.RunError, match="BLOCKED  Nobody knows whether"):
        update(root, before, nobody)
    update(root, before, nobody, has_glass=True)
    ship(root, first)
    update(root, before, nobody)


def test_the_broken_glass_passes_a_freeze(root: Path, frozen: Answering) -> None:
    before = ran(root, rollout(planned(root)[1])[1], OTHER)
    ship(root, THIRD)
    update(root, before, frozen.cluster, has_glass=True)


def test_a_lifted_freeze_stops_nothing(root: Path) -> None:
    name, first = rollout(planned(root)[1])
    there = Answering("lifted", name, {"1": first, "2": OTHER})
    before = ran(root, first, OTHER)
    ship(root, THIRD)
    update(root, before, there.cluster)
    there.end()


def test_where_another_program_stands_in_for_kubernetes_no_cluster_is_asked(root: Path) -> None:
    assert clusters({STAND_INS: "gcp:1,kubernetes:2"}) is None
    before = ran(root, OTHER)
    ship(root, THIRD)
    update(root, before, None)
    asked = clusters({"GOOGLE_OAUTH_ACCESS_TOKEN": "token"})
    assert asked is not None
    assert asked(ENDPOINT).server == f"https://{ENDPOINT}"
