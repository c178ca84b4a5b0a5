"""Decides how a new image of a schedule is tried before the schedule runs it."""

import msgspec

from components.design.migrations import WAIT_MARGIN_SECONDS, job_name
from components.design.model import WorkloadDesign


def rehearsal(workload: WorkloadDesign) -> WorkloadDesign | None:
    """The one run that tries it: all of the workload, and as it, but by another command, and not again when
    it fails. None where its owner asks for none."""
    if not workload.rehearsal:
        return None
    return msgspec.structs.replace(
        workload,
        command=workload.rehearsal,
        args=[],
        retries=0,
        wait_seconds=workload.deadline_seconds + WAIT_MARGIN_SECONDS,
    )


def rehearsal_name(run: WorkloadDesign) -> str:
    """What its job is called: another one for each image and command."""
    return job_name(msgspec.structs.replace(run, name=f"rehearse-{run.name}"))
