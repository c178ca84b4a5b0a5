"""Names that something else has already, and figures of an environment that no cloud takes."""

from typing import Any

import pytest

from catalog.checks.capacity import impossible_capacity, impossible_machines
from catalog.checks.machine_types import CUSTOM, OTHERS, SERIES, SHARED_CORE, machine, wrong_machine
from catalog.checks.reserved_names import OF_WORKLOADS, reserved_names
from catalog.checks.stores import wrong_stores

DATABASE = {"name": "db", "kind": "postgres"}


def service(name: str, workload: str = "web", *stores: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": {"workloads": [{"name": workload}], "stores": [*stores]}}


@pytest.mark.parametrize("name", ["postgres", "template1", "cloudsqladmin", "pg-foo", "pg"])
def test_a_database_is_not_called_like_one_that_is_there(name: str) -> None:
    found = [(at, rule) for at, rule, _, _ in wrong_stores(service(name, "web", DATABASE))]
    assert found == ([] if name == "pg" else [(("metadata", "name"), "catalog/reserved-name")])
    assert not [*wrong_stores(service(name))], "nothing of that name is made"
    assert not [*wrong_stores(service(name, "web", DATABASE | {"runtime": "vm"}))]


@pytest.mark.parametrize("workload", sorted(OF_WORKLOADS))
def test_a_workload_is_not_called_like_what_is_beside_it(workload: str) -> None:
    ((at, rule, what, _),) = reserved_names(service("tea", workload), "production")
    assert (at, rule) == (("spec", "workloads", 0, "name"), "catalog/reserved-name")
    assert OF_WORKLOADS[workload] in what


@pytest.mark.parametrize("name", ["xn--c", "ab--c", "a--c", "abc--d"])
def test_no_host_begins_like_an_encoded_name(name: str) -> None:
    assert bool([*reserved_names(service(name), "production")]) is name.startswith(("xn--", "ab--"))


def test_an_instance_has_no_namespace_of_the_clusters_own_either() -> None:
    assert not [*reserved_names(service("kube"), "production")]
    ((at, rule, what, fix),) = reserved_names(service("kube"), "production.system")
    assert (at, rule) == (("metadata", "name"), "catalog/reserved-name")
    assert "`kube-system`" in what
    assert "instance" in fix


def environment(tier: str = "db-custom-4-15360", **spec: Any) -> dict[str, Any]:
    return {"spec": {"sizes": [{"name": "small", "postgresTier": tier}], **spec}}


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        ("db-custom-3-15360", "an even number"),
        ("db-custom-2-3000", "at least 3840"),
        ("db-custom-2-7681", "a multiple of 256"),
        ("db-custom-2-26624", "0.9 to 6.5 GB"),
        ("db-custom-1-3840", ""),
        ("db-custom-4-15360", ""),
        ("db-perf-optimized-N-2", ""),
    ],
)
def test_a_tier_is_one_that_cloud_sql_has(tier: str, words: str) -> None:
    found = [what for _, _, what, _ in impossible_capacity(environment(tier))]
    assert [words in what for what in found] == ([True] if words else [])


def test_nodes_and_quotas_do_not_contradict_themselves() -> None:
    nodes = {"nodesPerZone": {"min": 3, "max": 1}}
    ((at, rule, _, _),) = impossible_capacity(environment(cluster=nodes))
    assert (at, rule) == (("spec", "cluster", "nodesPerZone"), "catalog/bounds")
    ((_, _, what, _),) = impossible_capacity(environment(cluster={"nodesPerZone": {"min": 6}}))
    assert "at most 5" in what
    cpus = {"metric": "STATIC_ADDRESSES", "scope": "region", "limit": 8}
    twice = impossible_capacity(environment(quotas=[cpus, cpus | {"limit": 9}, cpus | {"scope": "project"}]))
    assert [at for at, _, _, _ in twice] == [("spec", "quotas", 0), ("spec", "quotas", 1)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("n2-standard-7", "has 2, 4, 8, 16, 32, 48, 64, 80, 96 or 128 processors"),
        ("e2-highmem-32", "has 2, 4, 8 or 16 processors"),
        ("e2-standard-0", "called like `e2-standard-4`"),
        ("e2-standart-4", "called like `e2-standard-4`"),
        ("e2-standard", "called like `e2-standard-4`"),
        ("n22-standard-4", "no series `n22`. Did you mean `n2"),
        ("n2-custom-5-10240", "an even number of processors, 128 at most"),
        ("n2-custom-2-1000", "a multiple of 256"),
        ("n2-custom-2-20480", "from 0.5 to 8 GB"),
        ("custom-1-7168", "from 0.9 to 6.5 GB"),
    ],
)
def test_a_machine_type_that_there_is_not_is_refused_with_those_there_are(name: str, words: str) -> None:
    assert words in wrong_machine(name)
    assert machine(name) is None
    ((at, rule, what, _),) = impossible_capacity(environment(cluster={"machineType": name}))
    assert (at, rule) == (("spec", "cluster", "machineType"), "catalog/machine")
    assert f"There is no machine type `{name}`" in what
    web = {"name": "web", "runtime": "vm", "vm": {"machineType": name}}
    ((at, _, _, _),) = impossible_machines({"spec": {"workloads": [{"name": "other"}, web]}})
    assert at == ("spec", "workloads", 1, "vm", "machineType")


def test_every_machine_type_that_there_is_has_its_size_or_is_left_to_the_cloud() -> None:
    predefined = [
        f"{series}-{shape}-{cpus}"
        for series, shapes in SERIES.items()
        for shape, takes in shapes.items()
        for cpus in takes.cpus
    ]
    custom = [f"{series}-custom-4-{round(takes.most * 4) * 1024}" for series, takes in CUSTOM.items()]
    for name in [*predefined, *custom, *SHARED_CORE, "custom-1-6656", "n2-custom-2-20480-ext"]:
        assert machine(name) is not None, name
    for name in [*(f"{series}-standard-4" for series in OTHERS), "c3-standard-8-lssd"]:
        assert (wrong_machine(name), machine(name)) == ("", None), name


@pytest.mark.parametrize(
    ("metric", "scope", "what", "fix"),
    [
        ("N2_CPU", "region", "has no quota `N2_CPU`", "Did you mean `N2_CPUS`?"),
        ("SSD_TOTAL_GIB", "region", "has no quota", "Did you mean `SSD_TOTAL_GB`?"),
        ("N3_CPUS", "region", "has no quota `N3_CPUS`", "Did you mean"),
        (
            "SSD_TOTAL_GB",
            "project",
            "is a quota of a region, and none of a project",
            "Write `scope: region`.",
        ),
        ("NETWORKS", "region", "is a quota of a project, and none of a region", "Write `scope: project`."),
    ],
)
def test_a_quota_that_google_does_not_have_is_refused_where_it_is_named(
    metric: str, scope: str, what: str, fix: str
) -> None:
    cpus = {"metric": "CPUS", "scope": "region", "limit": 8}
    stated = environment(quotas=[cpus, {"metric": metric, "scope": scope, "limit": 8}])
    ((at, rule, said, mend),) = impossible_capacity(stated)
    assert (at, rule) == (("spec", "quotas", 1, "metric"), "catalog/quota")
    assert what in said
    assert fix in mend


def test_an_address_is_counted_in_a_region_and_in_the_project() -> None:
    each = [{"metric": "STATIC_ADDRESSES", "scope": scope, "limit": 8} for scope in ("project", "region")]
    assert [*impossible_capacity(environment(quotas=each))] == []
