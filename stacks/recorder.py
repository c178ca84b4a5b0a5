"""Records what a Pulumi program asks the engine for: in this process, without an account, a CLI or a network.

The program runs as in a first preview. What it gives a resource is known, everything else is unknown."""

import asyncio
import contextvars
import gc
import hashlib
import selectors
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableSet
from concurrent.futures import Executor, ThreadPoolExecutor
from inspect import isawaitable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar, TypeVarTuple

import msgspec
from pulumi.runtime.config import _SECRET_KEYS, CONFIG
from pulumi.runtime.proto import alias_pb2, engine_pb2, resource_pb2
from pulumi.runtime.rpc import (
    UNKNOWN,
    _special_archive_sig,
    _special_asset_sig,
    _special_resource_sig,
    _special_secret_sig,
    _special_sig_key,
)
from pulumi.runtime.rpc_manager import RPCManager
from pulumi.runtime.settings import Settings
from pulumi.runtime.stack import Stack

Json = dict[str, Any]
Program = Callable[[], Awaitable[None] | None]
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

_STACK = "pulumi:pulumi:Stack"
_STACK_REFERENCE = "pulumi:pulumi:StackReference"
_MARKS = frozenset({"$unknown", "$secret", "$asset", "$resource"})


class RecordingError(Exception):
    """The program can't be recorded: it does what a plan can't show, or what the engine would refuse."""


class Options(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A resource's options as they are on the wire; what isn't set isn't in the JSON.

    `depends_on` holds what was asked for and what the inputs imply, `property_dependencies` the latter
    per input. `provider` and `providers` (by package) are URNs, without the provider's id. An alias is a
    URN or the parts of one. Lists of URNs are sorted, other lists are in the program's order."""

    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    depends_on: tuple[str, ...] = ()
    property_dependencies: dict[str, tuple[str, ...]] = {}
    provider: str = ""
    providers: dict[str, str] = {}
    version: str = ""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replace_with: tuple[str, ...] = ()
    deleted_with: str = ""
    import_id: str = ""
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str | Json, ...] = ()
    custom_timeouts: dict[str, str] = {}


class Resource(msgspec.Struct, frozen=True, rename="camel"):
    """One resource that the program registers, or looks up (`read`: `Type.get`, a `StackReference`).

    `urn` is the engine's: the types of all its parents up to the stack. `parent` is a URN, None directly
    below the stack. `inputs` are plain JSON under the provider's names, sorted; in them stands
    `{"$unknown": [urns]}` for a value that only an update knows and the sorted URNs that its whole input
    depends on, `{"$secret": true}` for a secret (its value isn't kept), `{"$resource": urn}` for a
    resource, and `{"$asset": {"path" | "uri" | "sha256" (of its text) | "assets": ...}}` for a file."""

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    inputs: Json
    options: Options
    read: bool = False


class Log(msgspec.Struct, frozen=True, rename="camel"):
    """One message of the program to its user, about the resource `urn` or about the whole."""

    severity: Literal["info", "warning", "error"]
    message: str
    urn: str | None = None


class Recording(msgspec.Struct, frozen=True, rename="camel"):
    """What one run of a program asked for.

    `resources` are sorted by URN, without the stack itself; `outputs` are the stack's, with the same
    marks as inputs (an unknown one names no URNs: exports carry no dependencies); `logs` are in the
    program's order. The same program and arguments give the same bytes of JSON."""

    project: str
    stack: str
    resources: list[Resource]
    outputs: Json
    logs: list[Log]


def record(
    program: Program,
    *,
    project: str,
    stack: str,
    config: Mapping[str, str] = {},
    references: Mapping[str, Mapping[str, Any]] = {},
) -> Recording:
    """Run `program` against a recorder and give back what it asked for.

    `config` maps whole keys (`project:key`) to values; nothing else is read, environment variables neither.
    `references` maps the name that a `StackReference` asks for to that stack's outputs, `Recording.outputs`
    included; a reference to any other stack has unknown outputs. With one unknown among the outputs the
    SDK's `get_output` and `require_output` give only unknowns, `reference.outputs["name"]` is exact.

    It may be called from any thread, and from inside a Pulumi program, whose own run stays as it is.

    Whatever the program raises is raised here, also from a callback of `apply` or a task. RecordingError:
    two resources with the same URN; a call of a provider's function; a resource built by a plugin; a
    transform or hook, which needs the engine (`register_stack_transformation` works); waiting for ever.

    A component's inputs are unknown on the component itself, as in the engine's preview: chain from the
    plain value. Inside an object that the program gave as an input, a field that only the provider would
    fill in is absent rather than unknown: chain from a resource's own outputs."""
    with _collector_pause, ThreadPoolExecutor(1) as own_thread:
        in_context = contextvars.Context().run
        return own_thread.submit(in_context, _record, program, project, stack, config, references).result()


