"""The engine's provider protocol, answered as Google's and Kubernetes' providers would.

The protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from typing import Any

import grpc

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from pave.local_cloud.cloud import CallRefused, Cloud, NotServed
from pave.local_cloud.faults import FAULTS, RETRIES, InjectedFailure, seconds_to_wait
from pave.local_cloud.refusal import ApiError
from pave.local_cloud.store import CloudStore
from stacks.properties import changed_paths, from_struct, is_unknown, revealed, to_struct
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.table import TYPES, changes, replaces

Logger = Callable[[str, str], None]

METHODS = (
    *("Handshake", "CheckConfig", "DiffConfig", "Configure", "Check", "Diff", "Create", "Read", "Update"),
    *("Delete", "Cancel", "GetPluginInfo", "GetSchema", "Attach"),
)


@dataclass
class EngineConnection:
    """A connection of an engine, which has one for each provider of a program: where that provider works, and
    whether the engine has cancelled."""

    place: ProviderSettings = field(default_factory=ProviderSettings)
    cancelled: threading.Event = field(default_factory=threading.Event)


class Provider:
    """The methods of the protocol (`METHODS`), each with its request and response messages.

    `store` has the log and the faults, `cloud` the resources. `speed` is how many real seconds a simulated
    one takes; `crash` ends the process, for the faults that do."""

    def __init__(self, store: CloudStore, cloud: Cloud, speed: float, crash: Callable[[], None]) -> None:
        from pulumi.runtime.proto import plugin_pb2, provider_pb2

        self._messages: Any = provider_pb2
        self._plugin: Any = plugin_pb2
        self._store = store
        self._cloud = cloud
        self._speed = speed
        self._crash = crash
        self._connections: dict[str, EngineConnection] = {}

    def handshake(self, _request: Any, context: Any) -> Any:
        """Accepts the engine, and secrets in its messages. A connection's port may have been another engine's
        before, which has cancelled at its end, as every engine does: that one's session is over."""
        self._connections[context.peer()] = EngineConnection()
        return self._messages.ProviderHandshakeResponse(accept_secrets=True)

    def get_plugin_info(self, _request: Any, _context: Any) -> Any:
        """The version of `pulumi-gcp`, the higher of both SDKs': the engine wants one that is at least the
        program's."""
        return self._plugin.PluginInfo(version=version("pulumi-gcp"))

    def get_schema(self, _request: Any, _context: Any) -> Any:
        """An empty schema: programs use the real providers' SDKs."""
        return self._messages.GetSchemaResponse(schema="{}")

    def attach(self, _request: Any, _context: Any) -> Any:
        """Accepts the address of the engine, and doesn't use it."""
        from google.protobuf.empty_pb2 import Empty

        return Empty()

    def check_config(self, request: Any, _context: Any) -> Any:
        """Accepts any configuration of the provider."""
        return self._messages.CheckResponse(inputs=request.news)

    def diff_config(self, request: Any, _context: Any) -> Any:
        """A changed `clusterIdentifier` replaces the provider, and all resources on it; any other change
        updates it: https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#inputs"""
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        changed = sorted({str(path[0]) for path in changed_paths(old, new)} - {"version"})
        replacing = [name for name in changed if name == "clusterIdentifier"]
        return self._diff(
            [(name,) for name in changed], [(name,) for name in replacing], before_replace=False
        )

    def configure(self, request: Any, context: Any) -> Any:
        """Keeps the project, region or cluster of this connection; an unknown one counts as not set."""
        given = revealed(from_struct(request.args))
        known = {
            name: value for name, value in given.items() if isinstance(value, str) and not is_unknown(value)
        }
        place = ProviderSettings(
            known.get("project", ""), known.get("region", ""), known.get("clusterIdentifier", "")
        )
        self._connection(context).place = place
        return self._messages.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def cancel(self, _request: Any, context: Any) -> Any:
        """Ends all waiting of this connection. Operations that have begun stay done, as in Google's cloud."""
        from google.protobuf.empty_pb2 import Empty

        self._connection(context).cancelled.set()
        return Empty()

    def check(self, request: Any, context: Any) -> Any:
        """Refuses types that aren't served, and inputs that the provider or Kubernetes would refuse."""
        inputs = from_struct(request.news)
        with self._logged("check", request, context):
            failures = [
                self._messages.CheckFailure(property=name, reason=reason)
                for name, reason in self._cloud.problems(_token(request), inputs)
            ]
        return self._messages.CheckResponse(inputs=request.news, failures=failures)

    def diff(self, request: Any, context: Any) -> Any:
        """The changed properties, and which of them replace the resource. It is deleted before it is created
        again when its id stays the same."""
        token = _token(request)
        with self._logged("diff", request, context):
            old, new = from_struct(request.old_inputs), from_struct(request.news)
            changed = list(changes(token, old, new, changed_paths(old, new)))
            replacing = list(replaces(token, old, new, changed))
            place = self._connection(context).place
            is_same = bool(replacing) and identity(token, new, place) == request.id
        return self._diff(changed, replacing, before_replace=is_same)

    def create(self, request: Any, context: Any) -> Any:
        """Creates a resource, and takes the simulated time for it; in a preview, gives the known properties
        at once."""
        inputs = from_struct(request.properties)
        if request.preview:
            with self._logged("create", request, context, preview=True):
                return self._messages.CreateResponse(properties=request.properties)
        place = self._connection(context).place
        act = partial(self._cloud.create, _token(request), request.urn, inputs, place, request.timeout)
        id_, outputs = self._attempt("create", request, context, act)
        return self._messages.CreateResponse(id=id_, properties=to_struct(inputs | outputs))

    def update(self, request: Any, context: Any) -> Any:
        """Changes a resource in place; in a preview, gives the known properties at once."""
        inputs = from_struct(request.news)
        if request.preview:
            with self._logged("update", request, context, preview=True):
                known = from_struct(request.olds) | inputs
                return self._messages.UpdateResponse(properties=to_struct(known))
        place = self._connection(context).place
        act = partial(self._cloud.update, _token(request), request.id, inputs, place, request.timeout)
        _, outputs = self._attempt("update", request, context, act)
        return self._messages.UpdateResponse(properties=to_struct(inputs | outputs))

    def read(self, request: Any, context: Any) -> Any:
        """The resource as it is now; without an id when it isn't there. One of which the state knows nothing
        is imported."""
        token, place = _token(request), self._connection(context).place
        with self._logged("read", request, context):
            known = from_struct(request.inputs) | from_struct(request.properties)
            if known:
                held = self._cloud.read(token, request.id, known, place)
            else:
                held = self._cloud.imported(token, request.id, place)
        if held is None:
            return self._messages.ReadResponse()
        return self._messages.ReadResponse(
            id=held.id, inputs=to_struct(held.inputs), properties=to_struct(held.inputs | held.outputs)
        )

    def delete(self, request: Any, context: Any) -> Any:
        """Deletes a resource; one that isn't there counts as deleted."""
        from google.protobuf.empty_pb2 import Empty

        known, place = from_struct(request.properties), self._connection(context).place
        act = partial(self._cloud.delete, _token(request), request.id, known, place)
        self._attempt("delete", request, context, act)
        return Empty()

    def _attempt(
        self, operation: str, request: Any, context: Any, act: Callable[[], tuple[str, Json]]
    ) -> tuple[str, Json]:
        """Runs an operation, retries it after transient failures, and aborts the call after any other."""
        connection = self._connection(context)
        for attempt in range(RETRIES + 1):
            try:
                return self._once(operation, request, context, act)
            except InjectedFailure as error:
                words = FAULTS[error.code]
                if words.is_the_end:
                    self._crash()
                if not words.is_passing or attempt == RETRIES:
                    context.abort(grpc.StatusCode[words.status], words.message)
            connection.cancelled.wait(seconds_to_wait(attempt) * self._speed)
        raise AssertionError("the last attempt returns or aborts")

    def _once(
        self, operation: str, request: Any, context: Any, act: Callable[[], tuple[str, Json]]
    ) -> tuple[str, Json]:
        """Runs an operation once, and takes the simulated time for it. Raises InjectedFailure when a pending
        fault matches."""
        token = _token(request)
        log = self._log(operation, request)
        fault = self._store.take_fault(token, operation)
        if fault is not None and not FAULTS[fault].is_after:
            log("", FAULTS[fault].message)
            raise InjectedFailure(fault)
        # What is done and its entry in the log are both there, or neither, whenever this process is ended.
        with self._refusing(log, context), self._store.transaction():
            result = act()
            log(result[0], "ok" if fault is None else f"ok, but nobody heard: {FAULTS[fault].message}")
        if fault is not None:
            raise InjectedFailure(fault)
        minutes = TYPES[token].minutes if token in TYPES else 0.0
        if self._connection(context).cancelled.wait(minutes * 60 * self._speed):
            context.abort(grpc.StatusCode.CANCELLED, f"Cancelled; {result[0]} goes on in the cloud.")
        return result

    @contextmanager
    def _logged(self, operation: str, request: Any, context: Any, *, preview: bool = False) -> Iterator[None]:
        """Logs a call that changes nothing, with its outcome."""
        log = self._log(operation, request, preview=preview)
        with self._refusing(log, context):
            yield
        log("", "ok")

    @contextmanager
    def _refusing(self, log: Logger, context: Any) -> Iterator[None]:
        """Turns CallRefused and NotServed into an aborted call, and logs them."""
        try:
            yield
        except (CallRefused, NotServed) as error:
            log("", str(error))
            status = (
                _status(error.refusal) if isinstance(error, CallRefused) else grpc.StatusCode.UNIMPLEMENTED
            )
            context.abort(status, str(error))

    def _log(self, operation: str, request: Any, *, preview: bool = False) -> Logger:
        """A function that logs this call, given its id (empty: the id in the request) and its outcome."""
        asked = str(getattr(request, "id", ""))
        token, urn = _token(request), request.urn

        def log(id_: str, outcome: str) -> None:
            self._store.log(operation, token, urn, id_ or asked, outcome, preview=preview)

        return log

    def _connection(self, context: Any) -> EngineConnection:
        return self._connections.setdefault(context.peer(), EngineConnection())

    def _diff(
        self,
        changed: list[Pointer],
        replacing: list[Pointer],
        *,
        before_replace: bool,
    ) -> Any:
        kinds = self._messages.PropertyDiff
        detailed = {
            _path(path): kinds(
                kind=kinds.UPDATE_REPLACE if path in replacing else kinds.UPDATE, inputDiff=True
            )
            for path in changed
        }
        response = self._messages.DiffResponse
        return response(
            changes=response.DIFF_SOME if changed else response.DIFF_NONE,
            diffs=sorted({str(path[0]) for path in changed}),
            replaces=sorted({str(path[0]) for path in replacing}),
            deleteBeforeReplace=before_replace,
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )


def _token(request: Any) -> str:
    """The type in a URN: `urn:pulumi:<stack>::<project>::<parents>$<type>::<name>`."""
    types: str = request.urn.split("::")[2]
    return types.rpartition("$")[2]


def _path(path: Pointer) -> str:
    """https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _status(refusal: ApiError) -> grpc.StatusCode:
    codes = {
        403: grpc.StatusCode.PERMISSION_DENIED,
        404: grpc.StatusCode.NOT_FOUND,
        409: grpc.StatusCode.ALREADY_EXISTS,
        400: grpc.StatusCode.INVALID_ARGUMENT,
    }
    return codes.get(refusal.code, grpc.StatusCode.FAILED_PRECONDITION)
