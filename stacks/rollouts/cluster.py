"""A cluster, asked by its API as whoever runs this."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from catalog.document import Json
from stacks.rollouts.changing import ObjectChange
from stacks.rollouts.objects import RolloutObjects

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

PATIENCE_SECONDS = 20.0

KINDS = {
    "rollouts": "/apis/argoproj.io/v1alpha1",
    "deployments": "/apis/apps/v1",
    "replicasets": "/apis/apps/v1",
    "pods": "/api/v1",
    "analysisruns": "/apis/argoproj.io/v1alpha1",
    "events": "/api/v1",
}
"""What is read, in the order of `RolloutObjects`, by the API that has it."""

AT_ONCE = 500
"""Objects in one answer."""

MANAGER = "pave-rollout"
"""Whose the fields are that a person changes by this command."""


class NoCluster(Exception):
    """No cluster could be asked: why, in sentences."""


class RemoteCluster:
    """The cluster that a client of Kubernetes' own asks. `server` is its address, and `called` what tells a
    person which it is."""

    def __init__(self, client: "ApiClient", called: str) -> None:
        self._client = client
        self.server = str(client.configuration.host)
        self.called = called

    def objects(self, namespace: str) -> RolloutObjects:
        """All that tells something about the rollouts of a namespace. Raises NoCluster."""
        return RolloutObjects(*(self._list(root, plural, namespace) for plural, root in KINDS.items()))

    def get(self, path: str) -> Json | None:
        """An object by its path; None where there is none. Raises NoCluster."""
        status, answer = self._ask("GET", path)
        if status == 404:
            return None
        return self._object(path, status, answer)

    def make(self, changes: Iterable[ObjectChange], *, dry_run: bool = False) -> None:
        """Makes changes one after the other, or has the server say whether it would. Raises NoCluster."""
        query = [("fieldManager", MANAGER), ("fieldValidation", "Strict")]
        if dry_run:
            query.append(("dryRun", "All"))
        for change in changes:
            status, answer = self._ask("PATCH", change.path, query, change.body, change.content_type)
            self._object(change.path, status, answer)

    def me(self) -> str:
        """Who the cluster says is asking: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review.
        Raises NoCluster."""
        path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        answer = self._object(path, *self._ask("POST", path, body=asked))
        return str(((answer.get("status") or {}).get("userInfo") or {}).get("username") or "somebody")

    def _list(self, root: str, plural: str, namespace: str) -> list[Json]:
        path, found, more = f"{root}/namespaces/{namespace}/{plural}", list[Json](), ""
        while True:
            query = [("limit", str(AT_ONCE)), *([("continue", more)] if more else [])]
            status, answer = self._ask("GET", path, query)
            if status == 404:  # no such kind here: a cluster without Argo Rollouts
                return []
            answer = self._object(path, status, answer)
            found += answer.get("items") or []
            more = str((answer.get("metadata") or {}).get("continue") or "")
            if not more:
                return found

    def _object(self, path: str, status: int, answer: Json) -> Json:
        if status not in {200, 201}:
            said = answer.get("message") or f"it answers {status}"
            raise NoCluster(f"The cluster at {self.server} did not do {path}: {said}.")
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]] = (),
        body: Any = None,
        content_type: str = "application/json",
    ) -> tuple[int, Json]:
        from kubernetes.client.exceptions import ApiException
        from kubernetes.config.config_exception import ConfigException
        from urllib3.exceptions import HTTPError

        heads = {"Accept": "application/json", "Content-Type": content_type}
        try:
            asked = self._client.param_serialize(
                method, path, None, list(query), heads, body, auth_settings=["BearerToken"]
            )
            answer = self._client.call_api(*asked, _request_timeout=PATIENCE_SECONDS)
            found = json.loads(answer.response.data or b"{}")
        except (ApiException, ConfigException, HTTPError, OSError, ValueError) as error:
            raise NoCluster(
                f"The cluster at {self.server} did not answer ({type(error).__name__}). Is it the right"
                f" one ({self.called}), and may you reach it from here?"
            ) from error
        return int(answer.status), found if isinstance(found, dict) else {}


def cluster_at(endpoint: str, token: str, called: str) -> RemoteCluster:
    """The cluster whose control plane has that name, without a scheme, which every certificate authority
    vouches for; asked with a token of Google's."""
    from kubernetes.client import ApiClient, Configuration

    asked: Any = Configuration(host=f"https://{endpoint}")
    asked.api_key = {"authorization": f"Bearer {token}"}
    return RemoteCluster(ApiClient(asked), called)
