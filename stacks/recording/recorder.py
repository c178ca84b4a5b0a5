"""Records what a Pulumi program asks the engine for: in this process, without an account, a CLI or a network.

The program runs as in a first preview. What it gives a resource is known, everything else is unknown."""

import asyncio
import contextvars
import selectors
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableSet
from concurrent.futures import Executor, ThreadPoolExecutor
from inspect import isawaitable
from pathlib import Path
from typing import Any, Literal, TypeVar, TypeVarTuple

from pulumi.runtime import resource as sdk
from pulumi.runtime.config import _SECRET_KEYS, CONFIG
from pulumi.runtime.proto import engine_pb2, resource_pb2, source_pb2
from pulumi.runtime.rpc_manager import RPCManager
from pulumi.runtime.settings import Settings
from pulumi.runtime.stack import Stack

from catalog.document import Json
from stacks.recording.collector import collector_pause
from stacks.recording.model import STACK, LogMessage, Recording, RecordingError, Resource
from stacks.recording.wire import (
    inputs_of,
    looked_up,
    make_secret,
    reference_properties,
    registered,
    urn_of,
)

Program = Callable[[], Awaitable[None] | None]
_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

_STACK_REFERENCE = "pulumi:pulumi:StackReference"
_is_recording = contextvars.ContextVar("_is_recording", default=False)


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
    with collector_pause, ThreadPoolExecutor(1) as own_thread:
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
    _is_recording.set(True)
    CONFIG.set(_Config(config))
    _SECRET_KEYS.set(set())


def _without_traces(trace: Callable[[], Any]) -> Callable[[], Any]:
    """The SDK's `trace`, which says for the engine where in the program a resource is made, but none in a
    recording: it is a sixth of its time, and nobody is told."""
    return lambda: source_pb2.StackTrace() if _is_recording.get() else trace()


vars(sdk)["_get_stack_trace"] = _without_traces(vars(sdk)["_get_stack_trace"])


class _InOrder(MutableSet[asyncio.Future[Any]]):
    """Replaces the SDK's set of pending and failed outputs by one that keeps the program's order."""

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
    """The configuration. It has every key, so that the SDK doesn't look into environment variables."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> None:
        return None


class _Unanswerable:
    """Takes the place of a service of the engine that a recording doesn't have: any use is refused."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Any:
        raise RecordingError(
            f"The program uses {self._what} ({name}): only the engine has them, so the plan would be another "
            "one than the engine's. Use pulumi.runtime.register_stack_transformation or plain code."
        )


class _Monitor(_Unanswerable):
    """The engine's resource monitor: records each request, and answers as in a first preview."""

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
        if request.type == STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn_of(request, self.stack, self.project))
        if request.remote:
            raise self.refusal(
                f"{request.type} {request.name!r} is built by its provider's plugin, which a recording"
                " doesn't start: its resources would be missing from the plan. Use a component in Python."
            )
        urn = self._add(registered(request, self.stack, self.project))
        response = resource_pb2.RegisterResourceResponse(urn=urn)
        if request.custom:  # a component's inputs don't come back from the engine before an update
            response.object.CopyFrom(request.object)
        for name in request.additionalSecretOutputs:
            make_secret(response.object.fields, name)
        self._states[urn] = response.object
        return response

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        urn = self._add(looked_up(request, self.stack, self.project))
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=request.properties)
        if request.type == _STACK_REFERENCE:
            response.properties.update(reference_properties(self._references.get(request.id)))
        return response

    def RegisterResourceOutputs(self, request: Any) -> None:  # noqa: N802
        if request.urn.split("::")[2] == STACK:
            self.outputs = inputs_of(request.outputs, {})

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        if request.tok == "pulumi:pulumi:readStackOutputs":  # the gate's, of the stack itself
            response = resource_pb2.ResourceInvokeResponse()
            outputs = self._references.get(request.args["name"], {})
            getattr(response, "return").update({"outputs": outputs})
            return response
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
        """An error to raise. It is kept, so that a program which catches it still can't be recorded."""
        self.refusals.append(RecordingError(message))
        return self.refusals[-1]

    def _add(self, resource: Resource) -> str:
        if resource.urn in self.resources:
            raise self.refusal(
                f"Two resources have the URN {resource.urn}, by which the engine tells them apart. Give one "
                "of them another name or another parent."
            )
        self.resources[resource.urn] = resource
        return resource.urn


class _Engine:
    """The engine's log. It also finds calls of functions with unknown arguments, which never reach the
    monitor."""

    _severities: Mapping[int, Literal["info", "warning", "error"]] = {
        engine_pb2.INFO: "info",
        engine_pb2.WARNING: "warning",
        engine_pb2.ERROR: "error",
    }

    def __init__(self, monitor: _Monitor) -> None:
        self.logs: list[LogMessage] = []
        self._monitor = monitor

    def Log(self, request: Any) -> None:  # noqa: N802
        severity = self._severities.get(request.severity)
        if severity is not None:
            self.logs.append(LogMessage(severity, request.message, request.urn or None))
        elif request.message.startswith(("Invoking function: tok=", "Calling function: tok=")):
            raise self._monitor.function_refusal(request.message.partition("tok=")[2])

    def RequirePulumiVersion(self, request: Any) -> None:  # noqa: N802
        """Any: there is no CLI whose version could be wrong."""


class _Selector(selectors.DefaultSelector):
    """Refuses to wait for ever: with nothing ready, no timer and no file to wait for, nothing will ever
    happen."""

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None and len(self.get_map()) <= 1:
            raise RecordingError(
                "The program waits for a value that never comes: an output or a task depends on itself or on"
                " a future that nobody resolves."
            )
        return super().select(timeout)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that runs everything in one thread, always in the same order."""

    def __init__(self) -> None:
        super().__init__(_Selector())
        self.unobserved: list[BaseException] = []

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Ts], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        """Runs `func` in this thread: an executor would make the order random."""
        del executor

        async def call() -> _T:
            return func(*args)

        return self.create_task(call())

    def call_exception_handler(self, context: Mapping[str, Any]) -> None:
        """Keeps the errors of tasks that nobody awaits; Python would only log them."""
        if isinstance(context.get("exception"), BaseException):
            self.unobserved.append(context["exception"])
