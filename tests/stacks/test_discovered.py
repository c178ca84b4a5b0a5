"""What Google's discovery documents say of values, tried on everything that stacks register."""

from typing import Any

import pytest

from stacks.properties import UNKNOWN, revealed
from stacks.providers.discovered import discovered, invalid_values
from stacks.providers.enumerations import provider_values
from stacks.providers.sdk_inputs import fields, input_class
from tests.stacks.test_providers import recorded

REDIS = "gcp:redis/instance:Instance"
PROVIDER_ONLY = {
    ("gcp:compute/securityPolicy:SecurityPolicy", "type"): {"CLOUD_ARMOR_INTERNAL_SERVICE"},  # beta API
    ("gcp:container/cluster:Cluster", "monitoringConfig.enableComponents"): {
        "WORKLOADS"
    },  # withdrawn in 2022
}
"""What the provider's pages name and the documents don't."""


def nested(path: list[str], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def paths() -> list[tuple[str, str, Any]]:
    return [(token, path, limits) for token, said in discovered().items() for path, limits in said.items()]


def test_google_allows_every_value_that_stacks_give() -> None:
    given = ((each.type, revealed(each.inputs)) for each in recorded())
    assert [(token, *wrong) for token, inputs in given for wrong in invalid_values(token, inputs)] == []


def test_what_the_documents_do_not_allow_is_refused_wherever_they_speak() -> None:
    for token, path, limits in paths():
        wrong = 2**40 if "format" in limits else "Not A Value!"
        (found,) = invalid_values(token, nested(path.split("."), wrong))
        assert found[:2] == (path, wrong)
        for value in limits.get("enum", ()):
            assert not list(invalid_values(token, nested(path.split("."), [value])))
    assert len(paths()) > 400


def test_each_input_that_the_documents_speak_of_is_one_that_the_provider_takes() -> None:
    for token, path, _ in paths():
        module, name = input_class(token) or pytest.fail(token)
        for step in path.split("."):
            takes = fields(module, name)[step].takes
            while takes.of is not None:
                takes = takes.of
            name = takes.name


def test_the_provider_s_pages_name_no_value_that_the_documents_lack() -> None:
    compared = 0
    for token, path, limits in paths():
        taken = provider_values(token, path)
        if taken and "enum" in limits:
            compared += 1
            assert set(taken) - set(limits["enum"]) == PROVIDER_ONLY.get((token, path), set()), (token, path)
    assert compared > 30


def test_what_is_not_known_yet_or_not_given_is_fine() -> None:
    assert not list(invalid_values(REDIS, {"tier": UNKNOWN, "connectMode": None, "memorySizeGb": 5}))
