"""What a provider's SDK would not understand in a recorded resource.

The SDK's classes refuse unknown keywords, but let the keys of plain dictionaries through; the provider
ignores or refuses those when it is too late. The names, the types and what is required come from the
SDK's own argument classes, so nothing is typed twice.
"""

import difflib
import importlib
import inspect
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi import _types

from stacks.recording.model import Resource

MARKS = ("$unknown", "$secret", "$resource", "$asset")


def mistakes(resource: Resource) -> list[str]:
    """Each input of `resource` that the SDK doesn't know, whose type is another, or that is missing.

    `settings.tierr: DatabaseInstanceSettingsArgs has no such property; did you mean tier?` An unknown or
    secret value passes as any type. Components have no SDK and no mistakes. A Kubernetes object of a kind
    that the SDK doesn't know belongs to a custom resource definition: its own fields pass. So does such a
    definition, of which the provider takes the fields as YAML has them (`x-kubernetes-…`) and the SDK only as
    Python would: https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/util.go."""
    if not resource.custom or resource.read or resource.type.endswith(":CustomResourceDefinition"):
        return []
    arguments = argument_class(resource.type)
    if arguments is None:
        return list(_custom_object_mistakes(resource))
    if resource.type.startswith("pulumi:providers:"):
        # The engine adds a version, and wants the values as JSON in strings.
        inputs = {name: value for name, value in resource.inputs.items() if name != "version"}
        return list(_names(inputs, arguments, ""))
    return list(_mistakes(resource.inputs, arguments, ""))


def input_names(token: str) -> frozenset[str]:
    """The names of all inputs that the SDK knows for a type; none for a kind that it doesn't have."""
    arguments = argument_class(token)
    return frozenset(_types.input_type_py_to_pulumi_names(arguments).values()) if arguments else frozenset()


def argument_class(token: str) -> type | None:
    """The SDK's argument class for a type token; None for a Kubernetes kind that it doesn't have."""
    package, path, name = token.split(":")
    if package == "pulumi":
        module, name = f"pulumi_{name}", "Provider"
    elif package == "kubernetes":
        group, version = path.split("/")
        module = f"pulumi_kubernetes.{group.split('.')[0]}.{version}"
    else:
        module = f"pulumi_{package}.{path.split('/')[0]}"
    try:
        made = getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError):
        if package == "kubernetes":
            return None
        raise
    for overload in typing.get_overloads(made.__init__):
        if "args" in overload.__annotations__:
            return _input_class(overload.__annotations__["args"])
    raise AssertionError(f"{token}: the SDK's class {made} takes no argument class")


def _input_class(annotation: Any) -> type:
    candidates: tuple[type, ...] = typing.get_args(annotation) or (annotation,)
    return next(candidate for candidate in candidates if _types.is_input_type(candidate))


def _mistakes(value: Any, wanted: Any, at: str) -> Iterator[str]:
    wanted = _types.unwrap_type(wanted)
    if wanted is Any or (isinstance(value, Mapping) and any(mark in value for mark in MARKS)):
        return
    origin, parameters = typing.get_origin(wanted), typing.get_args(wanted)
    if isinstance(wanted, type) and _types.is_input_type(wanted) and isinstance(value, Mapping):
        yield from _names(value, wanted, at)
        yield from _fields(value, wanted, at)
    elif origin in (typing.Union, typing.get_origin(int | str)):
        if all(list(_mistakes(value, option, at)) for option in parameters):
            yield _wrong(value, wanted, at)
    elif isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _mistakes(item, parameters[1], f"{at}[{key}]")
    elif isinstance(origin, type) and issubclass(origin, Sequence) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mistakes(item, parameters[0], f"{at}[{index}]")
    elif not _is_scalar(value, wanted, parameters):
        yield _wrong(value, wanted, at)


def _names(value: Mapping[str, Any], wanted: type, at: str) -> Iterator[str]:
    known = _types.input_type_py_to_pulumi_names(wanted)
    for name in value:
        if name not in known.values():
            near = difflib.get_close_matches(name, known.values(), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"{_below(at, name)}: {wanted.__name__} has no such property{hint}"
    for python_name, parameter in inspect.signature(wanted).parameters.items():
        if parameter.default is parameter.empty and value.get(known[python_name]) is None:
            yield f"{_below(at, known[python_name])}: {wanted.__name__} requires it"


def _fields(value: Mapping[str, Any], wanted: type, at: str) -> Iterator[str]:
    types = _types.input_type_types(wanted)
    for name, item in value.items():
        if name in types and item is not None:
            yield from _mistakes(item, types[name], _below(at, name))


def _is_scalar(value: Any, wanted: Any, parameters: tuple[Any, ...]) -> bool:
    if typing.get_origin(wanted) is typing.Literal:
        return value in parameters
    if wanted is float:
        wanted = (int, float)
    if not isinstance(wanted, type | tuple) or (isinstance(value, bool) and wanted is not bool):
        return False
    return isinstance(value, wanted)


def _wrong(value: Any, wanted: Any, at: str) -> str:
    return f"{at}: {value!r} isn't {getattr(wanted, '__name__', wanted)}"


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _custom_object_mistakes(resource: Resource) -> Iterator[str]:
    _, api_version, kind = resource.type.split(":")
    for name, expected in (("apiVersion", api_version), ("kind", kind)):
        if resource.inputs.get(name) != expected:
            yield f"{name}: {resource.inputs.get(name)!r}, but the type is {resource.type}"
    if "metadata" not in resource.inputs:
        yield "metadata: an object of Kubernetes requires it"
