"""What real API servers said of rollouts, object by object, as `pave rollout` reads it; without pods' specs,
and without who manages which field."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.objects import RolloutObjects, moment
from stacks.rollouts.reading import workloads

RECORDED = Path(__file__).with_name("recorded")
NAMES = sorted(path.stem for path in RECORDED.glob("*.json"))


def recorded(name: str) -> RolloutObjects:
    """What was said in that case."""
    return RolloutObjects(**json.loads((RECORDED / f"{name}.json").read_text("utf-8")))


def at(objects: RolloutObjects) -> datetime:
    """A minute after the last thing that happened there."""
    (rollout,) = objects.rollouts
    said = [each.get("lastUpdateTime") for each in rollout["status"]["conditions"]]
    said += [each.get("startTime") for each in rollout["status"].get("pauseConditions", ())]
    return max(found for each in said if (found := moment(each)) is not None) + timedelta(minutes=1)


def web(name: str) -> WorkloadRollout:
    """How its only workload was."""
    objects = recorded(name)
    (found,) = workloads(objects, at(objects))
    return found
