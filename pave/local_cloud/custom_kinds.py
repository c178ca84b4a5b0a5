"""What an API server refuses in an object of a kind that was added to it, by the definition of that kind."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from catalog.document import Json
from components.cluster.rollout_definitions import definitions

if TYPE_CHECKING:
    from jsonschema_rs import Draft4Validator


def is_defined(kind: str) -> bool:
    """Whether there is a definition here to judge by."""
    return kind in {each["spec"]["names"]["kind"] for each in definitions()}


def problems(kind: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """Each property and what is wrong with it. Unknown fields are refused, which a server does that is asked
    to be strict, as ours is: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation."""
    for error in _validator(kind).iter_errors(inputs):
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
        yield path.removeprefix(".") or "metadata", error.message


@cache
def _validator(kind: str) -> "Draft4Validator":
    from jsonschema_rs import Draft4Validator  # late: few stacks have such objects

    (definition,) = [each for each in definitions() if each["spec"]["names"]["kind"] == kind]
    return Draft4Validator(_strict(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]))


def _strict(schema: Any) -> Any:
    """The schema of a definition as JSON Schema has it: what it doesn't list is refused where it lists
    fields, unless it says otherwise."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: {name: _strict(each) for name, each in value.items()} if key == "properties" else _strict(value)
        for key, value in schema.items()
        if key != "format"  # Kubernetes judges by few of them, and by none that stands here
    }
    lists_all = "properties" in found and not found.get("x-kubernetes-preserve-unknown-fields")
    return {"additionalProperties": False, **found} if lists_all else found
