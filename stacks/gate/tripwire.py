"""The tripwire: during a run, judges every request to register a resource that differs from its recording.

The gate judges a recorded plan, in which no value is known that a resource only has once it exists. During
the run these become known, one after the other. A request to register a resource that differs from what was
recorded is judged before the engine sees it, as part of the plan with all that is known by then.

It stands in front of the SDK's stub of the engine: a request there is all that the engine would get, and an
error there ends the program with one message. A transform of Pulumi's that raises prints a hundred lines of
traceback.
"""

import threading
from typing import Any, Protocol

import msgspec
import pulumi

from catalog.yaml.fault import visible
from policies.decision import Decision, Finding
from policies.enforcement import is_blocking
from policies.engines.answer import EngineError
from stacks.plan import Plan, plan_of
from stacks.recording.model import STACK, Recording, RecordingError, Resource
from stacks.recording.wire import before_registering, registered


class PlanJudge(Protocol):
    """Judges the plans of one run, and decides whether the run may go on. The gate is one."""

    def decide(self, plan: Plan) -> Decision:
        """The decision on a plan. Raises EngineError."""
        ...

    def lets_through(self, decision: Decision) -> bool:
        """Whether the run may go on after a decision. Logs what only a broken glass lets through."""
        ...

    def explain(self, decision: Decision, left: str) -> str:
        """The message for a run that may not go on; `left` says what the user is left with."""
        ...


class Tripwire:
    """Judges the requests of one run against the `recording` of it that the gate has judged.

    `is_update` is False in a preview, where a value may stay unknown."""

    def __init__(self, recording: Recording, judge: PlanJudge, *, is_update: bool) -> None:
        self._recording = recording
        self._resources = {resource.urn: resource for resource in recording.resources}
        self._judge = judge
        self._is_update = is_update
        self.is_open = False
        """Whether a request had an unknown value: then an update may find what this preview didn't."""
        self._lock = threading.Lock()
        self._refusal: pulumi.RunError | None = None

    def arm(self, monitor: Any) -> None:
        """Checks each request to `monitor`, the SDK's gRPC stub of the engine, before it is sent."""
        before_registering(monitor, self.check)

    def check(self, request: Any) -> None:
        """Returns when a request to register a resource may be sent to the engine. Raises pulumi.RunError for
        one that may not, and for every request after that one."""
        with self._lock:  # requests come from many threads, and an engine serves one
            if self._refusal is None and request.type != STACK:
                self._refusal = self._refused(request)
            if self._refusal is not None:
                raise self._refusal

    def _refused(self, request: Any) -> pulumi.RunError | None:
        what = f"{request.name} ({request.type})"
        if request.remote:
            return pulumi.RunError(
                f"pave can't judge {what}: its provider's plugin would register more, unseen."
            )
        try:
            resource = registered(request, self._recording.stack, self._recording.project)
            is_open = has_unknown(resource.inputs)
            self.is_open |= is_open
            if resource == self._resources.get(resource.urn) and not (is_open and self._is_update):
                return None
            self._resources[resource.urn] = resource
            known = [self._resources[urn] for urn in sorted(self._resources)]
            decision = self._judge.decide(plan_of(msgspec.structs.replace(self._recording, resources=known)))
        except (RecordingError, EngineError) as error:
            return pulumi.RunError(visible(f"pave can't judge {what}: {error}"))
        if self._is_update:
            decision = final(decision, resource.urn)
        if self._judge.lets_through(decision):
            return None
        return pulumi.RunError(self._judge.explain(decision, self._left(resource)))

    def _left(self, resource: Resource) -> str:
        """The sentence on what the user is left with when this resource stops the run."""
        what = f"Known only now that {resource.name} ({resource.type}) is next"
        if not self._is_update:
            return f"{what}. This is a preview: nothing has changed."
        return f"{what}: it was not registered, nor anything after it.\nWhat came before it stays."


def has_unknown(value: Any) -> bool:
    """Whether a recorded value has a part that isn't known."""
    if isinstance(value, dict):
        return "$unknown" in value or any(map(has_unknown, value.values()))
    return isinstance(value, list) and any(map(has_unknown, value))


def final(decision: Decision, urn: str | None = None) -> Decision:
    """The decision in which undecided findings block as if they had failed: those about the resource `urn`,
    or all when that is None.

    An update knows every input of a resource before it registers it, so nothing will decide them later."""
    findings = [_final(one, urn, decision.target_level) for one in decision.findings]
    added = sum(one.blocking for one in findings) - decision.counts.blocking
    if not added:
        return decision
    counts = msgspec.structs.replace(
        decision.counts,
        blocking=decision.counts.blocking + added,
        undecided=decision.counts.undecided - added,
    )
    findings.sort(key=lambda one: not one.blocking)
    return msgspec.structs.replace(decision, allowed=False, counts=counts, findings=findings)


def _final(finding: Finding, urn: str | None, target_level: int) -> Finding:
    is_open = finding.status == "undecided" and urn in (None, finding.resource) and finding.waiver is None
    is_floor = bool(finding.because)
    if not is_open or not is_blocking(
        finding.severity, finding.level, "failed", target_level, is_floor=is_floor
    ):
        return finding
    message = f"{finding.message} It can't be decided: a value that it depends on is still unknown."
    return msgspec.structs.replace(finding, blocking=True, message=message)
