"""Schedules: whether what should have run has succeeded, and whether it ran twice at once.

Kubernetes itself reckons when a schedule comes next, in its time zone; what it says of a CronJob comes from
kube-state-metrics:
https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/cronjob-metrics.md."""

import math

from components.design.model import WorkloadDesign
from components.design.monitoring.alerting import alert
from components.design.monitoring.cadence import longest_wait
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.lasting import lasting
from components.design.monitoring.model import Alert, Unmeasured, Watch
from components.design.monitoring.promql import series
from components.design.monitoring.scrape import own
from components.design.monitoring.trial import Check, InputSeries, Trial
from components.design.monitoring.trials.threshold import gauge_trials, trial

SLACK_SECONDS = 300
"""For a start that took a while, and a status that is told a little later."""

PATIENCE = 1.5
"""Times the longest wait between two runs, after which nobody waits for any sign of a schedule any more."""


PART = (4, "Schedules")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Each schedule on Kubernetes."""
    critical = {job.workload for job in ground.service.spec.jobs if job.criticality == "critical"}
    for workload in ground.design.workloads:
        if workload.kind != "cron" or workload.schedule is None:
            continue
        if workload.runtime != "kubernetes":
            yield Unmeasured(
                name=workload.name,
                origin=workload.origin,
                what=f"schedule {workload.name}",
                why="a clock on a virtual machine starts it, which tells nobody",
                fix="Move it to Kubernetes (`runtime: kubernetes`).",
            )
            continue
        unit = ground.design.unit
        if unit is not None and not unit.sees_schedules:
            yield Unmeasured(
                name=workload.name,
                origin=workload.origin,
                what=f"schedule {workload.name}",
                why=f"the unit of {unit.name} runs nothing that tells of schedules",
                fix=f"Write `images.state` into `units/{unit.name}.yaml`: kube-state-metrics.",
            )
            continue
        yield _missed(ground, workload, is_critical=workload.name in critical)
        if workload.single_leader:
            yield _doubled(ground, workload)


def _told(ground: Ground, workload: WorkloadDesign, what: str) -> str:
    return series(f"kube_cronjob_{what}", own(ground, cronjob=workload.name))


def _missed(ground: Ground, workload: WorkloadDesign, *, is_critical: bool) -> Watch:
    """Three ways not to have succeeded: the last run that came, for longer than any wait for one, or
    never."""
    wait = longest_wait(workload.schedule or "", workload.time_zone)
    run = workload.deadline_seconds + SLACK_SECONDS
    silent = int(PATIENCE * wait) + run
    succeeded = f"max({_told(ground, workload, 'status_last_successful_time')})"
    came = f"max({_told(ground, workload, 'status_last_schedule_time')})"
    created = f"max({_told(ground, workload, 'created')})"
    found = alert(
        ground,
        workload.name,
        "missed",
        f"(time() - {came} > {run} and {came} > {succeeded})\n"
        f"or time() - {succeeded} > {silent}\n"
        f"or (time() - {created} > {silent} unless {succeeded})",
        haste="now" if is_critical else "today",
        summary=f"Schedule {workload.name} has not succeeded when it should have.",
        first=f"Look at its last job (kubectl -n {ground.design.name} get jobs) and that job's log. Run it"
        " again by"
        " hand only if it may run twice.",
        when=f"a run without success {lasting(_minutes(run))} after it was due; no sign of one for"
        f" {lasting(_minutes(silent))}",
    )
    return Watch(
        name=f"{ground.design.name}-{workload.name}-missed",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=_missed_trials(ground, workload, found, wait, run, silent),
        needs_all=False,
    )


def _minutes(seconds: int) -> int:
    return math.ceil(seconds / 60)


def _missed_trials(
    ground: Ground, workload: WorkloadDesign, found: Alert, wait: int, run: int, silent: int
) -> list[Trial]:
    """On a clock that begins at 0, with the first run at its end."""
    step = max(1, _minutes(wait) // 200, _minutes(run) // 20)
    cycle = max(2, math.ceil(_minutes(wait) / step))
    due, grace = cycle, _minutes(run) / step
    came, succeeded, created = (
        _told(ground, workload, what)
        for what in ("status_last_schedule_time", "status_last_successful_time", "created")
    )
    second = step * 60

    def tried(title: str, series_: list[InputSeries], checks: list[tuple[int, bool]]) -> Trial:
        asked = [Check(at * step, fires=fires) for at, fires in checks]
        return trial(found, title, series_, asked, step_minutes=step, every_seconds=second)

    fires = due + math.floor(grace) + 1
    long = math.floor(silent / second) + 1
    ran = InputSeries(came, f"0x{due - 1} {due * second}x{3 * cycle + 2 * long}")
    done = InputSeries(succeeded, f"0x{3 * cycle + 2 * long}")
    made = [
        tried(
            "every run that succeeds keeps it quiet",
            [
                InputSeries(came, " ".join(f"{n * cycle * second}x{cycle - 1}" for n in range(4))),
                InputSeries(succeeded, " ".join(f"{n * cycle * second + 1}x{cycle - 1}" for n in range(4))),
            ],
            [(at, False) for at in range(1, 4 * cycle, max(1, cycle // 4))],
        ),
        tried(
            "no schedule, and it fires when nobody waits any more",
            [InputSeries(came, f"0x{2 * long}"), InputSeries(succeeded, f"1x{2 * long}")],
            [(long - 1, False), (long + 1, True)],
        ),
        tried(
            "no success since it was made, and it fires",
            [InputSeries(created, f"0x{2 * long}")],
            [(long - 1, False), (long + 1, True)],
        ),
    ]
    if fires < long:
        made.append(
            tried(
                f"a run without success fires it {(fires - due) * step} minutes after it was due",
                [ran, done],
                [(fires - 1, False), (fires, True)],
            )
        )
    return made


def _doubled(ground: Ground, workload: WorkloadDesign) -> Watch:
    active = _told(ground, workload, "status_active")
    found = alert(
        ground,
        workload.name,
        "doubled",
        f"max({active}) > 1",
        haste="now",
        summary=f"Schedule {workload.name} runs more than once at this moment, and must not.",
        first=f"Stop the younger job (kubectl -n {ground.design.name} get jobs), then look at what both"
        " have done.",
        when="two runs at once, within a minute",
    )
    return Watch(
        name=f"{ground.design.name}-{workload.name}-doubled",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=gauge_trials(found, active, 1, 2, usual=0),
        needs_all=False,
    )
