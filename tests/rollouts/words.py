"""What a person's word is decided about: recordings, words, and what a decision changes."""

import copy
import json
from collections.abc import Callable
from typing import Any

from pave.rollouts.deciding import PersonsWord, RolloutDecision
from pave.rollouts.way_back import WayBack
from stacks.rollouts.changing import ObjectChange
from stacks.rollouts.objects import RolloutObjects
from tests.rollouts.recordings import recorded, web

WORD = PersonsWord("jane@acme.example", "2026-11-21T10:00:00Z", "orders are lost")
OPEN = WayBack([], True, {})
FORCED = WORD._replace(forced=True)
OLD, NEW, MENDED = (f"registry.acme.example/app@sha256:{digit * 64}" for digit in "123")
STATUS = "/apis/argoproj.io/v1alpha1/namespaces/{}/rollouts/web/status"


def done(decided: RolloutDecision) -> list[ObjectChange]:
    assert decided.refused is None
    return list(decided.changes)


def said_in(change: ObjectChange, annotation: str) -> Any:
    return json.loads(change.body["metadata"]["annotations"][annotation])


def applied(name: str, *changes: ObjectChange, **status: Any) -> RolloutObjects:
    """What the server has of a recording after annotations were changed, and what its status says."""
    objects = recorded(name)
    (rollout,) = copy.deepcopy(objects.rollouts)
    for change in changes:
        rollout["metadata"].setdefault("annotations", {}).update(change.body["metadata"]["annotations"])
    rollout["status"] |= status
    return objects._replace(rollouts=[rollout])


def status_of(name: str, patch: Any) -> ObjectChange:
    (rollout,) = recorded(name).rollouts
    return ObjectChange(STATUS.format(rollout["metadata"]["namespace"]), {"status": patch})


def decide(how: Callable[..., RolloutDecision], name: str, *words: Any, **more: Any) -> RolloutDecision:
    (rollout,) = recorded(name).rollouts
    return how(web(name), rollout, *words, **more)