def _record(
    program: Program,
    project: str,
    stack: str,
    config: Mapping[str, str],
    references: Mapping[str, Mapping[str, Any]],
) -> Recording:
    monitor = _Monitor(project, stack, references)
    engine = _Engine(monitor)
    requests: Any = RPCManager()  # type: ignore[no-untyped-call]
    outputs = _InOrder()
    _configure(monitor, engine, requests, outputs, config)
    loop = _Loop()
    stopped: RecordingError | None = None
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        try:
            runner.run(_complete(program, requests, outputs))
        except RecordingError as error:
            stopped = error
    settled = [output.exception() for output in outputs if output.done() and not output.cancelled()]
    errors = [requests.unhandled_exception, *settled, *monitor.refusals, *loop.unobserved, stopped]
    first = next((failure for failure in errors if failure is not None), None)
    if first is not None:
        raise _innermost(first)
    resources = sorted(monitor.resources.values(), key=lambda resource: resource.urn)
    return Recording(project, stack, resources, monitor.outputs, engine.logs)


async def _complete(program: Program, requests: Any, outputs: Iterable[asyncio.Future[Any]]) -> None:
    """Run `program` and wait for all that it started.

    The SDK's `run_in_stack` isn't of use: it ends by stopping the callback servers of *every* program in the
    process, and of several errors it raises one by chance."""
    await _Root().run(program)
    while True:
        await asyncio.sleep(0)  # a request is listed only once its task has started
        pending = [future for future in [*requests.rpcs, *outputs] if not future.done()]
        if not pending:
            return
        await asyncio.wait(pending)


class _Root(Stack):
    async def run(self, program: Program) -> None:
        result = program()
        if isawaitable(result):
            await result
        entrypoint = self._take_async_program()  # set by `pulumi.run`
        if entrypoint is not None:
            self._add_program_outputs(await entrypoint())
        self._finish()


def _innermost(error: BaseException) -> BaseException:
    """The program's own error: the SDK wraps two types of it, once for each resource that needs the value."""
    notes = []
    while str(error).startswith("While processing ") and error.__context__ is not None:
        notes.append(str(error).partition("\n")[0])
        error = error.__context__
    for note in notes:
        error.add_note(note)
    return error


def _configure(
    monitor: "_Monitor", engine: "_Engine", requests: Any, outputs: "_InOrder", config: Mapping[str, str]
) -> None:
    """Make the current context that of one recording.

    Through the context variables themselves: the first assignment to a property of `Settings` in a new
    context also becomes what every *other* new thread in the process sees."""
    own: Json = {
        "project": monitor.project,
        "stack": monitor.stack,
        "monitor": monitor,
        "engine": engine,
        "dry_run": True,
        "organization": "organization",
        "root_directory": str(Path.cwd()),
        "rpc_manager": requests,
        "outputs": outputs,
        "lock": threading.Lock(),
        "package_refs": {},
        "callbacks": _Unanswerable("transforms and hooks"),
        "monitor_features": set(resource_pb2.ResourceMonitorFeature.values()),
        "legacy_apply_enabled": False,
        "parallel": None,
    }
    for name, value in own.items():
        vars(Settings)[name]._data.set(value)  # noqa: SLF001
    CONFIG.set(_Config(config))
    _SECRET_KEYS.set(set())


