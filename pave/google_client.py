"""Google's REST APIs, as whoever runs this: with the credentials that Pulumi's provider would use, and at the
roots that it would ask: https://www.pulumi.com/registry/packages/gcp/installation-configuration/."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pave.refused import Refused
from stacks.google_token import TIMEOUT_SECONDS, NoToken, google_token

RETRIED = (429, 500, 502, 503, 504)


class GoogleApi(NamedTuple):
    """An API: its `title`, its `root`, and the variable `endpoint` that names another root."""

    title: str
    root: str
    endpoint: str


class GoogleClient:
    """Asks Google's APIs in an `environment`. A call that changes something isn't tried again when its answer
    is lost: it may have been heard."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        import urllib3  # late: few commands need it

        retries = urllib3.Retry(3, backoff_factor=0.5, status_forcelist=RETRIED, redirect=0)
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=retries)
        self._environment = environment
        self._token: str | None = None
        self._without: Refused | None = None

    def ask(self, api: GoogleApi, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object of an answer. Raises Refused when there is none."""
        from urllib3.exceptions import HTTPError

        root = self._environment.get(api.endpoint, api.root).rstrip("/")
        headers = {"Authorization": f"Bearer {self.token()}"}
        try:
            answer = self._pool.request(method, f"{root}/{path}", json=body, headers=headers)
        except (HTTPError, OSError) as error:
            raise Refused(f"{api.title} did not answer ({type(error).__name__}).") from error
        try:
            found = answer.json()
        except ValueError:
            found = {}
        return answer.status, found if isinstance(found, dict) else {}

    def token(self) -> str:
        """The token that is shown. It is looked for once, whether found or not: where there is none, that
        takes seconds. Raises Refused then."""
        if self._without is not None:
            raise self._without
        try:
            self._token = self._token or google_token(self._environment)
        except NoToken as error:
            self._without = Refused(str(error))
            raise self._without from error
        return self._token


def message_of(answer: Mapping[str, Any]) -> str:
    """What an answer that is an error says."""
    return str((answer.get("error") or {}).get("message") or "without a word")
