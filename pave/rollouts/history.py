"""What became of the versions of a workload that the cluster still knows."""

from collections.abc import Iterator, Sequence

from catalog.document import Json
from pave.rollouts.report import PastVersion, RolloutEnding
from stacks.rollouts.analyses import analysis, signal_of
from stacks.rollouts.events import ABORTED, said_of, why_aborted
from stacks.rollouts.model import FAILING, RolledAnalysis, Undone, WorkloadRollout
from stacks.rollouts.objects import (
    RolloutObjects,
    images_of,
    irreversible_of,
    name_of,
    owned,
    revision_of,
    undone_of,
    version_of,
)


def history(objects: RolloutObjects, now: Sequence[WorkloadRollout]) -> list[PastVersion]:
    """The latest of each workload first."""
    going = {(each.kind, each.workload): each for each in now}
    found: list[PastVersion] = []
    for kind, things in (("Rollout", objects.rollouts), ("Deployment", objects.deployments)):
        for thing in things:
            found += _versions(objects, thing, going[kind, name_of(thing)])
    return sorted(found, key=lambda each: (each.workload, -each.revision))


def _versions(objects: RolloutObjects, thing: Json, now: WorkloadRollout) -> Iterator[PastVersion]:
    for each in owned(objects.replica_sets, thing):
        version, template = version_of(each), each["spec"]["template"]
        runs = [run for run in owned(objects.analysis_runs, thing) if version_of(run) == version]
        analyses = [analysis(run) for run in runs]
        undone = _undone(objects, thing, each, now, analyses)
        ended, why = _ended(version, revision_of(each), now, undone)
        yield PastVersion(
            workload=now.workload,
            version=version,
            revision=revision_of(each),
            images=images_of(template),
            at=each["metadata"].get("creationTimestamp"),
            ended=ended,
            why=why,
            undone=undone,
            analyses=analyses,
            irreversible=irreversible_of(template),
            can_return=True,
        )


def _undone(
    objects: RolloutObjects,
    thing: Json,
    copies: Json,
    now: WorkloadRollout,
    analyses: Sequence[RolledAnalysis],
) -> Undone | None:
    """By what was recorded, by what the controller says now, or by what an analysis or an event says."""
    version = version_of(copies)
    recorded = undone_of(thing, version) or undone_of(copies, version)
    if now.undone is not None and now.undone.version == version:
        return now.undone
    if recorded is not None:
        return recorded
    failed = next((each for each in analyses if each.outcome in FAILING), None)
    if failed is not None:
        return Undone(version, None, None, failed.why.rstrip("."), signal_of(failed.why, [failed]))
    for event in said_of(objects.events, thing, version, revision_of(copies), ABORTED):
        said = why_aborted(objects.events, thing, version, revision_of(copies)) or event["message"]
        at = event.get("lastTimestamp")
        return Undone(version, at, None, said.rstrip("."), signal_of(said, analyses))
    return None


def _ended(
    version: str, revision: int, now: WorkloadRollout, undone: Undone | None
) -> tuple[RolloutEnding, str]:
    if now.stable is not None and now.stable.version == version:
        return "completed", "all copies are of it"
    if undone is not None:
        return "undone", undone.why
    if now.new is not None and now.new.version == version:
        return "under way", "; ".join(now.blocks)
    if any(each.version == version for each in now.ran):
        return "completed", "a later version took its place"
    if now.stable is not None and revision > now.stable.revision:
        return "replaced", "a later version took its place before it had come to everybody"
    return "unknown", "nothing that is still kept says how it ended"
