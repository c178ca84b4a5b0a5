"""Between the engine's wire and plain values: secrets stay marked in what is stored, and are known apart."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json


def from_struct(struct: Any) -> Json:
    """A message of properties as JSON. Numbers without a fraction are integers; secrets and unknowns stay
    in the engine's own marks."""
    return {name: _value(value) for name, value in struct.fields.items()}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_value(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind is None or kind == "null_value" else getattr(value, kind)


def to_struct(values: Mapping[str, Any]) -> Any:
    """The message for such JSON."""
    from google.protobuf.struct_pb2 import Struct

    struct = Struct()
    struct.update(values)
    return struct


def revealed(value: Any) -> Any:
    """The same without the marks of secrets: what decisions are made on. Of a secret that is encrypted, as in
    a state, there is nothing to reveal: None."""
    if _is_secret(value):
        return revealed(value.get("value"))
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items()}
    return [revealed(item) for item in value] if isinstance(value, list) else value


def redacted(value: Any) -> Any:
    """The same with `[secret]` for each secret: what people are shown."""
    if _is_secret(value):
        return "[secret]"
    if isinstance(value, Mapping):
        return {name: redacted(item) for name, item in value.items()}
    return [redacted(item) for item in value] if isinstance(value, list) else value


def secret(value: Any) -> Json:
    """A value marked as secret."""
    from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

    return {_special_sig_key: _special_secret_sig, "value": value}


def _is_secret(value: Any) -> bool:
    from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

    return isinstance(value, Mapping) and value.get(_special_sig_key) == _special_secret_sig


def is_unknown(value: Any) -> bool:
    """Whether a value, or anything in it, is not known before an update."""
    from pulumi.runtime.rpc import UNKNOWN

    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    return any(map(is_unknown, value)) if isinstance(value, list) else value == UNKNOWN


def differences(old: Any, new: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths at which two values differ, as deep as both are objects or lists of the same length."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not (_is_secret(old) or _is_secret(new)):
        for name in sorted(old.keys() | new.keys()):
            yield from differences(old.get(name), new.get(name), (*at, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, (*at, index))
    elif revealed(old) != revealed(new):
        yield at