class _InOrder(MutableSet[asyncio.Future[Any]]):
    """The SDK's set of outputs: those that wait, and those that failed. In the program's order."""

    def __init__(self) -> None:
        self._outputs: dict[asyncio.Future[Any], None] = {}

    def __contains__(self, output: object) -> bool:
        return output in self._outputs

    def __iter__(self) -> Iterator[asyncio.Future[Any]]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)

    def add(self, value: asyncio.Future[Any]) -> None:
        self._outputs[value] = None

    def discard(self, value: asyncio.Future[Any]) -> None:
        self._outputs.pop(value, None)


class _Config(dict[str, Any]):
    """Answers for every key, so that the SDK doesn't go on to ask environment variables."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> None:
        return None


class _Unanswerable:
    """Stands where the SDK expects a service that a recording hasn't."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Any:
        raise RecordingError(
            f"The program uses {self._what} ({name}): only the engine has them, so the plan would be another "
            "one than the engine's. Use pulumi.runtime.register_stack_transformation or plain code."
        )


class _Monitor(_Unanswerable):
    """The engine's resource monitor: remembers each request, answers as a first preview does."""

    def __init__(self, project: str, stack: str, references: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__("a service of the engine")
        self.project = project
        self.stack = stack
        self.resources: dict[str, Resource] = {}
        self.outputs: Json = {}
        self.refusals: list[RecordingError] = []
        self._references = references
        self._states: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        if request.type == _STACK:
            return resource_pb2.RegisterResourceResponse(urn=self._urn(request))
        if request.remote:
            raise self.refusal(
                f"{request.type} {request.name!r} is built by its provider's plugin, which a recording"
                " doesn't start: its resources would be missing from the plan. Use a component in Python."
            )
        inputs = _inputs(request.object, request.propertyDependencies)
        if request.type.startswith("pulumi:providers:") and request.version:
            inputs = dict(sorted({"version": request.version, **inputs}.items()))  # the engine adds it
        urn = self._add(request, custom=request.custom, inputs=inputs, options=_options(request))
        response = resource_pb2.RegisterResourceResponse(urn=urn)
        if request.custom:  # a component's inputs don't come back from the engine before an update
            response.object.CopyFrom(request.object)
        for name in request.additionalSecretOutputs:
            _make_secret(response.object.fields, name)
        self._states[urn] = response.object
        return response

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        options = Options(
            depends_on=tuple(sorted(request.dependencies)),
            provider=_without_id(request.provider),
            version=request.version,
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
        )
        inputs = _inputs(request.properties, {})
        urn = self._add(request, custom=True, inputs=inputs, options=options, read=True)
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=request.properties)
        if request.type == _STACK_REFERENCE:
            outputs = self._references.get(request.id)
            response.properties.update(_reference(outputs) if outputs is not None else {"outputs": UNKNOWN})
        return response

    def RegisterResourceOutputs(self, request: Any) -> None:  # noqa: N802
        if request.urn.split("::")[2] == _STACK:
            self.outputs = _inputs(request.outputs, {})

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        if request.tok != "pulumi:pulumi:getResource":
            raise self.function_refusal(request.tok)
        # Not a provider's function: the SDK looks up a resource that was passed to another one.
        urn = request.args["urn"]
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").update({"urn": urn, "id": "", "state": self._states[urn]})
        return response

    def function_refusal(self, function: str) -> RecordingError:
        return self.refusal(
            f"The program calls the function {function}: components make no invokes, because a plan is"
            " recorded without an account that could answer. Take the value from the catalog, or from a"
            " resource's outputs."
        )

    def refusal(self, message: str) -> RecordingError:
        """Remembered, so that a program that catches it isn't recorded as if nothing had happened."""
        self.refusals.append(RecordingError(message))
        return self.refusals[-1]

    def _add(self, request: Any, *, custom: bool, inputs: Json, options: Options, read: bool = False) -> str:
        urn = self._urn(request)
        if urn in self.resources:
            raise self.refusal(
                f"Two resources have the URN {urn}, by which the engine tells them apart. Give one of them "
                "another name or another parent."
            )
        is_top = not request.parent or request.parent.split("::")[2] == _STACK
        parent = None if is_top else request.parent
        self.resources[urn] = Resource(
            urn, request.type, request.name, parent, custom=custom, inputs=inputs, options=options, read=read
        )
        return urn

    def _urn(self, request: Any) -> str:
        """https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn#URN"""
        parents = request.parent.split("::")[2] if request.parent else _STACK
        types = request.type if parents == _STACK else f"{parents}${request.type}"
        return f"urn:pulumi:{self.stack}::{self.project}::{types}::{request.name}"


