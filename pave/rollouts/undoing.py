"""Whether a version was taken back, why, and whether that still waits for somebody to look.

While a rollout is aborted it says so itself. Afterwards, its analyses do, of which Argo Rollouts keeps the
last five that failed (`unsuccessfulRunHistoryLimit`): who goes back in the spec, and forward again, has not
looked."""

from collections.abc import Sequence

from catalog.document import Json
from pave.rollouts.analyses import analysis, signal_of
from pave.rollouts.events import ABORTED, why_aborted
from pave.rollouts.objects import RolloutObjects, created, owned, undone_of, version_of
from pave.rollouts.report import FAILING, RolledAnalysis, Undone


def undone(
    objects: RolloutObjects, rollout: Json, version: str, revision: int, analyses: Sequence[RolledAnalysis]
) -> Undone | None:
    """Why all is of the version before: as it was recorded, else as the controller says. None where what was
    asked for last wasn't taken back."""
    status = rollout.get("status") or {}
    if not status.get("abort"):
        return None
    recorded = undone_of(rollout, version)
    if recorded is not None:
        return recorded
    whole = str(status.get("message") or "").removeprefix(f"{ABORTED}: ")
    said = whole.partition(": ")[2] or why_aborted(objects.events, rollout, version, revision) or whole
    return Undone(version, status.get("abortedAt"), None, said, signal_of(said, analyses))


def freeze(
    objects: RolloutObjects, rollout: Json, sets: Sequence[Json], stable: str, now: Undone | None
) -> Undone | None:
    """The undo after which nothing new may come: the last one, if no person made it and nobody lifted that,
    until a younger version is everywhere."""
    if now is not None:
        return _unseen(now)
    failed = [
        run
        for run in owned(objects.analysis_runs, rollout)
        if (run.get("status") or {}).get("phase") in FAILING and version_of(run) != stable
    ]
    last = max(failed, key=created, default=None)
    since = max((created(each) for each in sets if version_of(each) == stable), default="")
    if last is None or created(last) <= since:
        return None
    version = version_of(last)
    recorded = (undone_of(each, version) for each in (rollout, *sets))
    found = next((each for each in recorded if each is not None), None)
    if found is not None:
        return _unseen(found)
    said = analysis(last)
    return Undone(version, last["status"].get("completedAt"), None, said.why, signal_of(said.why, [said]))


def _unseen(found: Undone) -> Undone | None:
    return found if found.by is None and found.lifted is None else None
