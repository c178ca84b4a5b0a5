"""Google's Secret Manager, over its REST API, as whoever runs this.

https://cloud.google.com/secret-manager/docs/reference/rest. Google's own client library brings gRPC stubs of
the whole API for the two calls that are made here."""

import base64
from collections.abc import Mapping
from typing import Any

from pave.google_client import GoogleApi, GoogleClient, message_of
from pave.refused import Refused

SECRET_MANAGER = GoogleApi(
    "Secret Manager", "https://secretmanager.googleapis.com/v1", "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT"
)


class GoogleSecretValues:
    """`SecretValues` of Google Cloud, asked in an `environment`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._client = GoogleClient(environment)

    def has_value(self, secret: str) -> bool:
        """By a list of one enabled version: needs `secretmanager.versions.list`."""
        path = f"{secret}/versions?pageSize=1&filter=state:ENABLED"
        status, answer = self._client.ask(SECRET_MANAGER, "GET", path)
        if status == 404:
            return False
        self._require(status, answer, secret)
        return bool(answer.get("versions"))

    def add(self, secret: str, value: bytes) -> str:
        """Needs `secretmanager.versions.add`. It isn't tried again: it may have been heard."""
        body = {"payload": {"data": base64.b64encode(value).decode()}}
        status, answer = self._client.ask(SECRET_MANAGER, "POST", f"{secret}:addVersion", body)
        if status == 404:
            raise Refused(f"There is no secret {secret} yet. `pave up` makes it.")
        self._require(status, answer, secret)
        return str(answer.get("name", ""))

    def _require(self, status: int, answer: dict[str, Any], secret: str) -> None:
        if status != 200:
            raise Refused(f"Secret Manager answered {status} on {secret}: {message_of(answer)}")
