"""Who asks a unit from outside comes through its gateway, and gets answers to queries about its own
environment, or none."""

import http.client
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from components.design.unit import gateway
from tests.components.test_observability_unit import changed
from tests.prometheus.processes import Processes, answers, free_port, need, until
from tests.prometheus.unit_on_loopback import Outside

pytestmark = pytest.mark.prometheus

READER, STRANGER = "127.0.0.1", "127.0.0.2"
"""Both are this machine: each program may call from any address of its loopback network."""


class Answer(NamedTuple):
    """What the gateway said."""

    status: int
    body: str

    @property
    def environments(self) -> set[str]:
        """Those that the series of an answer are of."""
        return {each["metric"].get("environment", "") for each in json.loads(self.body)["data"]["result"]}


class Gateway:
    """The gateway of production's unit, before a Prometheus that has also got to know staging. `readers` may
    ask."""

    def __init__(self, folder: Path, readers: list[str]) -> None:
        need("haproxy", "prom-label-proxy", "prometheus")
        self._processes = Processes(folder)
        names = ("prometheus", "tenancy", "gateway")
        self._port = {name: free_port() for name in names}
        self._start_prometheus(folder)
        words = [
            word.replace(f":{gateway.TENANCY_PORT}", f":{self._port['tenancy']}")
            for word in gateway.tenancy_arguments("production")
            if not word.startswith("--upstream")
        ]
        upstream = f"--upstream=http://127.0.0.1:{self._port['prometheus']}"
        self._processes.run("tenancy", "prom-label-proxy", [*words, upstream])
        self._start_gateway(folder, readers)
        until(lambda: answers(f"http://127.0.0.1:{self._port['gateway']}/healthz"))
        until(lambda: answers(f"http://127.0.0.1:{self._port['prometheus']}/-/ready"))
        until(self._knows_both)

    def end(self) -> None:
        """Ends all of it."""
        self._processes.end()

    def asked(
        self,
        path: str,
        *,
        method: str = "GET",
        body: str | None = None,
        by: str = READER,
        of: str = "gateway",
    ) -> Answer:
        """What is answered to a path, as it is written here: nobody on the way makes it any nicer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port[of], 30, (by, 0))
        form = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, form)
        found = connection.getresponse()
        return Answer(found.status, found.read().decode())

    def _knows_both(self) -> bool:
        return self.asked("/api/v1/query?query=up", of="prometheus").environments == {"production", "staging"}

    def _start_prometheus(self, folder: Path) -> None:
        outside = f"127.0.0.1:{Outside().port}"
        scrapes = [
            {"job_name": name, "static_configs": [{"targets": [outside], "labels": {"environment": name}}]}
            for name in ("production", "staging")
        ]
        config = folder / "prometheus.yaml"
        config.write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": scrapes}))
        words = [
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self._port['prometheus']}",
            # All that the gateway has to refuse works here.
            *("--web.enable-admin-api", "--web.enable-lifecycle", "--web.enable-remote-write-receiver"),
        ]
        self._processes.run("prometheus", "prometheus", words)

    def _start_gateway(self, folder: Path, readers: list[str]) -> None:
        text = changed({"readers": readers}).gateway.files["haproxy.cfg"]
        text = text.replace(f":{gateway.PORT}", f"127.0.0.1:{self._port['gateway']}")
        config = folder / "haproxy.cfg"
        config.write_text(text.replace(f":{gateway.TENANCY_PORT}", f":{self._port['tenancy']}"))
        self._processes.run("gateway", "haproxy", ["-db", "-f", str(config)])


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    made = Gateway(tmp_path_factory.mktemp("gateway"), [f"{READER}/32"])
    yield made
    made.end()


@pytest.mark.parametrize(
    "query",
    [
        "up",
        "sum%20by%20(environment)%20(up)",
        'up{environment="production"}',
        'up%20or%20{__name__="up",job="staging"}',
        'up{environment=~"staging|production"}',
        'max_over_time(up[5m])%20or%20label_replace(up,"environment","staging","environment","none")',
        'count%20by%20(environment)%20({job=~".+"}%20offset%201s%20or%20vector(1))',
    ],
)
def test_a_reader_gets_an_answer_about_the_units_own_environment(unit: Gateway, query: str) -> None:
    answer = unit.asked(f"/api/v1/query?query={query}")
    assert answer.status == 200, answer.body
    assert answer.environments <= {"production", ""}


def test_a_query_may_also_be_posted_and_be_over_a_range(unit: Gateway) -> None:
    posted = unit.asked("/api/v1/query", method="POST", body="query=up")
    assert (posted.status, posted.environments) == (200, {"production"})
    ranged = unit.asked("/api/v1/query_range?query=up&start=1&end=2&step=1")
    assert ranged.status == 200


@pytest.mark.parametrize(
    "query",
    [
        'up{environment="staging"}',
        'up{environment!="production"}',
        'up or up{environment="staging"}',
        'sum(up{environment="staging"}[1m:1s])',
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_asks_for_another_environment_is_refused(unit: Gateway, query: str, method: str) -> None:
    if method == "GET":
        answer = unit.asked("/api/v1/query?query=" + urllib.parse.quote(query))
    else:
        answer = unit.asked("/api/v1/query", method="POST", body=f"query={query}")
    assert answer.status == 400, answer.body


def test_a_query_that_is_given_twice_is_no_way_round(unit: Gateway) -> None:
    staging = "up%7Benvironment=%22staging%22%7D"
    for path, body in (
        (f"/api/v1/query?query=up&query={staging}", None),
        (f"/api/v1/query?query={staging}&query=up", None),
        (f"/api/v1/query?query={staging}", "query=up"),
        ("/api/v1/query?query=up", f"query={staging}"),
    ):
        answer = unit.asked(path, method="GET" if body is None else "POST", body=body)
        assert answer.status == 400 or answer.environments == {"production"}, path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/metrics",
        "/graph",
        "/federate?match[]=up",
        "/-/reload",
        "/-/quit",
        "/api/v1/write",
        "/api/v1/read",
        "/api/v1/series?match[]=up",
        "/api/v1/labels",
        "/api/v1/label/environment/values",
        "/api/v1/targets",
        "/api/v1/rules",
        "/api/v1/status/config",
        "/api/v1/admin/tsdb/delete_series?match[]=up",
        "/api/v1/admin/tsdb/snapshot",
        "/api/v1/query/../read",
        "/api/v1/query/..%2fread",
        "/api/v1/query%2f..%2fread",
        "/api/v1/query/",
        "//api/v1/query",
        "/api/v1/query;/../read",
        "/healthz/../api/v1/read",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_but_queries_is_let_through(unit: Gateway, path: str, method: str) -> None:
    answer = unit.asked(path, method=method, body="" if method == "POST" else None)
    assert answer.status == 404, answer.body


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_query_is_asked_and_nothing_else(unit: Gateway, method: str) -> None:
    assert unit.asked("/api/v1/query?query=up", method=method).status == 405


def test_who_is_not_among_the_readers_gets_no_answer(unit: Gateway) -> None:
    assert unit.asked("/api/v1/query?query=up", by=STRANGER).status == 403
    assert unit.asked("/api/v1/write", by=STRANGER, method="POST", body="").status == 403


def test_without_readers_nobody_gets_an_answer(tmp_path: Path) -> None:
    closed = Gateway(tmp_path, [])
    try:
        for by in (READER, STRANGER):
            assert closed.asked("/api/v1/query?query=up", by=by).status == 403
    finally:
        closed.end()
