"""What copies would count if they ran: requests come at a steady rate to all that are ready, each gets as
many as another, and what a version does with them stands in its pods' annotation `does`.

A Prometheus finds the copies where the API server has them, by what Kubernetes' discovery would tell of them,
and asks for each by a path of its own."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from tests.kubernetes.api_server import Json
from tests.prometheus.watched_on_loopback import Answering, discovered

EVERY_SECONDS = 0.25
USUAL_FAULTS = 0.0001
ROUTES = ("purchase", "sign-in", "trial", "portal")


class Does(NamedTuple):
    """The shares of requests, 0 to 1, that fail and that come too late, in a zone and for a route, or in all
    and for all."""

    fails: float = USUAL_FAULTS
    late: float = USUAL_FAULTS
    zone: str | None = None
    route: str | None = None


GOOD = Does()
DOES = {
    "good": GOOD,
    "fails": Does(fails=1.0),
    "slow": Does(late=1.0),
    "fails-in-a-zone": Does(fails=1.0, zone="us-east1-b"),
    "fails-for-a-route": Does(fails=1.0, route="purchase"),
}


class Counted(NamedTuple):
    """Requests to a copy, or to all copies of an image: all, failed, and too late."""

    all: float = 0.0
    failed: float = 0.0
    late: float = 0.0

    def more(self, requests: float, does: Does) -> "Counted":
        """With so many requests more."""
        return Counted(
            self.all + requests, self.failed + requests * does.fails, self.late + requests * does.late
        )


class Counting:
    """Counts in the namespaces of `rates`, requests a second, what `pods` lists of each. `met` is what an
    image did with requests, `struck` from when to when more of them went wrong than usual (`time.time`),
    and `most` how many of its copies were ready at most."""

    def __init__(self, pods: Callable[[str], Iterable[Json]]) -> None:
        self._pods = pods
        self.rates: dict[str, float] = {}
        self._told: dict[str, Json] = {}
        self._counts: dict[tuple[str, str], Counted] = defaultdict(Counted)
        self.met: dict[tuple[str, str], Counted] = defaultdict(Counted)
        self.struck: dict[tuple[str, str], tuple[float, float]] = {}
        self.most: dict[tuple[str, str], int] = defaultdict(int)
        self._is_over = threading.Event()
        self.port = Answering(self._answer).port
        self._counts_on = threading.Thread(target=self._count, daemon=True)
        self._counts_on.start()

    def end(self) -> None:
        """Nothing comes any more, nor is anybody asked what there is."""
        self._is_over.set()
        self._counts_on.join()

    def _answer(self, path: str) -> str:
        told = dict(self._told)
        if path == "/discovered":
            found = [each for pod in told.values() for each in discovered(self._found(pod))]
            return msgspec.json.encode(found).decode()
        name = path.rpartition("/")[2]
        return "".join(
            f'rails_requests_total{{route="{route}"}} {counts.all}\n'
            f'rails_requests_failed_total{{route="{route}"}} {counts.failed}\n'
            f'rails_requests_in_time_total{{route="{route}"}} {counts.all - counts.late}\n'
            for route in ROUTES
            for counts in [self._counts[name, route]]
        )

    def _found(self, pod: Json) -> Json:
        """A pod as discovery would tell of it, but that it answers here."""
        metadata = pod["metadata"]
        asked = {
            **metadata["annotations"],
            "prometheus.io/port": str(self.port),
            "prometheus.io/path": f"/of/{metadata['name']}",
        }
        return {
            **pod,
            "metadata": {**metadata, "annotations": asked},
            "status": {**pod["status"], "podIP": "127.0.0.1"},
        }

    def _count(self) -> None:
        before = time.monotonic()
        while not self._is_over.wait(EVERY_SECONDS):
            now = time.monotonic()
            told: dict[str, Json] = {}
            for namespace, rate in [*self.rates.items()]:
                ready = [*_ready(self._pods(namespace))]
                told |= {pod["metadata"]["name"]: pod for pod in ready}
                for image, copies in Counter(image_of(pod) for pod in ready).items():
                    self.most[namespace, image] = max(copies, self.most[namespace, image])
                for pod in ready:
                    self._serve(namespace, pod, rate * (now - before) / len(ready))
            self._told, before = told, now

    def _serve(self, namespace: str, pod: Json, requests: float) -> None:
        does = DOES[pod["metadata"]["annotations"]["does"]]
        is_there = does.zone is None or pod["spec"]["nodeName"] == f"node-{does.zone}"
        whole, now = (namespace, image_of(pod)), time.time()
        for route in ROUTES:
            is_it = is_there and does.route in {None, route}
            key = pod["metadata"]["name"], route
            self._counts[key] = self._counts[key].more(requests / len(ROUTES), does if is_it else GOOD)
            self.met[whole] = self.met[whole].more(requests / len(ROUTES), does if is_it else GOOD)
            if is_it and does != GOOD:
                self.struck[whole] = self.struck.get(whole, (now, now))[0], now


def image_of(pod: Json) -> str:
    """The image of its only container."""
    (container,) = pod["spec"]["containers"]
    return str(container["image"])


def _ready(pods: Iterable[Json]) -> Iterator[Json]:
    for pod in pods:
        conditions = {each["type"]: each["status"] for each in pod.get("status", {}).get("conditions", ())}
        if conditions.get("Ready") == "True":
            yield pod
