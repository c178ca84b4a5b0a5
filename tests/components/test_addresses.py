"""What a service calls at addresses of its own: the way there is open, and no other; and it is told them."""

import pytest

from catalog.loader import load
from components.design.availability.series import tree_of
from components.design.availability.tree import hard_leaves, soft_dependencies
from components.design.service import designed
from tests.components.service_plans import CATALOG, SHAPES, all_of, named
from tests.components.test_workload import container
from tests.trial.test_compose import composed, service

NAME = "search-indexer"


def test_pods_reach_an_address_without_a_name_at_its_ports_only() -> None:
    egress = named(":NetworkPolicy", f"{NAME}-outgoing", NAME).inputs["spec"]["egress"]
    assert egress[2:] == [
        {
            "to": [{"ipBlock": {"cidr": f"{ip}/32"}}],
            "ports": [{"protocol": "TCP", "port": port} for port in ports],
        }
        for ip, ports in (("10.40.0.10", (9200, 9300)), ("10.40.0.11", (9200,)))
    ]


@pytest.mark.parametrize(
    ("policy", "match", "ports"),
    [
        ("boot.kafka.example.com", {"name": "boot.kafka.example.com"}, [9092]),
        ("any.kafka.example.com", {"pattern": "*.kafka.example.com"}, [9092]),
        ("smtp.corp.example.com", {"name": "smtp.corp.example.com"}, [25, 587]),
    ],
)
def test_pods_reach_a_name_at_its_ports_only(policy: str, match: dict[str, str], ports: list[int]) -> None:
    policies = {each.inputs["metadata"]["name"]: each for each in all_of(":FQDNNetworkPolicy", NAME)}
    assert policies[policy].inputs["spec"]["egress"] == [
        {"matches": [match], "ports": [{"protocol": "TCP", "port": port} for port in ports]}
    ]


def test_a_workload_is_told_every_address_that_is_a_place_to_call() -> None:
    told = {each["name"]: each.get("value") for each in container(all_of(":Rollout", NAME)[0])["env"]}
    assert told["SEARCH_ADDRESS"] == "10.40.0.10:9200,10.40.0.11:9200,10.40.0.10:9300"
    assert told["EVENTS_ADDRESS"] == "boot.kafka.example.com:9092"


def test_a_trial_asks_what_is_to_stand_in_for_it() -> None:
    told = composed(NAME)["services"]["index"]["environment"]
    assert told["SEARCH_ADDRESS"] == "${SEARCH_ADDRESS:?where search answers here}"


def test_its_owners_word_counts_and_what_nobody_knows_is_said_and_not_counted() -> None:
    found = service(NAME)
    design = designed(load(CATALOG, SHAPES.values()), found)
    tree = tree_of(found, design)
    counted = {leaf.name for part in (tree, *soft_dependencies(tree)) for leaf in hard_leaves(part)}
    assert "dependency search" in counted
    assert not {"dependency events", "dependency mail-relay"} & counted
    assert design.availability.unknown == ["events"], "all outages of the mail relay are survived"
    assert design.availability.ceiling == 99.9


def test_what_stays_on_private_networks_needs_no_way_out() -> None:
    found = service(NAME)
    design = designed(load(CATALOG, SHAPES.values()), found)
    assert {each.name: each.is_outside for each in design.dependencies} == {
        "search": False,
        "events": True,
        "mail-relay": False,
    }
    tree = tree_of(found, design)
    assert "way out (NAT)" in {leaf.name for part in soft_dependencies(tree) for leaf in hard_leaves(part)}
