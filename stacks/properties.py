"""Property values as the engine sends and keeps them: JSON in which secrets and unknown values carry marks.

The marks are part of the engine's protocol:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go. They are written out here,
so that whoever only reads a state or an event needs no SDK."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from catalog.yaml.parsed import Pointer

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that tells a marked object from a plain one; its value says what is marked."""

CONFIDENTIAL = "1b47061264138c4ac30d75fd1eb44270"
"""The signature of a secret, whose `value` (or, in a state, `ciphertext`) stands beside it."""

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The string that stands for a value which only an update will know."""


def from_struct(struct: Any) -> Json:
    """A protobuf `Struct` as JSON: numbers without a fraction are integers, marks stay as they are."""
    return {name: _from_value(value) for name, value in struct.fields.items()}


def _from_value(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    return scalar(value, kind)


def scalar(value: Any, kind: str | None) -> Any:
    """What a protobuf `Value` holds that is neither an object nor a list; `kind` is the name of its field."""
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind is None or kind == "null_value" else getattr(value, kind)


def to_struct(values: Mapping[str, Any]) -> Any:
    """Such JSON as a protobuf `Struct`."""
    from google.protobuf.struct_pb2 import Struct

    struct = Struct()
    struct.update(values)
    return struct


def secret(value: Any) -> Json:
    """A value marked as a secret."""
    return {SIGNATURE: CONFIDENTIAL, "value": value}


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get(SIGNATURE) == CONFIDENTIAL


def revealed(value: Any) -> Any:
    """A value without the marks of secrets. A secret that is encrypted, as in a state, becomes None."""
    if _is_secret(value):
        return revealed(value.get("value"))
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items()}
    return [revealed(item) for item in value] if isinstance(value, list) else value


def redacted(value: Any) -> Any:
    """A value with `[secret]` in place of each secret: what people are shown."""
    if _is_secret(value):
        return "[secret]"
    if isinstance(value, Mapping):
        return {name: redacted(item) for name, item in value.items()}
    return [redacted(item) for item in value] if isinstance(value, list) else value


def is_unknown(value: Any) -> bool:
    """Whether a value, or any part of it, is known only after an update."""
    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    return any(map(is_unknown, value)) if isinstance(value, list) else value == UNKNOWN


def changed_paths(old: Any, new: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """The paths at which two values differ, as deep as both are objects, or lists of the same length. A value
    that only became a secret, or ceased to be one, is the same."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not (_is_secret(old) or _is_secret(new)):
        for name in sorted(old.keys() | new.keys()):
            yield from changed_paths(old.get(name), new.get(name), (*at, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changed_paths(before, after, (*at, index))
    elif revealed(old) != revealed(new):
        yield at
