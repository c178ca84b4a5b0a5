"""Requests to the engine as recorded resources, and the answers to references."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from pulumi.runtime.proto import alias_pb2
from pulumi.runtime.rpc import _special_archive_sig, _special_asset_sig, _special_resource_sig

from catalog.document import Json
from stacks.properties import CONFIDENTIAL, SIGNATURE, UNKNOWN, scalar
from stacks.recording.model import STACK, Options, RecordingError, Resource

_MARKS = frozenset({"$unknown", "$secret", "$asset", "$resource"})


def before_registering(monitor: Any, check: Callable[[Any], None]) -> None:
    """Lets `check` see each request to register a resource before `monitor`, the SDK's gRPC stub of the
    engine, sends it. One for which it raises isn't sent."""
    ask = monitor.RegisterResource

    def checked(request: Any, *args: Any, **options: Any) -> Any:
        check(request)
        return ask(request, *args, **options)

    monitor.RegisterResource = checked


def registered(request: Any, stack: str, project: str) -> Resource:
    """The resource that a request asks to register in a stack. Raises RecordingError as `inputs_of` does."""
    inputs = inputs_of(request.object, request.propertyDependencies)
    if request.type.startswith("pulumi:providers:") and request.version:
        inputs = dict(sorted({"version": request.version, **inputs}.items()))  # the engine adds it
    urn, parent = urn_of(request, stack, project), _parent(request)
    options = options_of(request)
    return Resource(urn, request.type, request.name, parent, request.custom, inputs, options)


def looked_up(request: Any, stack: str, project: str) -> Resource:
    """The resource that a request asks to look up."""
    options = Options(
        depends_on=tuple(sorted(request.dependencies)),
        provider=without_id(request.provider),
        version=request.version,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
    )
    urn, inputs = urn_of(request, stack, project), inputs_of(request.properties, {})
    return Resource(urn, request.type, request.name, _parent(request), True, inputs, options, read=True)


def urn_of(request: Any, stack: str, project: str) -> str:
    """The URN that the engine gives to what a request asks for
    (https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn#URN)."""
    parents = request.parent.split("::")[2] if request.parent else STACK
    types = request.type if parents == STACK else f"{parents}${request.type}"
    return f"urn:pulumi:{stack}::{project}::{types}::{request.name}"


def _parent(request: Any) -> str | None:
    is_top = not request.parent or request.parent.split("::")[2] == STACK
    return None if is_top else str(request.parent)


def inputs_of(struct: Any, dependencies: Mapping[str, Any]) -> Json:
    """A request's properties as JSON, see `Resource`; `dependencies` holds what each of them depends on.

    Raises RecordingError for an object with the keys of one of the marks."""
    fields = struct.fields
    return {
        name: _json(fields[name], sorted(dependencies[name].urns) if name in dependencies else [])
        for name in sorted(fields)
    }


def _json(value: Any, urns: list[str]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _object(value.struct_value.fields, urns)
    if kind == "list_value":
        return [_json(item, urns) for item in value.list_value.values]
    if kind == "string_value":
        return {"$unknown": urns} if value.string_value == UNKNOWN else value.string_value
    return scalar(value, kind)


def _object(fields: Any, urns: list[str]) -> Json:
    signature = fields[SIGNATURE].string_value if SIGNATURE in fields else None
    if signature == CONFIDENTIAL:
        return {"$secret": True}
    if signature == _special_resource_sig:
        return {"$resource": fields["urn"].string_value}
    content = {name: _json(fields[name], urns) for name in sorted(fields) if name != SIGNATURE}
    if signature in {_special_asset_sig, _special_archive_sig}:
        if isinstance(content.get("text"), str):
            content = {"sha256": hashlib.sha256(content["text"].encode()).hexdigest()}
        return {"$asset": content}
    if signature is not None or _MARKS & content.keys():
        raise RecordingError(
            f"An input has the keys {', '.join(sorted(fields))}: rules would take it for a mark of the"
            f" recorder ({', '.join(sorted(_MARKS))}). Use other keys."
        )
    return content


def options_of(request: Any) -> Options:
    """The resource options in a request to register a resource."""
    return Options(
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        depends_on=tuple(sorted(request.dependencies)),
        property_dependencies={
            name: tuple(sorted(dependencies.urns))
            for name, dependencies in sorted(request.propertyDependencies.items())
            if dependencies.urns
        },
        provider=without_id(request.provider),
        providers={package: without_id(ref) for package, ref in sorted(request.providers.items())},
        version=request.version,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        replace_with=tuple(sorted(request.replace_with)),
        deleted_with=request.deletedWith,
        import_id=request.importId,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        aliases=tuple(_alias(alias) for alias in request.aliases),
        custom_timeouts=_set_fields(request.customTimeouts),
    )


def _alias(alias: alias_pb2.Alias) -> str | Json:
    return alias.urn or _set_fields(alias.spec)


def _set_fields(message: Any) -> Json:
    return {field.name: value for field, value in message.ListFields() if value}


def without_id(provider: str) -> str:
    """The URN of a provider's reference, which is `urn::id`."""
    return provider.rpartition("::")[0]


def make_secret(fields: Any, name: str) -> None:
    """Marks the property `name`, if it is among `fields`, as a secret: the engine does so for
    `additionalSecretOutputs`."""
    if name not in fields or SIGNATURE in fields[name].struct_value.fields:
        return
    secret = type(fields[name])()
    secret.struct_value.fields[SIGNATURE].string_value = CONFIDENTIAL
    secret.struct_value.fields["value"].CopyFrom(fields[name])
    fields[name].CopyFrom(secret)


def reference_properties(outputs: Mapping[str, Any] | None) -> Json:
    """The properties of a `StackReference` to a stack with these recorded outputs; None when they aren't
    known.

    The value of a recorded secret isn't kept: it is an unknown secret."""
    if outputs is None:
        return {"outputs": UNKNOWN}
    secret = sorted(name for name, value in outputs.items() if value == {"$secret": True})
    return {"outputs": _wire(outputs), "secretOutputNames": secret}


def _wire(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() & _MARKS:
            return UNKNOWN
        return {name: _wire(item) for name, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, list | tuple) else value
