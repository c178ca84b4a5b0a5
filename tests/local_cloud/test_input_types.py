"""The local cloud's check refuses what the provider's does, by what the SDK says of each type."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.loader import load
from pave.local_cloud.cloud import Cloud
from pave.local_cloud.input_types import problems
from pave.local_cloud.store import CloudStore, store_file
from stacks.plan import Planner
from stacks.properties import UNKNOWN
from stacks.providers.data import REDIS
from stacks.providers.quotas import NODE_POOL
from stacks.stack import stacks
from tests.components.service_plans import CATALOG

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MARKS = {"$unknown", "$secret", "$resource"}
POOL = {"cluster": "production", "nodeConfig": {"diskSizeGb": 100, "labels": {"of": "us"}}}


def asked(value: Any) -> Any:
    """What a preview sends for what a recording marks."""
    if isinstance(value, dict):
        return UNKNOWN if value.keys() & MARKS else {name: asked(item) for name, item in value.items()}
    return [asked(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("token", "inputs", "field", "why"),
    [
        (NODE_POOL, POOL | {"nodes": 3}, "nodes", "is not expected here: NodePoolArgs"),
        (NODE_POOL, POOL | {"node_count": 3}, "node_count", "is not expected here: NodePoolArgs"),
        (NODE_POOL, POOL | {"nodeConfig": {"disk": 100}}, "nodeConfig.disk", "is not expected here"),
        (NODE_POOL, POOL | {"initialNodeCount": "3"}, "initialNodeCount", "an integer, not a string"),
        (NODE_POOL, POOL | {"initialNodeCount": 1.5}, "initialNodeCount", "an integer, not a number"),
        (NODE_POOL, POOL | {"initialNodeCount": True}, "initialNodeCount", "an integer, not true or false"),
        (NODE_POOL, POOL | {"nodeLocations": "b"}, "nodeLocations", "has to be a list, not a string"),
        (NODE_POOL, POOL | {"nodeLocations": ["b", 1]}, "nodeLocations[1]", "a string, not a number"),
        (NODE_POOL, POOL | {"nodeConfig": []}, "nodeConfig", "has to be an object, not a list"),
        (
            NODE_POOL,
            {"nodeConfig": {"labels": {"of": 1}}} | {"cluster": "a"},
            "nodeConfig.labels.of",
            "a str",
        ),
        (NODE_POOL, {}, "cluster", "is required by NodePoolArgs of pulumi_gcp.container"),
        (REDIS, {"memorySizeGb": "5"}, "memorySizeGb", "has to be an integer, not a string"),
        (REDIS, {"name": "cache"}, "memorySizeGb", "is required by InstanceArgs of pulumi_gcp.redis"),
        (
            *(
                REDIS,
                {"memorySizeGb": 5, "maintenancePolicy": {"weeklyMaintenanceWindows": [{"day": "MONDAY"}]}},
            ),
            *("maintenancePolicy.weeklyMaintenanceWindows[0].startTime", "is required by Instance"),
        ),
    ],
)
def test_an_input_that_the_provider_would_not_take_is_refused(
    token: str, inputs: dict[str, Any], field: str, why: str
) -> None:
    ((name, reason),) = problems(token, inputs)
    assert name == field
    assert why in reason


def test_the_clouds_check_says_so_once_for_each_input(tmp_path: Path) -> None:
    store = CloudStore(store_file(tmp_path), lambda: NOW)
    cloud = Cloud(store, lambda: NOW)
    pool = {"nodeConfig": {"disk": 100, "diskSizeGb": "100"}, "count": 3}
    assert sorted(name for name, _ in cloud.problems(NODE_POOL, pool)) == [
        *("cluster", "count", "nodeConfig.disk", "nodeConfig.diskSizeGb")
    ]
    store.close()


def test_what_the_provider_takes_and_what_is_not_known_yet_is_not_refused() -> None:
    assert not [*problems(NODE_POOL, POOL)]
    assert not [*problems(NODE_POOL, {"cluster": UNKNOWN, "nodeConfig": UNKNOWN, "nodeLocations": [UNKNOWN]})]
    assert not [*problems("kubernetes:core/v1:Secret", {"data": 1})], "Kubernetes has schemas of its own"


def test_nothing_of_a_value_is_in_the_reason() -> None:
    ((_, reason),) = problems(REDIS, {"memorySizeGb": "hunter2"})
    assert "hunter2" not in reason


@pytest.mark.slow
def test_every_resource_of_the_shipped_catalog_passes_and_soon() -> None:
    catalog = load(CATALOG, (CATALOG / "examples").glob("*.yaml"))
    planner = Planner(catalog)
    planned = [each for stack in stacks(catalog) for each in planner.plan(stack).resources if not each.read]
    start = time.process_time()
    refused = {
        (each.type, *problem) for each in planned for problem in problems(each.type, asked(each.inputs))
    }
    assert not refused
    assert time.process_time() - start < 5
