"""How a cluster is found and asked: by a kubeconfig with all that it may hold, or by Google."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pave.rollouts.finding import by_google, by_kubeconfig
from stacks.rollouts.cluster import NoCluster
from tests.served_google import BEARER, google

PATH = "projects/acme/locations/us-east1/clusters/production-cluster"
PLUGIN = """\
import json, os, sys
said = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
assert said["spec"]["cluster"]["server"].startswith("http://127.0.0.1"), said
token = {"apiVersion": said["apiVersion"], "kind": "ExecCredential", "status": {"token": "of-the-plugin"}}
print(json.dumps(token))
"""


@pytest.fixture
def heard() -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """A server that has no kind of object, and the heads of what it was asked."""
    heads: list[Mapping[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heads.append({"Authorization": self.headers["Authorization"]})
            body = json.dumps({"kind": "Status", "message": "nothing here"}).encode()
            self.send_response(404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", heads
        server.shutdown()


def kubeconfig(folder: Path, server: str, user: Mapping[str, Any], *names: str) -> str:
    """One with a context of each name, of which the first is the current one."""
    found = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": f"{server}/{name}"}} for name in names],
        "users": [{"name": "me", "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "me"}} for name in names],
        "current-context": names[0],
    }
    path = folder / "config"
    path.write_text(json.dumps(found))
    return str(path)


def environ(path: str) -> dict[str, str]:
    return {"KUBECONFIG": path}


def test_a_plugin_of_the_kubeconfig_says_who_is_asking(
    heard: tuple[str, list[Mapping[str, str]]], tmp_path: Path
) -> None:
    server, heads = heard
    plugin = tmp_path / "plugin.py"
    plugin.write_text(PLUGIN)
    user = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": sys.executable,
            "args": [str(plugin)],
            "interactiveMode": "Never",
            "provideClusterInfo": True,
        }
    }
    own = environ(kubeconfig(tmp_path, server, user, "it"))
    assert by_kubeconfig(own, None).objects("portal").rollouts == []
    assert {head["Authorization"] for head in heads} == {"Bearer of-the-plugin"}


def test_a_plugin_that_fails_is_said_and_nobody_is_asked_as_nobody(
    heard: tuple[str, list[Mapping[str, str]]], tmp_path: Path
) -> None:
    server, heads = heard
    version = "client.authentication.k8s.io/v1beta1"
    plugin = {"apiVersion": version, "command": "a-plugin-that-nobody-has", "interactiveMode": "Never"}
    own = environ(kubeconfig(tmp_path, server, {"exec": plugin}, "it"))
    with pytest.raises(NoCluster, match=r"doesn't say who is asking: .*a-plugin-that-nobody-has"):
        by_kubeconfig(own, None)
    assert heads == []


def test_the_context_of_the_environment_comes_before_the_current_one(tmp_path: Path) -> None:
    own = environ(kubeconfig(tmp_path, "http://127.0.0.1:1", {"token": "mine"}, "elsewhere", "gke_acme"))
    assert by_kubeconfig(own, None, ("gke_acme",)).server.endswith("/gke_acme")
    assert by_kubeconfig(own, None, ("gke_other",)).server.endswith("/elsewhere")
    assert by_kubeconfig(own, "elsewhere", ("gke_acme",)).server.endswith("/elsewhere")


def test_a_context_or_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    own = environ(kubeconfig(tmp_path, "http://127.0.0.1:1", {"token": "mine"}, "it"))
    with pytest.raises(NoCluster, match="no context `other`"):
        by_kubeconfig(own, "other")
    own = environ(str(tmp_path / "missing"))
    with pytest.raises(NoCluster, match="no kubeconfig that can be used"):
        by_kubeconfig(own, None)


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    own = environ(kubeconfig(tmp_path, "http://127.0.0.1:1", {"token": "mine"}, "it"))
    with pytest.raises(NoCluster, match=r"did not answer .*context it"):
        by_kubeconfig(own, None).objects("portal")


def test_google_says_where_the_cluster_is_and_is_told_who_asks() -> None:
    ways = {"dnsEndpointConfig": {"endpoint": "gke-1.us-east1.gke.goog"}}
    with google({PATH: {"name": "production-cluster", "controlPlaneEndpointsConfig": ways}}) as environment:
        found = by_google(environment, PATH)
    assert found.server == "https://gke-1.us-east1.gke.goog"
    assert found._client.configuration.get_api_key_with_prefix("authorization") == f"Bearer {BEARER}"


@pytest.mark.parametrize(
    ("found", "why"), [({}, "not found"), ({PATH: {"name": "c"}}, "no endpoint by a name")]
)
def test_a_cluster_that_google_does_not_know_or_nobody_can_call_is_said(
    found: dict[str, Any], why: str
) -> None:
    with google(found) as environment, pytest.raises(NoCluster, match=why):
        by_google(environment, PATH)
