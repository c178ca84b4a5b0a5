"""The calls of the engine, answered as Google's and Kubernetes' providers would answer them.

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
from pave.local_cloud.api_errors import ApiError
from pave.local_cloud.cloud import CallRefused, Cloud, NotServed
from pave.local_cloud.faults import FAULTS, RETRIES, InjectedFailure, seconds_to_wait
from pave.local_cloud.store import CloudStore
from stacks.properties import changed_paths, from_struct, is_unknown, revealed, to_struct
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.table import TYPES, replaces

Logger = Callable[[str, str], None]

METHODS = (
    *("Handshake", "CheckConfig", "DiffConfig", "Configure", "Check", "Diff", "Create", "Read", "Update"),
    *("Delete", "Cancel", "GetPluginInfo", "GetSchema", "Attach"),
)


@dataclass
class Session:
    """One engine's use of one of its providers: a connection."""

    place: ProviderSettings = field(default_factory=ProviderSettings)
    cancelled: threading.Event = field(default_factory=threading.Event)


class Provider:
    """Answers the engine.

    `speed` is how many real seconds a simulated one takes; `crash` ends the process."""

    def __init__(self, store: CloudStore, cloud: Cloud, speed: float, crash: Callable[[], None]) -> None:
        from pulumi.runtime.proto import plugin_pb2, provider_pb2

        self._messages: Any = provider_pb2
        self._plugin: Any = plugin_pb2
        self._store = store
        self._cloud = cloud
        self._speed = speed
        self._crash = crash
        self._sessions: dict[str, Session] = {}

    def handshake(self, _request: Any, context: Any) -> Any:
        """Says what this provider understands."""
        self._session(context)
        return self._messages.ProviderHandshakeResponse(accept_secrets=True)

    def get_plugin_info(self, _request: Any, _context: Any) -> Any:
        """A version that the engine takes for new enough: that of the SDK with the higher one."""
        return self._plugin.PluginInfo(version=version("pulumi-gcp"))

    def get_schema(self, _request: Any, _context: Any) -> Any:
        """None: the programs are written against the real providers'."""
        return self._messages.GetSchemaResponse(schema="{}")

    def attach(self, _request: Any, _context: Any) -> Any:
        """The engine has found us."""
        from google.protobuf.empty_pb2 import Empty

        return Empty()

    def check_config(self, request: Any, _context: Any) -> Any:
        """Any configuration is fine."""
        return self._messages.CheckResponse(inputs=request.news)

    def diff_config(self, request: Any, _context: Any) -> Any:
        """Another cluster replaces all that is on the old one; any other change only reaches it differently:
        https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/#inputs"""
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        changed = sorted({str(path[0]) for path in changed_paths(old, new)} - {"version"})
        replacing = [name for name in changed if name == "clusterIdentifier"]
        return self._diff(
            [(name,) for name in changed], [(name,) for name in replacing], before_replace=False
        )

    def configure(self, request: Any, context: Any) -> Any:
        """Remembers which project, region or cluster this connection is for."""
        given = revealed(from_struct(request.args))
        known = {
            name: value for name, value in given.items() if isinstance(value, str) and not is_unknown(value)
        }
        place = ProviderSettings(
            known.get("project", ""), known.get("region", ""), known.get("clusterIdentifier", "")
        )
        self._session(context).place = place
        return self._messages.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def cancel(self, _request: Any, context: Any) -> Any:
        """Stops waiting. What has begun goes on in the cloud, as it would in Google's."""
        from google.protobuf.empty_pb2 import Empty

        self._session(context).cancelled.set()
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
        """What changes, and what of it replaces."""
        token = _token(request)
        with self._logged("diff", request, context):
            old, new = from_struct(request.old_inputs), from_struct(request.news)
            changed = list(changed_paths(old, new))
            replacing = list(replaces(token, old, new, changed))
            place = self._session(context).place
            is_same = bool(replacing) and identity(token, new, place) == request.id
        return self._diff(changed, replacing, before_replace=is_same)

    def create(self, request: Any, context: Any) -> Any:
        """Creates, after as long as it takes; in a preview only says what is known."""
        inputs = from_struct(request.properties)
        if request.preview:
            with self._logged("create", request, context, preview=True):
                return self._messages.CreateResponse(properties=request.properties)
        act = partial(self._cloud.create, _token(request), request.urn, inputs, self._session(context).place)
        id_, outputs = self._attempt("create", request, context, act)
        return self._messages.CreateResponse(id=id_, properties=to_struct(inputs | outputs))

    def update(self, request: Any, context: Any) -> Any:
        """Changes in place."""
        inputs = from_struct(request.news)
        if request.preview:
            with self._logged("update", request, context, preview=True):
                known = from_struct(request.olds) | inputs
                return self._messages.UpdateResponse(properties=to_struct(known))
        act = partial(self._cloud.update, _token(request), request.id, inputs, self._session(context).place)
        _, outputs = self._attempt("update", request, context, act)
        return self._messages.UpdateResponse(properties=to_struct(inputs | outputs))

    def read(self, request: Any, context: Any) -> Any:
        """What is there now; no id when nothing is."""
        with self._logged("read", request, context):
            held = self._cloud.find(_token(request), request.id, self._session(context).place)
        if held is None:
            return self._messages.ReadResponse()
        return self._messages.ReadResponse(
            id=held.id, inputs=to_struct(held.inputs), properties=to_struct(held.inputs | held.outputs)
        )

    def delete(self, request: Any, context: Any) -> Any:
        """Deletes; what is gone already is fine."""
        from google.protobuf.empty_pb2 import Empty

        act = partial(self._cloud.delete, _token(request), request.id, self._session(context).place)
        self._attempt("delete", request, context, act)
        return Empty()

    def _attempt(
        self, operation: str, request: Any, context: Any, act: Callable[[], tuple[str, Json]]
    ) -> tuple[str, Json]:
        """Does it, again after a failure that passes."""
        session = self._session(context)
        for attempt in range(RETRIES + 1):
            try:
                return self._once(operation, request, context, act)
            except InjectedFailure as error:
                words = FAULTS[error.code]
                if words.is_the_end:
                    self._crash()
                if not words.is_passing or attempt == RETRIES:
                    context.abort(grpc.StatusCode[words.status], words.message)
            session.cancelled.wait(seconds_to_wait(attempt) * self._speed)
        raise AssertionError("the last attempt returns or aborts")

    def _once(
        self, operation: str, request: Any, context: Any, act: Callable[[], tuple[str, Json]]
    ) -> tuple[str, Json]:
        """Does it and waits as long as Google takes. Raises InjectedFailure when a fault
        was to come."""
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
        if self._session(context).cancelled.wait(minutes * 60 * self._speed):
            context.abort(grpc.StatusCode.CANCELLED, f"Cancelled; {result[0]} goes on in the cloud.")
        return result

    @contextmanager
    def _logged(self, operation: str, request: Any, context: Any, *, preview: bool = False) -> Iterator[None]:
        """Writes a call that changes nothing into the log, with its outcome."""
        log = self._log(operation, request, preview=preview)
        with self._refusing(log, context):
            yield
        log("", "ok")

    @contextmanager
    def _refusing(self, log: Logger, context: Any) -> Iterator[None]:
        """Turns a refusal into the engine's error, and writes it into the log."""
        try:
            yield
        except (CallRefused, NotServed) as error:
            log("", str(error))
            status = (
                _status(error.refusal) if isinstance(error, CallRefused) else grpc.StatusCode.UNIMPLEMENTED
            )
            context.abort(status, str(error))

    def _log(self, operation: str, request: Any, *, preview: bool = False) -> Logger:
        """What writes a call into the log, with its id (or the one that was asked for) and its outcome."""
        asked = str(getattr(request, "id", ""))
        token, urn = _token(request), request.urn

        def log(id_: str, outcome: str) -> None:
            self._store.log(operation, token, urn, id_ or asked, outcome, preview=preview)

        return log

    def _session(self, context: Any) -> Session:
        return self._sessions.setdefault(context.peer(), Session())

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
        404: grpc.StatusCode.NOT_FOUND,
        409: grpc.StatusCode.ALREADY_EXISTS,
        400: grpc.StatusCode.INVALID_ARGUMENT,
    }
    return codes.get(refusal.code, grpc.StatusCode.FAILED_PRECONDITION)
