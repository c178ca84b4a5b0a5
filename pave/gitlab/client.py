"""One project on a GitLab, over its REST API (https://docs.gitlab.com/api/rest/).

The library `python-gitlab` (8.6) doesn't fit: it follows redirects of what is read, and sends the token along
to wherever they lead, another host too; and its objects say nothing of the types of what was answered.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

T = TypeVar("T")
TIMEOUT_SECONDS = 10.0
PER_PAGE = 100


class GitLabError(Exception):
    """An answer that can't be had, or isn't what GitLab documents. One line, which never holds the token."""


class User(msgspec.Struct, frozen=True):
    """A user by the id (https://docs.gitlab.com/api/users/#retrieve-the-current-user)."""

    id: int


class Project:
    """A project, read and written with a token. `url` is the API's root, `…/api/v4`.

    No redirect is followed: the token would go where it leads. Every method raises GitLabError."""

    def __init__(self, url: str, project: str, token: str) -> None:
        self._api = url
        self._root = f"/projects/{quote(project, safe='')}"
        self._token = token
        import urllib3  # late: it takes as long as a check that finds all its verdicts known

        retries = urllib3.Retry(3, backoff_factor=0.5, status_forcelist=[429, 500, 502, 503, 504], redirect=0)
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=retries)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Project | None":
        """The project of the pipeline that we run in, if there is a token for it."""
        token = environment.get("PAVE_GITLAB_TOKEN")
        url, project = environment.get("CI_API_V4_URL"), environment.get("CI_PROJECT_ID")
        return cls(url, project, token) if token and url and project else None

    def get(self, path: str, kind: type[T]) -> T:
        """What stands at a path below the project, as a struct or a list of them."""
        return _read(self._ask("GET", self._root + path), kind)

    def pages(self, path: str, kind: type[list[T]]) -> Iterator[T]:
        """The items of a list below the project, page after page; `kind` is that of the list."""
        page: str | None = "1"
        while page:
            answer = self._ask("GET", f"{self._root}{path}?per_page={PER_PAGE}&page={page}")
            yield from _read(answer, kind)
            page = answer.headers.get("x-next-page")

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        """Writes below the project. A POST is not tried again: it may have been heard."""
        self._ask(method, self._root + path, body)

    def who_am_i(self) -> int:
        """The id of the user that the token stands for."""
        return _read(self._ask("GET", "/user"), User).id

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> "BaseHTTPResponse":
        from urllib3.exceptions import HTTPError

        if not (self._token.isascii() and self._token.isprintable()):  # an error of Python's would show it
            raise GitLabError("PAVE_GITLAB_TOKEN holds a character that no token has, perhaps a line break")
        headers = {"PRIVATE-TOKEN": self._token}
        try:
            answer = self._pool.request(method, self._api + path, json=body, headers=headers)
        except (HTTPError, OSError) as error:
            raise GitLabError(f"GitLab did not answer ({type(error).__name__})") from error
        if answer.status not in {200, 201}:
            raise GitLabError(f"GitLab answered {answer.status}")
        return answer


def _read(answer: "BaseHTTPResponse", kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.data, type=kind)
    except msgspec.DecodeError as error:
        raise GitLabError(f"GitLab's answer isn't what it documents: {error}") from error
