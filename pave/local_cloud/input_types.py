"""What the provider's own check refuses: inputs that it doesn't know, of another type, or missing.

https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/schema.go, `validateObject`. Numbers
and booleans in quotes, which it converts, are refused too: the bridge warns of them
(https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/typechecker.go)."""

from collections.abc import Iterator

from catalog.document import Json
from stacks.properties import UNKNOWN
from stacks.providers.sdk_inputs import PRIMITIVES, InputType, fields, input_class


def problems(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """Each property of a type of Google's, and why it is refused. `inputs` have no marks of secrets; what is
    unknown among them counts as fine until it is known."""
    found = input_class(token)
    if found is not None:
        module, name = found
        yield from _object(module, name, inputs, "")


def _object(module: str, name: str, given: Json, at: str) -> Iterator[tuple[str, str]]:
    known = fields(module, name)
    for field, value in given.items():
        if field not in known:
            yield f"{at}{field}", f"is not expected here: {name} of pulumi_gcp.{module} has no such input"
        elif value is not None:
            yield from _value(module, known[field].takes, value, f"{at}{field}")
    for field, of in known.items():
        if of.is_required and given.get(field) is None:
            yield f"{at}{field}", f"is required by {name} of pulumi_gcp.{module}"


def _value(module: str, takes: InputType, value: object, at: str) -> Iterator[tuple[str, str]]:
    if takes.kind == "anything" or value == UNKNOWN:
        return
    match takes.kind, value:
        case "object", dict():
            yield from _object(module, takes.name, value, f"{at}.")
        case "list", list():
            for index, item in enumerate(value):
                yield from _value(module, _of(takes), item, f"{at}[{index}]")
        case "map", dict():
            for name, item in value.items():
                yield from _value(module, _of(takes), item, f"{at}.{name}")
        case "primitive", _ if type(value) in PRIMITIVES[takes.name]:
            return
        case _:
            yield at, f"has to be {takes}, not {_said(value)}"


def _of(takes: InputType) -> InputType:
    assert takes.of is not None, "lists and maps have it"
    return takes.of


def _said(value: object) -> str:
    """What was given, without its text, which may be secret."""
    return {str: "a string", bool: "true or false", int: "a number", float: "a number"}.get(
        type(value), "a list" if isinstance(value, list) else "an object"
    )
