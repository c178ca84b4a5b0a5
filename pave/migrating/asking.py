"""Asks live signals: a server that speaks Prometheus' API, and hosts themselves.

What nobody can say is undecided, and never counts as holding: a server that doesn't answer, a series that
isn't there, a promise of which no event was counted, a name that doesn't resolve from here."""

import math
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from components.design.migration.model import LiveSignal
from components.design.monitoring.promql import WINDOW
from pave.refused import Refused
from stacks.budgets.measured import Answered, NotMeasured, Sample, ask_now

LEAST_SECONDS = 300
"""The shortest time over which anything is recorded: a younger phase is judged over so much."""

SECONDS, TRIES = 10.0, 3
"""How long a host may take to answer, and how often it is asked before it counts as one that doesn't."""

AT_ONCE = 8

SignalState = Literal["holds", "fails", "undecided"]


class SignalAnswer(NamedTuple):
    """What was answered to a signal: its state, and what there is to say of it, a clause."""

    signal: LiveSignal
    state: SignalState
    said: str

    def __str__(self) -> str:
        return f"{self.signal.kind}: {self.state}, {self.said}"


class Signals:
    """Where signals are asked: the `url` of a server, None where nobody says one, with the variables that may
    hold its token. `reached` are addresses that stand for those of hosts (`host:port`), for whoever asks what
    no name leads to yet."""

    def __init__(
        self, url: str | None, environ: Mapping[str, str], reached: Mapping[str, str] | None = None
    ) -> None:
        self._url, self._environ, self._reached = url, environ, dict(reached or {})
        self._silent = ""

    def ask(self, signals: Sequence[LiveSignal], since: datetime, now: datetime) -> list[SignalAnswer]:
        """The answers to some signals of a phase that was made at a time. A server that didn't answer once is
        asked for nothing more."""
        self._silent = ""
        return [SignalAnswer(each, *self._answer(each, (now - since).total_seconds())) for each in signals]

    def _answer(self, signal: LiveSignal, seconds: float) -> tuple[SignalState, str]:
        if signal.nothing:
            return "undecided", signal.nothing
        return self._of_hosts(signal) if signal.urls else self._of_series(signal, seconds)

    def _of_series(self, signal: LiveSignal, seconds: float) -> tuple[SignalState, str]:
        if self._url is None or self._silent:
            return "undecided", self._silent or "nobody says where it is measured (--url)"
        window = f"{math.ceil(max(seconds, LEAST_SECONDS))}s"
        try:
            answer = ask_now(self._url, signal.query.replace(WINDOW, window), self._environ)
        except NotMeasured as error:
            self._silent = str(error).rstrip(".")
            return "undecided", self._silent
        try:
            found = msgspec.json.decode(answer, type=Answered).data.result
        except msgspec.DecodeError:
            return "undecided", f"{self._url} holds no answer of Prometheus' query API"
        return judged(signal, found)

    def _of_hosts(self, signal: LiveSignal) -> tuple[SignalState, str]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(lambda url: self._of_host(url, signal.statuses), signal.urls))
        if bad := [said for state, said in found if state == "fails"]:
            return "fails", "; ".join(bad)
        if unknown := [said for state, said in found if state == "undecided"]:
            return "undecided", "; ".join(dict.fromkeys(unknown))
        return "holds", f"{len(found)} of {len(found)} answer"

    def _of_host(self, url: str, statuses: str) -> tuple[SignalState, str]:
        import urllib3  # late: few commands need it

        parts = urlsplit(url)
        host = parts.hostname or ""
        address, _, port = self._reached.get(host, host).partition(":")
        try:
            socket.getaddrinfo(address, int(port or 443))
        except OSError:
            return "undecided", f"{address} doesn't resolve from here"
        pool = urllib3.HTTPSConnectionPool(
            address, int(port or 443), timeout=SECONDS, server_hostname=host, assert_hostname=host
        )
        said = ""
        for _ in range(TRIES):
            try:
                answer = pool.request(
                    "GET", parts.path or "/", headers={"Host": host}, retries=False, redirect=False
                )
            except (urllib3.exceptions.HTTPError, OSError) as error:
                said = f"{url} doesn't answer ({type(error).__name__})"
                continue
            if _is_good(answer.status, statuses):
                return "holds", ""
            said = f"{url} answers {answer.status}"
        return "fails", said


def addresses(said: Sequence[str]) -> dict[str, str]:
    """The addresses that stand for those of hosts, by host, in the words `HOST=ADDRESS` of `--connect-to`.
    Raises Refused for others."""
    found = {}
    for each in said:
        host, is_pair, address = each.partition("=")
        if not (host and is_pair and address):
            raise Refused(
                f"--connect-to takes HOST=ADDRESS, as in www.acme.example=203.0.113.7; not `{each}`."
            )
        found[host] = address
    return found


def _is_good(status: int, statuses: str) -> bool:
    if statuses == "2xx":
        return 200 <= status < 300
    return statuses == "any" or status < 500


def judged(signal: LiveSignal, found: Sequence[Sample]) -> tuple[SignalState, str]:
    """What the samples of an answer mean for a signal. The worst one counts."""
    if signal.allowed:
        return _of_promises(signal, found)
    values = [each.number for each in found if each.number is not None]
    if not values:
        return "undecided", "there is no such series"
    worst = min(values) if signal.is_least else max(values)
    holds = worst >= signal.limit if signal.is_least else worst <= signal.limit
    bound = "at least" if signal.is_least else "at most"
    return "holds" if holds else "fails", f"{worst:g} {signal.unit}, {bound} {signal.limit:g}"


def _of_promises(signal: LiveSignal, found: Sequence[Sample]) -> tuple[SignalState, str]:
    worst: dict[str, float] = {}
    for name, figure in _figures(signal, found):
        worst[name] = max(figure, worst.get(name, figure))
    if over := {name: figure for name, figure in worst.items() if figure > signal.limit}:
        named = ", ".join(f"{name} {figure:.3g}" for name, figure in sorted(over.items()))
        return "fails", f"{named} {signal.unit}, at most {signal.limit:g}"
    missing = [name for name in signal.allowed if name not in worst]
    if missing:
        few = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        return "undecided", f"nobody has counted events of {few}"
    name = max(worst, key=lambda each: worst[each])
    return "holds", f"{name} {worst[name]:.3g} {signal.unit}, at most {signal.limit:g}"


def _figures(signal: LiveSignal, found: Sequence[Sample]) -> Iterator[tuple[str, float]]:
    for each in found:
        name, ratio = each.metric.get("sli", ""), each.number
        if name in signal.allowed and ratio is not None and 0 <= ratio <= 1:
            allowed = signal.allowed[name]
            yield name, ratio / allowed if allowed else math.inf * ratio if ratio else 0.0
