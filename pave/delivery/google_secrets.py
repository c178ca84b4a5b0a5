"""Google's Secret Manager, over its REST API, as whoever runs this.

https://cloud.google.com/secret-manager/docs/reference/rest. Google's own client library brings gRPC stubs of
the whole API for the two calls that are made here."""

import base64
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pave.refused import Refused

API = "https://secretmanager.googleapis.com/v1"
ENDPOINT = "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT"
ACCESS = "GOOGLE_OAUTH_ACCESS_TOKEN"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT_SECONDS = 20.0
RETRIED = (429, 500, 502, 503, 504)


class GoogleSecretValues:
    """`SecretValues` with the credentials that Pulumi's provider would use in an `environment`, and at the
    API's root that it would ask: https://www.pulumi.com/registry/packages/gcp/installation-configuration/."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        import urllib3  # late: few commands need it

        retries = urllib3.Retry(3, backoff_factor=0.5, status_forcelist=RETRIED, redirect=0)
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=retries)
        self._api = environment.get(ENDPOINT, API).rstrip("/")
        self._token = environment.get(ACCESS)

    def has_value(self, secret: str) -> bool:
        """By a list of one enabled version: needs `secretmanager.versions.list`."""
        status, answer = self._ask("GET", f"{secret}/versions?pageSize=1&filter=state:ENABLED")
        if status == 404:
            return False
        self._require(status, answer, secret)
        return bool(answer.get("versions"))

    def add(self, secret: str, value: bytes) -> str:
        """Needs `secretmanager.versions.add`. It isn't tried again: it may have been heard."""
        data = base64.b64encode(value).decode()
        status, answer = self._ask("POST", f"{secret}:addVersion", {"payload": {"data": data}})
        if status == 404:
            raise Refused(f"There is no secret {secret} yet. `pave up` makes it.")
        self._require(status, answer, secret)
        return str(answer.get("name", ""))

    def _ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        from urllib3.exceptions import HTTPError

        headers = {"Authorization": f"Bearer {self._token or _token()}"}
        try:
            answer = self._pool.request(method, f"{self._api}/{path}", json=body, headers=headers)
        except (HTTPError, OSError) as error:
            raise Refused(f"Secret Manager did not answer ({type(error).__name__}).") from error
        try:
            found = answer.json()
        except ValueError:
            found = {}
        return answer.status, found if isinstance(found, dict) else {}

    def _require(self, status: int, answer: dict[str, Any], secret: str) -> None:
        if status != 200:
            said = (answer.get("error") or {}).get("message") or "without a word"
            raise Refused(f"Secret Manager answered {status} on {secret}: {said}")


def _token() -> str:
    """Raises Refused when there are no credentials."""
    import urllib3
    from google.auth import default
    from google.auth.exceptions import GoogleAuthError

    transport: Any = import_module("google.auth.transport.urllib3")  # says nothing about its types
    try:
        found: Any = default(scopes=[SCOPE])[0]
        found.refresh(transport.Request(urllib3.PoolManager(timeout=TIMEOUT_SECONDS)))
    except GoogleAuthError as error:
        raise Refused(f"There are no credentials for Google: {error}") from error
    return str(found.token)
