"""What is read of the SDK's text is what the SDK itself says of its classes."""

import inspect
from importlib import import_module
from typing import Any

import pytest

from stacks.providers.sdk_inputs import ANYTHING, InputType, fields, input_class
from stacks.providers.table import TYPES

GOOGLES = sorted(token for token in TYPES if input_class(token) is not None)


def objects(takes: InputType | None) -> set[str]:
    """The classes of the objects in what an input takes."""
    if takes is None:
        return set()
    return ({takes.name} if takes.kind == "object" else set()) | objects(takes.of)


def test_every_type_of_googles_that_we_register_has_a_class_of_inputs() -> None:
    assert len(GOOGLES) > 40
    for token in GOOGLES:
        found = input_class(token)
        assert found is not None
        assert fields(*found)


def test_an_input_is_read_with_its_type_and_whether_it_is_required() -> None:
    read = fields("container", "NodePoolArgs")
    assert read["cluster"] == (InputType("primitive", "str"), True)
    assert read["initialNodeCount"] == (InputType("primitive", "int"), False)
    assert read["nodeLocations"].takes == InputType("list", of=InputType("primitive", "str"))
    assert read["nodeConfig"].takes == InputType("object", "NodePoolNodeConfigArgs")
    labels = fields("container", "NodePoolNodeConfigArgs")["labels"].takes
    assert labels == InputType("map", of=InputType("primitive", "str"))


def test_a_class_that_the_sdk_does_not_have_is_an_error() -> None:
    with pytest.raises(LookupError, match="dns has no NothingArgs"):
        fields("dns", "NothingArgs")


@pytest.mark.slow
def test_the_sdk_itself_says_the_same_of_every_class_that_can_be_reached() -> None:
    types: Any = import_module("pulumi._types")
    for token in GOOGLES:
        found = input_class(token)
        assert found is not None
        module, first = found
        sdk = import_module(f"pulumi_gcp.{module}")
        open_, seen = {first}, set[str]()
        while open_:
            name = open_.pop()
            seen.add(name)
            read, its = fields(module, name), getattr(sdk, name)
            assert read.keys() == types.input_type_types(its).keys(), name
            names = types.input_type_py_to_pulumi_names(its)
            parameters = [*inspect.signature(its.__init__).parameters.values()][1:]
            required = {names[each.name] for each in parameters if each.default is each.empty}
            assert {field for field, of in read.items() if of.is_required} == required, name
            assert ANYTHING not in [of.takes for of in read.values()], name
            open_ |= {each for of in read.values() for each in objects(of.takes)} - seen
