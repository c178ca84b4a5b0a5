from pathlib import Path
from typing import Any

import pytest

from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, service_at, services_in
from catalog.loader import Catalog, load
from components.design.capacity.fit import Pods, fit, laid_out, own_fit, request
from components.design.migrations import migrations
from components.design.node import NodeRoom, Size, room_for_pods
from components.design.unit.needed import unit_needs
from components.design.workloads import spread
from stacks.plan import record_stack
from stacks.stack import stack_of, unit_stack
from tests.components.service_plans import SHAPES
from tests.repository import HOME

ROOM = NodeRoom("test", cpu=4, memory_mb=8000, pods=100)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(HOME / "catalog", SHAPES.values())


def pods(copies: int, cpu: int = 1000, memory: int = 100, name: str = "web") -> Pods:
    return Pods("shop", name, Size(cpu, memory), copies)


def test_a_node_has_what_google_leaves_of_it() -> None:
    room = room_for_pods("e2-standard-4", 110)
    assert room is not None
    # The page on planning nodes shows this one: 3920m and 13498416Ki, of which GKE's own pods take theirs.
    assert room.cpu + 0.5 == 3.92
    assert abs(room.memory_mb + 800 - 13498416 / 1024) < 20


@pytest.mark.parametrize(
    ("machine_type", "cpu"),
    [("e2-medium", 0.44), ("n2-custom-8-16384", 7.41), ("custom-4-16384", 3.42), ("n1-highcpu-2", 1.43)],
)
def test_types_of_every_shape_are_known(machine_type: str, cpu: float) -> None:
    room = room_for_pods(machine_type, 110)
    assert room is not None
    assert room.cpu == cpu


@pytest.mark.parametrize(
    "machine_type", ["m9-standard-4", "e2-standard-0", "e2-standard", "c4-standard-4", "x"]
)
def test_the_size_of_any_other_is_not_guessed(machine_type: str) -> None:
    assert room_for_pods(machine_type, 110) is None


def test_pods_fill_the_nodes_of_each_zone_that_is_left() -> None:
    found = laid_out([pods(16)], ROOM, zones=2, per_zone=2)
    assert (found.pods, found.cpu, found.nodes_per_zone, found.left_out) == (16, 16, 2, 0)


def test_one_more_pod_finds_no_node_and_is_named() -> None:
    found = laid_out([pods(17)], ROOM, zones=2, per_zone=2)
    assert (found.nodes_per_zone, found.left_out, found.first_left_out) == (3, 1, "1 of shop/web")


def test_what_is_left_of_a_node_is_lost_where_no_pod_fits_it() -> None:
    found = laid_out([pods(4, cpu=2500)], ROOM, zones=2, per_zone=1)
    assert (found.nodes_per_zone, found.left_out) == (2, 2)


def test_memory_and_the_number_of_pods_count_like_cores() -> None:
    assert laid_out([pods(4, cpu=10, memory=5000)], ROOM, zones=2, per_zone=9).nodes_per_zone == 2
    assert laid_out([pods(202, cpu=1, memory=1)], ROOM, zones=2, per_zone=9).nodes_per_zone == 2


def test_single_copies_go_where_there_is_most_room() -> None:
    alone = [pods(1, cpu=4000, name=f"job-{n}") for n in range(4)]
    assert laid_out(alone, ROOM, zones=2, per_zone=9).nodes_per_zone == 2


def test_no_number_of_nodes_is_enough_for_a_pod_that_is_larger_than_one() -> None:
    found = laid_out([pods(2, cpu=64000), pods(2)], ROOM, zones=2, per_zone=9)
    assert (found.nodes_per_zone, found.left_out) == (None, 2)


def test_four_are_named_as_three_and_others() -> None:
    many = [pods(2, cpu=9000, name=f"w{n}") for n in range(4)]
    found = laid_out(many, ROOM, zones=2, per_zone=9)
    assert found.first_left_out == "2 of shop/w0, 2 of shop/w1, 2 of shop/w2, others"


@pytest.mark.parametrize("name", ["production", "staging"])
def test_shipped_environments_fit_all_that_runs_there_at_its_most(name: str) -> None:
    catalog = load(HOME / "catalog")
    environment = catalog.find(Environment, name)
    assert environment is not None
    found = fit(environment, services_in(catalog, name), unit_needs(catalog, environment))
    alone = fit(environment, services_in(catalog, name))
    assert found.least is not None
    assert found.most is not None
    assert alone.least is not None
    assert found.least.pods == alone.least.pods + 2 + 3 + 2 + 2 + 2 + 2, "the unit's, too"
    assert (found.zones, found.least.left_out, found.most.left_out) == (2, 0, 0)


