"""Workloads that say of themselves what can't be so at once, and how a copy is asked for its health."""

from typing import Any

import pytest

from catalog.checks.exposure import unread_edge
from catalog.checks.running import asked_by, contradictions

Json = dict[str, Any]


def faults(**workload: Any) -> list[tuple[str, str]]:
    """Where in the workload something is wrong, and what."""
    written = {"spec": {"workloads": [{"name": "jobs", **workload}]}}
    return [(".".join(map(str, at[3:])), what) for at, _, what, _ in contradictions(written)]


@pytest.mark.parametrize(
    ("probe", "workload", "by"),
    [
        ({}, {}, "http"),
        ({}, {"protocol": "grpc"}, "grpc"),
        ({}, {"protocol": "http2"}, "tcp"),
        ({}, {"kind": "worker"}, "none"),
        ({}, {"kind": "worker", "port": 7433}, "http"),
        ({"command": ["ping"]}, {}, "command"),
        ({"reason": "It ends when it fails."}, {}, "none"),
    ],
)
def test_what_is_written_says_how_a_copy_is_asked(probe: Json, workload: Json, by: str) -> None:
    assert asked_by(workload, probe) == by


@pytest.mark.parametrize(
    ("workload", "at", "words"),
    [
        ({"singleLeader": True, "replicas": {"min": 2}}, "replicas.min", "one copy at any moment"),
        ({"singleLeader": True, "replicas": {"max": 2}}, "replicas.max", "`max` is 2"),
        ({"liveness": {"path": "/alive"}}, "liveness", "no port"),
        ({"readiness": {"by": "tcp"}}, "readiness", "no port"),
        ({"port": 80, "liveness": {"by": "command"}}, "liveness.by", "needs a `command`"),
        ({"port": 80, "liveness": {"by": "none"}}, "liveness.by", "needs a `reason`"),
        ({"port": 80, "liveness": {"by": "tcp", "path": "/"}}, "liveness.path", "asked by tcp"),
        ({"port": 80, "liveness": {"path": "/", "command": ["ping"]}}, "liveness.path", "asked by command"),
        ({"kind": "cron", "liveness": {"command": ["ping"]}}, "liveness", "runs and ends"),
        ({"kind": "cron", "rehearsal": ["try"], "imageOwner": "pipeline"}, "rehearsal", "no apply rehearses"),
        ({"kind": "cron", "rehearsal": ["try"], "runtime": "vm"}, "rehearsal", "no apply rehearses"),
        ({"rehearsal": ["try"]}, "rehearsal", "read where `kind` is cron"),
        ({"helpers": [{"name": "jobs"}]}, "helpers.0.name", "its workload is called so"),
        ({"helpers": [{"name": "cloud-sql-proxy"}]}, "helpers.0.name", "the proxy"),
        ({"helpers": [{"name": "a"}, {"name": "a"}]}, "helpers.1.name", "another helper"),
        ({"imageOwner": "pipeline", "helpers": [{"name": "a"}]}, "helpers.0", "not its helper's"),
        (
            {"scratch": [{"path": "/a", "sizeMb": 1}, {"path": "/a/b", "sizeMb": 1}]},
            "scratch.1.path",
            "in one",
        ),
        ({"scratch": [{"path": "/a", "sizeMb": 4000}, {"path": "/b", "sizeMb": 97}]}, "scratch", "4,097 MiB"),
    ],
)
def test_what_contradicts_itself_is_said_where_it_stands(workload: Json, at: str, words: str) -> None:
    ((found_at, what),) = faults(**{"kind": "worker", **workload})
    assert (found_at, words in what) == (at, True), what


@pytest.mark.parametrize(
    "workload",
    [
        {"kind": "web", "liveness": {"path": "/alive"}},
        {"kind": "worker", "singleLeader": True, "replicas": {"min": 1, "max": 1}},
        {"kind": "cron", "singleLeader": True, "replicas": {"max": 3}},
        {"kind": "worker", "port": 80, "liveness": {"by": "grpc"}, "readiness": {"by": "tcp"}},
        {"kind": "worker", "liveness": {"reason": "It ends when it fails."}},
    ],
)
def test_what_agrees_with_itself_is_taken(workload: Json) -> None:
    assert faults(**workload) == []


def test_nothing_of_the_way_in_is_read_where_there_is_none() -> None:
    limit = {"requests": 5}
    spec = {
        "edge": {"exposure": "internal", "host": "a.example.com", "waf": {"mode": "enforce"}},
        "endpoints": [{"name": "all", "paths": ["/*"], "rateLimit": limit}],
        "workloads": [{"name": "web", "runtime": "vm"}],
    }
    found = [".".join(map(str, at[1:])) for at, _, _, _ in unread_edge({"spec": spec})]
    assert found == ["edge.host", "edge.waf", "endpoints.0.rateLimit", "workloads.0.runtime"]
    assert not list(unread_edge({"spec": {**spec, "edge": {"exposure": "public", "host": "a.example.com"}}}))