class _Engine:
    """The engine's log. It also sees functions called with unknown arguments, which never reach a monitor."""

    _severities: Mapping[int, Literal["info", "warning", "error"]] = {
        engine_pb2.INFO: "info",
        engine_pb2.WARNING: "warning",
        engine_pb2.ERROR: "error",
    }

    def __init__(self, monitor: _Monitor) -> None:
        self.logs: list[Log] = []
        self._monitor = monitor

    def Log(self, request: Any) -> None:  # noqa: N802
        severity = self._severities.get(request.severity)
        if severity is not None:
            self.logs.append(Log(severity, request.message, request.urn or None))
        elif request.message.startswith(("Invoking function: tok=", "Calling function: tok=")):
            raise self._monitor.function_refusal(request.message.partition("tok=")[2])

    def RequirePulumiVersion(self, request: Any) -> None:  # noqa: N802
        """Any: there is no CLI whose version could be wrong."""


def _inputs(struct: Any, dependencies: Mapping[str, Any]) -> Json:
    """A request's properties as JSON; `dependencies` holds what each of them depends on."""
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
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value" and value.string_value == UNKNOWN:
        return {"$unknown": urns}
    return None if kind is None or kind == "null_value" else getattr(value, kind)


def _object(fields: Any, urns: list[str]) -> Json:
    signature = fields[_special_sig_key].string_value if _special_sig_key in fields else None
    if signature == _special_secret_sig:
        return {"$secret": True}
    if signature == _special_resource_sig:
        return {"$resource": fields["urn"].string_value}
    content = {name: _json(fields[name], urns) for name in sorted(fields) if name != _special_sig_key}
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


def _options(request: Any) -> Options:
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
        provider=_without_id(request.provider),
        providers={package: _without_id(ref) for package, ref in sorted(request.providers.items())},
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


def _without_id(provider: str) -> str:
    """A provider's reference is `urn::id`."""
    return provider.rpartition("::")[0]


def _make_secret(fields: Any, name: str) -> None:
    if name not in fields or _special_sig_key in fields[name].struct_value.fields:
        return
    secret = type(fields[name])()
    secret.struct_value.fields[_special_sig_key].string_value = _special_secret_sig
    secret.struct_value.fields["value"].CopyFrom(fields[name])
    fields[name].CopyFrom(secret)


def _reference(outputs: Mapping[str, Any]) -> Json:
    """What a `StackReference` knows. A recorded secret has no value any more: it is unknown, and secret."""
    secret = sorted(name for name, value in outputs.items() if value == {"$secret": True})
    return {"outputs": _wire(outputs), "secretOutputNames": secret}


def _wire(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() & _MARKS:
            return UNKNOWN
        return {name: _wire(item) for name, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, list | tuple) else value


class _Selector(selectors.DefaultSelector):
    """Refuses to wait for ever: nothing comes when nothing is ready and no timer or file is waited for."""

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None and len(self.get_map()) <= 1:
            raise RecordingError(
                "The program waits for a value that never comes: an output or a task depends on itself or on"
                " a future that nobody resolves."
            )
        return super().select(timeout)


class _Loop(asyncio.SelectorEventLoop):
    """Runs everything in one thread, in one order."""

    def __init__(self) -> None:
        super().__init__(_Selector())
        self.unobserved: list[BaseException] = []

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Ts], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        """In this thread: `executor` would only add another order."""
        del executor

        async def call() -> _T:
            return func(*args)

        return self.create_task(call())

    def call_exception_handler(self, context: Mapping[str, Any]) -> None:
        """Errors of tasks that nobody waits for: Python would only log them."""
        if isinstance(context.get("exception"), BaseException):
            self.unobserved.append(context["exception"])


class _CollectorPause:
    """Python's cycle collector is off while any recording runs: half of a recording's time, for nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recordings = 0
        self._was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if self._recordings == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._recordings += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._recordings -= 1
            if self._recordings == 0 and self._was_on:
                gc.enable()


_collector_pause = _CollectorPause()
