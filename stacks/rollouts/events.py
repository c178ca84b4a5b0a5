"""What Argo Rollouts says of a version in events, which Kubernetes keeps for an hour:
https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ (`--event-ttl`)."""

from collections.abc import Iterable, Iterator

from catalog.document import Json

ABORTED, COMPLETED = "RolloutAborted", "RolloutCompleted"
"""Reasons."""


def said_of(
    events: Iterable[Json], rollout: Json, version: str, revision: int, reason: str
) -> Iterator[Json]:
    """The events of that reason on a rollout that name its version, by its ReplicaSet or its number."""
    uid = rollout["metadata"].get("uid")
    for event in events:
        about = (event.get("involvedObject") or {}).get("uid")
        message = str(event.get("message", ""))
        names_it = f'-{version}"' in message or str(revision) in message.replace(":", " ").split()
        if (about, event.get("reason")) == (uid, reason) and names_it:
            yield event


def why_aborted(events: Iterable[Json], rollout: Json, version: str, revision: int) -> str | None:
    """What the events say of the cause; None where they say no more than that it is so."""
    for event in said_of(events, rollout, version, revision, ABORTED):
        message = str(event.get("message", ""))
        if message != f"Rollout aborted update to revision {revision}":
            return message
    return None