@pytest.mark.parametrize("name", ["production", "staging"])
def test_what_a_unit_is_counted_with_is_what_its_plan_asks_for(name: str) -> None:
    catalog = load(HOME / "catalog")
    environment = catalog.find(Environment, name)
    assert environment is not None
    counted = unit_needs(catalog, environment)
    assert counted is not None
    asked, disks = {}, 0
    for made in record_stack(catalog, unit_stack(name)).resources:
        if made.type.endswith((":StatefulSet", ":Deployment")):
            spec = made.inputs["spec"]
            requests = [each["resources"]["requests"] for each in spec["template"]["spec"]["containers"]]
            size = Size(
                sum(int(each["cpu"].removesuffix("m")) for each in requests),
                sum(int(each["memory"].removesuffix("Mi")) for each in requests),
            )
            asked[made.inputs["metadata"]["name"]] = (size, spec["replicas"])
            for claim in spec.get("volumeClaimTemplates", ()):
                storage = claim["spec"]["resources"]["requests"]["storage"]
                disks += spec["replicas"] * int(storage.removesuffix("Gi"))
    assert asked == {each.workload: (each.each, each.copies) for each in counted.pods}
    assert disks == counted.disk_gb


def test_an_environment_that_nothing_watches_has_room_for_more() -> None:
    catalog = load(HOME / "catalog")
    environment = catalog.find(Environment, "production")
    assert environment is not None
    del catalog.documents["ObservabilityUnit"]["production"]
    assert unit_needs(catalog, environment) is None


def test_every_instance_counts_by_itself(catalog: Catalog) -> None:
    there = [service.full_name for service in services_in(catalog, "staging")]
    assert {"usage-api", "usage-api-load-test"} <= {*there}
    assert len(there) == len({*there})


def _at_once(pod: dict[str, Any], what: str, unit: str) -> int:
    """What Kubernetes asks of a node for a pod: of what runs, or of what ends before, whichever is more."""

    def size(container: dict[str, Any]) -> int:
        return int(container["resources"]["requests"][what].removesuffix(unit))

    first = pod.get("initContainers", ())
    beside = sum(size(one) for one in first if "restartPolicy" in one)
    before = [size(one) for one in first if "restartPolicy" not in one]
    return beside + max(sum(size(one) for one in pod["containers"]), *before, 0)


@pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")
def test_what_is_counted_is_what_the_pods_of_the_plan_ask_for(catalog: Catalog) -> None:
    """With all their containers, so that one put beside a workload can't be forgotten."""
    for service in services_in(catalog, "production"):
        workloads = spread(service)
        pods = [
            each for each in [*workloads, *migrations(service, workloads)] if each.runtime == "kubernetes"
        ]
        counted = {each.resource: request(each) for each in pods}
        asked = {}
        for resource in record_stack(catalog, stack_of(service)).resources:
            spec = resource.inputs.get("spec", {})
            template = spec.get("jobTemplate", {}).get("spec", spec).get("template", {})
            containers = template.get("spec", {})
            if containers:
                asked[resource.urn.rpartition("::")[2]] = Size(
                    _at_once(containers, "cpu", "m"), _at_once(containers, "memory", "Mi")
                )
        assert asked == counted


def test_a_new_service_is_part_of_what_its_environment_is_judged_by(tmp_path: Path) -> None:
    text = """
apiVersion: pave/v1
kind: Service
metadata: {name: greedy, owner: platform}
spec:
  tier: standard
  stage: ga
  workloads:
    - {name: web, image: us-docker.pkg.dev/acme-registry/a/b:1, cpu: 6, replicas: {min: 30}}
"""
    (tmp_path / "greedy.yaml").write_text(text)
    with_it = load(HOME / "catalog", [tmp_path / "greedy.yaml"])
    environment = with_it.find(Environment, "production")
    assert environment is not None
    found = fit(environment, services_in(with_it, "production")).least
    assert found is not None
    assert found.left_out > 0
    assert "of greedy/web" in found.first_left_out


LUNCH_MENU = (HOME / "catalog" / "services" / "lunch-menu.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("fields", "left_out"),
    [
        (["replicas: {min: 3, max: 9}"], 0),
        (["cpu: 7", "replicas: {min: 24, max: 24}"], 0),
        (["cpu: 7", "replicas: {min: 25, max: 25}"], 1),
        (["cpu: 64", "replicas: {min: 24, max: 24}"], 0),  # that it fits no node is another finding
        (["cpu: 64", "memoryMb: 524288", "replicas: {min: 400, max: 900}"], 376),
    ],
)
def test_a_service_alone_finds_a_node_for_each_copy_or_is_told(
    tmp_path: Path, fields: list[str], left_out: int
) -> None:
    text = LUNCH_MENU.replace("name: lunch-menu", "name: own")
    web = "    - name: web\n"
    (tmp_path / "own.yaml").write_text(text.replace(web, web + "".join(f"      {each}\n" for each in fields)))
    service = service_at(load(HOME / "catalog", [tmp_path / "own.yaml"]), "own", "production")
    assert isinstance(service, Service)
    found = own_fit(service, spread(service))
    assert found is not None
    assert (found.zones, found.nodes_per_zone, found.left_out) == (3, 8, left_out)
    assert found.workload == ("web" if left_out else "")
