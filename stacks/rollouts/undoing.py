"""Whether a version was taken back, why, and whether that still waits for somebody to look.

While a rollout is aborted it says so itself. Afterwards what was recorded does, and its analyses, of which
Argo Rollouts keeps the last five that failed (`unsuccessfulRunHistoryLimit`): who goes back in the spec, and
forward again, has not looked."""

from collections.abc import Sequence

from catalog.document import Json
from stacks.rollouts.analyses import analysis, signal_of
from stacks.rollouts.events import ABORTED, why_aborted
from stacks.rollouts.model import FAILING, RolledAnalysis, Undone
from stacks.rollouts.objects import RolloutObjects, created, owned, recorded_undo, undone_of, version_of


def undone(
    objects: RolloutObjects, rollout: Json, version: str, revision: int, analyses: Sequence[RolledAnalysis]
) -> Undone | None:
    """Why all is of the version before: as it was recorded, else as the controller says. None where what was
    asked for last wasn't taken back."""
    status = rollout.get("status") or {}
    if not status.get("abort"):
        return None
    recorded = undone_of(rollout, version)
    if recorded is not None and recorded.tried is None:
        return recorded
    whole = str(status.get("message") or "").removeprefix(f"{ABORTED}: ")
    said = whole.partition(": ")[2] or why_aborted(objects.events, rollout, version, revision) or whole
    return Undone(version, status.get("abortedAt"), None, said.rstrip("."), signal_of(said, analyses))


def freeze(
    objects: RolloutObjects, rollout: Json, sets: Sequence[Json], stable: str, now: Undone | None
) -> Undone | None:
    """The undo after which nothing new may come: the last one, if no person made it and nobody lifted that,
    until a younger version is everywhere."""
    if now is not None:
        return _unseen(now)
    made = {version_of(each): created(each) for each in sets}
    known = {each.version: each for each in map(recorded_undo, (*sets, rollout)) if each is not None}
    for run in owned(objects.analysis_runs, rollout):
        if (run.get("status") or {}).get("phase") in FAILING:
            before = known.get(version_of(run))
            if before is None or (before.tried is not None and created(run) > before.tried.at):
                known[version_of(run)] = _by(run)
    since = made.get(stable, "")
    younger = [
        (moment, each)
        for each in known.values()
        if each.version != stable and (moment := max(made.get(each.version, ""), each.at or "")) > since
    ]
    return _unseen(max(younger, key=lambda each: each[0])[1]) if younger else None


def _by(run: Json) -> Undone:
    """What an analysis has undone, by what it says itself."""
    said = analysis(run)
    at = run["status"].get("completedAt")
    return Undone(version_of(run), at, None, said.why.rstrip("."), signal_of(said.why, [said]))


def _unseen(found: Undone) -> Undone | None:
    is_seen = found.by is not None or found.lifted is not None or found.tried is not None
    return None if is_seen else found
