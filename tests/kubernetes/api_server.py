"""A real kube-apiserver on a real etcd, in a folder and on ports of this machine: no cluster, no account.

No controllers run, so nothing starts, and what is deleted with its contents stays. What an API server does is
all there: schemas, defaults, validation, admission, field ownership."""

import base64
import json
import secrets
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

import urllib3

from tests import supervised
from tests.built import require_built

Json = dict[str, Any]

HOME = Path(__file__).resolve().parents[2]
TOOLS = HOME / ".tools"
PATIENCE = 120
"""Seconds that a start may take: it takes about ten on two idle cores."""

SERVER_SIDE_APPLY = "application/apply-patch+yaml"
"""https://kubernetes.io/docs/reference/using-api/server-side-apply/"""


def require_tools() -> None:
    """Skips where the servers aren't built; a pipeline has them, or fails."""
    for name in ("etcd", "kube-apiserver"):
        require_built(TOOLS / name, "make test-kubernetes")


class Answer(NamedTuple):
    """What the server said; `warnings` are those of RFC 7234 that it puts into the head."""

    status: int
    body: Json
    warnings: list[str]

    @property
    def is_taken(self) -> bool:
        """Whether the server did it."""
        return self.status in {200, 201}


class ApiServer:
    """A running API server. `folder` holds all that it keeps; of the tester's settings nothing is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = secrets.token_hex()
        self._kinds: dict[tuple[str, str], Json] = {}
        self._processes: list[supervised.Process] = []
        client, peer, secure = free_ports(3)
        self._url = f"https://127.0.0.1:{secure}"
        try:
            self._start_etcd(client, peer)
            self._start_kubernetes(client, secure)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends both servers; their data is of no use afterwards."""
        for process in reversed(self._processes):
            supervised.end(process)

    def apply(self, resource: Json, manager: str = "pave") -> Answer:
        """Server-side apply, in which a field that the server doesn't know is an error."""
        query = {"fieldManager": manager, "fieldValidation": "Strict"}
        path = f"{self._path(resource)}/{resource['metadata']['name']}"
        return self._ask("PATCH", path, query, resource, SERVER_SIDE_APPLY)

    def would_create(self, resource: Json) -> Answer:
        """What the server says to a new object, up to but without keeping it."""
        query = {"fieldValidation": "Strict", "dryRun": "All"}
        return self._ask("POST", self._path(resource), query, resource)

    def define(self, definition: Json) -> None:
        """Adds a kind, and waits until it is served."""
        answer = self.apply(definition)
        assert answer.is_taken, answer.body
        spec = definition["spec"]
        group = f"{spec['group']}/{spec['versions'][0]['name']}"
        deadline = time.monotonic() + PATIENCE
        while not self._ask("GET", f"/apis/{group}").body.get("resources"):
            assert time.monotonic() < deadline, f"{spec['names']['kind']} isn't served"
            time.sleep(0.2)

    def list(self, version: str, plural: str, namespace: str) -> list[Json]:
        """All objects of a kind in a namespace."""
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        found: list[Json] = self._ask("GET", f"{root}/namespaces/{namespace}/{plural}").body["items"]
        return found

    def merge(self, resource: Json) -> Answer:
        """Changes what is said of an object, and of the rest nothing (RFC 7386)."""
        path = f"{self._path(resource)}/{resource['metadata']['name']}"
        return self._ask("PATCH", path, {}, resource, "application/merge-patch+json")

    def kubeconfig(self) -> Json:
        """How clients get here, as whoever may do everything."""
        certificate = str(self._folder / "certificates/apiserver.crt")
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": "it", "cluster": {"server": self._url, "certificate-authority": certificate}}
            ],
            "users": [{"name": "it", "user": {"token": self._token}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "current-context": "it",
        }

    def tell(self, resource: Json) -> Answer:
        """Says of an object what else a controller would: its `status`, and of the rest nothing."""
        path = f"{self._path(resource)}/{resource['metadata']['name']}/status"
        return self._ask("PATCH", path, {}, resource, "application/merge-patch+json")

    def token_of(self, account: Json) -> str:
        """What a pod that runs as a ServiceAccount would find mounted."""
        path = f"{self._path(account)}/{account['metadata']['name']}/token"
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        token: str = self._ask("POST", path, {}, asked).body["status"]["token"]
        return token

    def get(self, resource: Json) -> Answer:
        """The object of that kind and name, as the server has it."""
        return self._ask("GET", f"{self._path(resource)}/{resource['metadata']['name']}")

    def _path(self, resource: Json) -> str:
        version, kind = resource["apiVersion"], resource["kind"]
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if (version, kind) not in self._kinds:
            for one in self._ask("GET", root).body.get("resources", ()):
                if "/" not in one["name"]:  # else it is a part of another: deployments/status
                    self._kinds[version, one["kind"]] = one
        found = self._kinds[version, kind]
        within = f"/namespaces/{resource['metadata']['namespace']}" if found["namespaced"] else ""
        return f"{root}{within}/{found['name']}"

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] = {},
        body: Json | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        response = self._http.request(
            method,
            f"{self._url}{path}?{urlencode(query)}",
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": content_type},
            body=None if body is None else json.dumps(body),
        )
        is_json = response.headers.get("Content-Type") == "application/json"
        said = json.loads(response.data) if is_json else {"message": response.data.decode()}
        return Answer(response.status, said, response.headers.getlist("Warning"))

    def _start_etcd(self, client: int, peer: int) -> None:
        clients, peers = (f"http://127.0.0.1:{port}" for port in (client, peer))
        self._start(
            "etcd",
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={clients}",
            f"--advertise-client-urls={clients}",
            f"--listen-peer-urls={peers}",
            f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=default={peers}",
            "--unsafe-no-fsync",
        )

    def _start_kubernetes(self, etcd: int, port: int) -> None:
        key, tokens = self._folder / "service-accounts.pem", self._folder / "tokens.csv"
        key.write_text(_private_key())
        tokens.write_text(f"{self._token},tester,tester,system:masters\n")
        certificates = self._folder / "certificates"
        self._start(
            "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{etcd}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",  # it would refuse an address that only this machine has
            f"--secure-port={port}",
            f"--cert-dir={certificates}",  # where it puts a certificate that it signs itself
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-signing-key-file={key}",
            f"--service-account-key-file={key}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--allow-privileged",  # as on GKE: that pods aren't is the namespace's doing
        )
        self._http = self._wait_until_ready(certificates / "apiserver.crt")

    def _start(self, name: str, *flags: str) -> None:
        with (self._folder / f"{name}.log").open("wb") as log:
            command = [str(TOOLS / name), *flags]
            # An empty environment: etcd takes flags from variables too.
            self._processes.append(supervised.start(command, log, env={}))

    def _wait_until_ready(self, certificate: Path) -> urllib3.PoolManager:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and all(process.poll() is None for process in self._processes):
            time.sleep(0.2)
            if not certificate.is_file():
                continue
            http = urllib3.PoolManager(ca_certs=str(certificate), retries=False, timeout=60)
            head = {"Authorization": f"Bearer {self._token}"}
            try:
                if http.request("GET", f"{self._url}/readyz", headers=head).status == 200:
                    return http
            except urllib3.exceptions.HTTPError:
                continue
        raise AssertionError(f"no API server after all:\n{self._last_words()}")

    def _last_words(self) -> str:
        logs = [self._folder / f"{name}.log" for name in ("etcd", "kube-apiserver")]
        lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()[-15:]]
        return "\n".join(lines)


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _private_key() -> str:
    """A new key on the curve P-256, as in https://www.rfc-editor.org/rfc/rfc5915, without its public half.

    A number of 31 bytes is always below the curve's order."""
    scalar = b"\x00" + secrets.token_bytes(31)
    curve = bytes.fromhex("a00a06082a8648ce3d030107")
    sequence = b"\x02\x01\x01\x04\x20" + scalar + curve
    text = base64.encodebytes(b"\x30" + bytes([len(sequence)]) + sequence).decode()
    return f"-----BEGIN EC PRIVATE KEY-----\n{text}-----END EC PRIVATE KEY-----\n"
