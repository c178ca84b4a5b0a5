"""Why Google's APIs, or their provider, refuse a call.

A module of `refusals/` is a part of Google Cloud; nothing lists them. Each has `refusals(asked)`, which takes
a CloudCall and yields an ApiError for each reason to refuse it, with the page that documents it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from catalog.document import Json
from pave.local_cloud.store import StoredResource

ERRORS = "https://cloud.google.com/apis/design/errors"


class ApiError(NamedTuple):
    """Why a call is refused: the HTTP status `code` (0 when the provider refuses without asking), the
    message, and the URL of its documentation. `is_googles` is false for what Kubernetes refuses, whose
    messages don't say the status."""

    code: int
    what: str
    source: str
    is_googles: bool = True

    def __str__(self) -> str:
        who = f"googleapi: Error {self.code}: " if self.code and self.is_googles else ""
        return f"{who}{self.what} ({self.source})"


class CloudCall(NamedTuple):
    """A call that would change a resource of type `token`, in the project or cluster `scope`.

    `before` are its inputs as they are, None when it is to be created; `after` those it is to have, None when
    it is to be deleted. Neither has marks of secrets. `held` is the resource, None when it is to be created;
    `others` are all others that exist, of every scope; their inputs and outputs keep the marks. `settings`
    are `settings.Settings`."""

    token: str
    scope: str
    before: Json | None
    after: Json | None
    held: StoredResource | None
    others: Sequence[StoredResource]
    settings: Mapping[tuple[str, str], str] = {}


def refused(asked: CloudCall) -> Iterator[ApiError]:
    """Every reason to refuse a call."""
    for refusals in _parts():
        yield from refusals(asked)


@cache
def _parts() -> list[Callable[[CloudCall], Iterator[ApiError]]]:
    package = import_module("pave.local_cloud.refusals")
    names = sorted(module.name for module in iter_modules(package.__path__))
    return [import_module(f"{package.__name__}.{name}").refusals for name in names]
