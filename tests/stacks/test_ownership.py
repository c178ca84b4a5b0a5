"""Every resource that can bear labels says which stack it belongs to."""

import typing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import _types

from catalog.loader import load
from components.design.naming import owner_label
from stacks.plan import Planner
from stacks.properties import UNKNOWN, secret
from stacks.providers.ownership import PLACES, owner_in, owner_of
from stacks.stack import stacks
from tests.components.sdk_types import argument_class

CATALOG = load(Path(__file__).parents[2] / "catalog")
names = st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True)


def takes(class_: Any, place: tuple[str, ...]) -> bool:
    """Whether the SDK's argument class of a type has a field at this place."""
    for name in place:
        options = typing.get_args(class_) or (class_,)
        class_ = next((option for option in options if _types.is_input_type(option)), None)
        python = _types.input_type_py_to_pulumi_names(class_) if class_ is not None else {}
        if class_ is None or name not in python.values():
            return False
        class_ = _types.unwrap_type(_types.input_type_types(class_)[name])
    return True


@pytest.mark.parametrize("stack", list(stacks(CATALOG)), ids=str)
def test_all_that_can_bear_labels_says_whose_it_is(stack: Any) -> None:
    labelled = set()
    for resource in Planner(CATALOG).plan(stack).resources:
        class_ = argument_class(resource.type) if resource.type.startswith(("gcp:", "kubernetes:")) else None
        is_custom_object = resource.type.startswith("kubernetes:") and class_ is None
        if is_custom_object or any(takes(class_, place) for place in PLACES):
            assert owner_in(resource.inputs) == owner_of(str(stack)), resource.urn
            labelled.add(resource.type)
    assert len(labelled) > 5


def test_a_label_that_is_secret_is_read_and_one_that_is_not_known_says_nothing() -> None:
    assert owner_in({"labels": secret({"stack": "service_shop_test"})}) == "service_shop_test"
    assert owner_in({"labels": {"stack": UNKNOWN}}) is None
    assert owner_in({"labels": {"team": "shop"}, "name": "x"}) is None
    assert owner_in({"labels": {}, "effectiveLabels": {"stack": "foundation_test"}}) == "foundation_test"


@given(st.lists(names, min_size=1, max_size=4), st.lists(names, min_size=1, max_size=4))
def test_no_two_stacks_have_the_same_label_and_each_is_a_label(one: list[str], other: list[str]) -> None:
    assert (owner_label(*one) == owner_label(*other)) == (one == other)
    assert len(owner_label(*one)) <= 63
    assert owner_label(*one).replace("-", "").replace("_", "").isalnum()
