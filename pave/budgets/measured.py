"""What was measured of promises: asked of a server that speaks Prometheus' API, or read from its answer in a
file.

https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from components.design.monitoring.promql import quoted
from pave.refused import Refused

BEARER = "PAVE_PROMETHEUS_TOKEN"
"""The variable that holds what a server wants to be shown."""
NOW = "6h"
"""The window that tells how fast a budget goes now: shorter ones jump."""

SERIES = "sli:bad_ratio:rate(28d|6h)"
SECONDS = 10.0


class Sample(msgspec.Struct, frozen=True):
    """A series and its value at one time."""

    metric: dict[str, str]
    value: tuple[float, str]


class Vector(msgspec.Struct, frozen=True):
    """The result of an instant query."""

    result: list[Sample]


class Answered(msgspec.Struct, frozen=True):
    """An answer of the API."""

    status: str
    data: Vector


class Ratios(NamedTuple):
    """The share of bad events of a promise, over the whole window and now; None where nobody knows."""

    whole: float | None
    now: float | None


def query(service: str, cell: str) -> str:
    """What is asked: all that budgets of a service at a place stand on."""
    return f"{{__name__=~{quoted(SERIES)},service={quoted(service)},cell={quoted(cell)}}}"


def ask(url: str, service: str, cell: str, environment: Mapping[str, str]) -> bytes:
    """The server's answer. `environment` may hold the token that it wants. Raises Refused when there is
    none."""
    import urllib3  # late: few commands need it

    if urlsplit(url).scheme not in {"http", "https"}:
        raise Refused(f"`{url}` is no address of a server: write it with https://.")
    token = environment.get(BEARER)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    where = f"{url.rstrip('/')}/api/v1/query"
    fields = {"query": query(service, cell)}
    try:
        pool = urllib3.PoolManager(timeout=SECONDS, retries=urllib3.Retry(2, redirect=0))
        answer = pool.request("GET", where, fields=fields, headers=headers)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Refused(f"{url} did not answer ({type(error).__name__}).") from error
    if answer.status != 200:
        hint = f" Put a token into {BEARER}." if answer.status in {401, 403} and not token else ""
        raise Refused(f"{url} answered {answer.status} to a query.{hint}")
    return answer.data


def recorded(path: Path) -> bytes:
    """The answer in a file. Raises Refused when it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from error


def ratios(answer: bytes, source: str, cell: str, service: str) -> dict[str, Ratios]:
    """What an answer says of each promise, by its name (`sli`). Of two replicas the worse one counts. Raises
    Refused for what is no answer of the API."""
    try:
        found = msgspec.json.decode(answer, type=Answered)
    except msgspec.DecodeError as error:
        raise Refused(f"{source} holds no answer of Prometheus' query API: {error}.") from error
    worst: dict[tuple[str, str], float] = {}
    for sample in found.data.result:
        labels = sample.metric
        if (labels.get("service"), labels.get("cell")) != (service, cell) or "sli" not in labels:
            continue
        window = labels.get("__name__", "").removeprefix("sli:bad_ratio:rate")
        value = _number(sample.value[1])
        if value is not None:
            at = labels["sli"], window
            worst[at] = max(value, worst.get(at, value))
    return {
        sli: Ratios(worst.get((sli, "28d")), worst.get((sli, NOW))) for sli in sorted({at[0] for at in worst})
    }


def _number(text: str) -> float | None:
    """The value, None where it is none: nothing has happened, and nobody knows how it would have gone."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
