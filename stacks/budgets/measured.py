"""What was measured of promises: asked of a server that speaks Prometheus' API, or read from its answer in a
file. Imports no Pulumi.

https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from components.design.monitoring.budget import Ratios
from components.design.monitoring.promql import quoted

BEARER = "PAVE_PROMETHEUS_TOKEN"
"""The variable that holds what a server wants to be shown."""
NOW = "6h"
"""The window that tells how fast a budget goes now: shorter ones jump."""

SERIES = "sli:bad_ratio:rate(28d|6h)"
EVERY = f"{{__name__=~{quoted(SERIES)}}}"
"""What is asked when the budgets of all services are wanted."""
SECONDS = 10.0


class Sample(msgspec.Struct, frozen=True):
    """A series and its value at one time."""

    metric: dict[str, str]
    value: tuple[float, str]

    @property
    def number(self) -> float | None:
        """The value, None where it is no finite number: nothing has happened."""
        try:
            found = float(self.value[1])
        except ValueError:
            return None
        return found if math.isfinite(found) else None


class Vector(msgspec.Struct, frozen=True):
    """The result of an instant query."""

    result: list[Sample]


class Success(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An answer of the API that says that it is whole. Of several servers VictoriaMetrics' some may not have
    answered: https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#cluster-availability."""

    status: Literal["success"]
    is_partial: bool = False

    def __post_init__(self) -> None:
        if self.is_partial:
            raise ValueError("some of its servers didn't answer, and what they know is missing")


class Answered(Success, frozen=True):
    """To an instant query."""

    data: Vector


class NotMeasured(Exception):
    """Nobody could say what was measured: one sentence on why."""


class Measured(NamedTuple):
    """An answer: what it says of each promise, by its name (`sli`), and when that was so, in seconds since
    1970; 0 where it says nothing."""

    ratios: dict[str, Ratios]
    at: float


def query(service: str, cell: str) -> str:
    """What is asked: all that budgets of a service at a place stand on."""
    return f"{{__name__=~{quoted(SERIES)},service={quoted(service)},cell={quoted(cell)}}}"


def ask(url: str, service: str, cell: str, environment: Mapping[str, str]) -> bytes:
    """The server's answer. `environment` may hold the token that it wants. Raises NotMeasured when there is
    none."""
    return ask_now(url, query(service, cell), environment)


def ask_now(url: str, asked: str, environment: Mapping[str, str]) -> bytes:
    """Its answer to any query about now; else as `ask`."""
    return _ask(url, "query", {"query": asked}, environment)


def ask_range(url: str, fields: Mapping[str, str], environment: Mapping[str, str]) -> bytes:
    """Its answer to a query over a time, with the `fields` of
    https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries; else as `ask`."""
    return _ask(url, "query_range", fields, environment)


def _ask(url: str, what: str, fields: Mapping[str, str], environment: Mapping[str, str]) -> bytes:
    import urllib3  # late: few commands need it

    if urlsplit(url).scheme not in {"http", "https"}:
        raise NotMeasured(f"`{url}` is no address of a server: write it with https://.")
    token = environment.get(BEARER)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    where = f"{url.rstrip('/')}/api/v1/{what}"
    try:
        pool = urllib3.PoolManager(timeout=SECONDS, retries=urllib3.Retry(2, redirect=0))
        answer = pool.request("GET", where, fields=dict(fields), headers=headers)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotMeasured(f"{url} did not answer ({type(error).__name__}).") from error
    if answer.status != 200:
        hint = f" Put a token into {BEARER}." if answer.status in {401, 403} and not token else ""
        raise NotMeasured(f"{url} answered {answer.status} to a query.{hint}")
    return answer.data


def recorded(path: Path) -> bytes:
    """The answer in a file. Raises NotMeasured when it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotMeasured(f"{path} can't be read: {error.strerror}.") from error


def samples(answer: bytes, source: str, cell: str, service: str) -> list[Sample]:
    """What an answer says of a service at a place. Raises NotMeasured for what is no answer of the API."""
    try:
        found = msgspec.json.decode(answer, type=Answered)
    except msgspec.DecodeError as error:
        raise NotMeasured(f"{source} holds no answer of Prometheus' query API: {error}.") from error
    wanted = service, cell
    every = found.data.result
    return [each for each in every if (each.metric.get("service"), each.metric.get("cell")) == wanted]


def measured(answer: bytes, source: str, cell: str, service: str) -> Measured:
    """What an answer says of each promise. Of two replicas the worse one counts. Raises as `samples`."""
    worst: dict[tuple[str, str], float] = {}
    latest = 0.0
    for sample in samples(answer, source, cell, service):
        labels, value = sample.metric, sample.number
        if "sli" in labels and value is not None and 0 <= value <= 1:
            at = labels["sli"], labels.get("__name__", "").removeprefix("sli:bad_ratio:rate")
            worst[at] = max(value, worst.get(at, value))
            latest = max(latest, sample.value[0])
    named = sorted({at[0] for at in worst})
    return Measured({sli: Ratios(worst.get((sli, "28d")), worst.get((sli, NOW))) for sli in named}, latest)
