"""Jobs from a queue: whether they succeed, how long they wait, and which are given up.

A failed attempt that is tried again is no failed job. So the first job of a critical kind that is given up
alerts at once, and of others a share that fails."""

from collections.abc import Iterator
from importlib import import_module

from catalog.kinds.service_spec import Job, Workload
from components.design.monitoring import histogram, queues
from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.model import Alert, Sli, Unmeasured, Watch
from components.design.monitoring.promql import rate, series
from components.design.monitoring.queue import Queue
from components.design.monitoring.ratio import watch
from components.design.monitoring.scrape import is_scraped, own
from components.design.monitoring.trial import Check, Counter, InputSeries, Trial
from components.design.monitoring.trials.threshold import QUIET_MINUTES, trial

FLOOR = 20
"""Jobs in a long window on which an alert may judge; chance is bounded apart from that."""

DEAD_MINUTES = 10
"""For which a job that was given up is told."""


PART = (3, "Jobs")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Each job that a worker takes from a queue."""
    workloads = {workload.name: workload for workload in ground.service.spec.workloads}
    for index, job in enumerate(ground.service.spec.jobs):
        workload = workloads[job.workload]
        if workload.kind == "worker":
            if (unmeasured := _unmeasured(ground, index, job, workload)) is not None:
                yield unmeasured
                continue
            assert workload.metrics is not None
            assert workload.metrics.queue is not None
            yield from _of(ground, index, job, queue_of(workload.metrics.queue))


def _unmeasured(ground: Ground, index: int, job: Job, workload: Workload) -> Unmeasured | None:
    if workload.runtime != "kubernetes":
        why = f"{workload.name} runs on a virtual machine, where nobody scrapes it"
        fix = "Move it to Kubernetes."
    elif not is_scraped(ground, workload.name):
        why = f"nobody knows a port at which {workload.name} tells its metrics"
        fix = f"Write `metrics: {{port: …, queue: …}}` on workload {workload.name}."
    elif workload.metrics is None or workload.metrics.queue is None:
        why = f"nobody knows what takes jobs for {workload.name}, so nobody knows what counts them"
        fix = f"Write `metrics.queue` on workload {workload.name}."
    else:
        return None
    return _gap(ground, index, job, f"job {job.name}", why, fix)


def _gap(ground: Ground, index: int, job: Job, what: str, why: str, fix: str) -> Unmeasured:
    origin = ground.service.origin("spec", "jobs", index)
    return Unmeasured(name=job.name, origin=origin, what=what, why=why, fix=fix)


def _of(ground: Ground, index: int, job: Job, queue: Queue) -> Iterator[Watch | Unmeasured]:
    is_critical = job.criticality == "critical"
    yield watch(*_execution(ground, index, job, queue), ground, needs_all=False, alerts=not is_critical)
    if is_critical and queue.dead is None:
        why = f"{queue.runs[0]} and its like don't tell whose jobs were given up"
        fix = "Take a queue that does, or `criticality: ordinary`."
        yield _gap(ground, index, job, f"the first {job.name} that is given up", why, fix)
    elif is_critical:
        yield _given_up(ground, job, queue)
    if queue.waited is None or not queue.buckets or max(queue.buckets) < job.max_delay_seconds:
        most = f"waits over {max(queue.buckets)} s" if queue.buckets else "how long jobs wait"
        fix = "Promise no more than that (`maxDelaySeconds`), or take a queue that counts it."
        yield _gap(ground, index, job, f"how long {job.name} waits", f"its queue doesn't count {most}", fix)
    else:
        yield watch(*_queueing(ground, index, job, queue), ground, needs_all=False)


def queue_of(word: str) -> Queue:
    """The one that a spec calls so."""
    found = import_module(f"{queues.__name__}.{word.replace('-', '_')}").QUEUE
    assert isinstance(found, Queue)
    return found


def _select(ground: Ground, job: Job, queue: Queue, metric: str, **labels: str) -> str:
    return series(metric, own(ground, **labels), **{queue.by: queue.matching(job.name)})


def _counted(ground: Ground, job: Job, queue: Queue, metric: str, **labels: str) -> str:
    """A series as a pod tells it."""
    camel = "".join(word.title() for word in job.name.split("-"))
    named = f"{camel}Worker" if "{camel}" in queue.pattern else job.name.replace("-", "_")
    return series(metric, own(ground, **{queue.by: named}, **labels))


def _execution(ground: Ground, index: int, job: Job, queue: Queue) -> tuple[Sli, list[Counter]]:
    events = " + ".join(rate(_select(ground, job, queue, metric)) for metric in queue.runs)
    sli = Sli(
        name=f"{job.name}-execution",
        origin=ground.service.origin("spec", "jobs", index),
        kind="execution",
        subject=job.name,
        title=f"Job {job.name}: runs that succeed",
        good="of its runs without an error",
        source=f"the pods of {job.workload}",
        metrics=[*queue.runs, queue.failed],
        events=events if len(queue.runs) == 1 else f"({events})",
        bad=rate(_select(ground, job, queue, queue.failed)),
        objective=job.success_percent,
        floor=FLOOR,
    )
    runs = [
        Counter(_counted(ground, job, queue, metric), 1, 0 if len(queue.runs) == 1 else -1, of_pods=True)
        for metric in queue.runs
        if metric != queue.failed
    ]
    return sli, [*runs, Counter(_counted(ground, job, queue, queue.failed), 0, 1, of_pods=True)]


def _queueing(ground: Ground, index: int, job: Job, queue: Queue) -> tuple[Sli, list[Counter]]:
    waited = queue.waited or ""
    counts = histogram.within(
        lambda suffix, more: _select(ground, job, queue, f"{waited}{suffix}", **more),
        queue.buckets,
        job.max_delay_seconds,
        counted=lambda suffix, more: _counted(ground, job, queue, f"{waited}{suffix}", **more),
    )
    sli = Sli(
        name=f"{job.name}-queueing",
        origin=ground.service.origin("spec", "jobs", index),
        kind="queueing",
        subject=job.name,
        title=f"Job {job.name}: runs that begin in time",
        good=f"of its runs begin within {job.max_delay_seconds} s{counts.between}",
        source=f"the pods of {job.workload}",
        metrics=[waited],
        events=counts.events,
        bad=counts.bad,
        objective=job.success_percent,
        floor=FLOOR,
        limit_ms=round(1000 * job.max_delay_seconds),
    )
    return sli, counts.counters


def _given_up(ground: Ground, job: Job, queue: Queue) -> Watch:
    """Also the first that a copy ever gives up, with which its counter begins: nothing increases then."""
    dead = _select(ground, job, queue, queue.dead or "")
    found = alert(
        ground,
        job.name,
        "given-up",
        f"sum(increase({dead}[{DEAD_MINUTES}m])) > 0\n"
        f"or sum({dead} unless {dead} offset {DEAD_MINUTES}m) > 0",
        haste="now",
        summary=f"A job {job.name} failed for the last time and won't be tried again.",
        first="Look at what it was about before anything else: somebody waits for it. Then find out whether"
        " more of"
        " its kind fail, mend the cause, and start it again.",
        when="the first that is given up, within a minute",
    )
    return Watch(
        name=f"{ground.design.name}-{job.name}-given-up",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=_given_up_trials(found, _counted(ground, job, queue, queue.dead or "")),
        needs_all=False,
    )


def _given_up_trials(found: Alert, dead: str) -> list[Trial]:
    at, long = QUIET_MINUTES, 3 * DEAD_MINUTES
    first = f"1x{long}"
    told = [Check(at - 1, fires=False), Check(at + 1, fires=True), Check(at + long - 5, fires=False)]
    begins = dead.replace("}", ',pod="new"}')
    return [
        trial(found, "the first that is given up fires it", [InputSeries(dead, f"0x{at - 1} {first}")], told),
        trial(
            found,
            "also where a copy's counter begins with it",
            [InputSeries(begins, f"_x{at} {first}")],
            told,
        ),
        trial(
            found,
            "a deploy that starts all counters anew is quiet",
            [InputSeries(dead, f"3x{at - 1} stale"), InputSeries(begins, f"_x{at} 0x{long}")],
            [Check(minute, fires=False) for minute in range(at - 5, at + long - 5, 3)],
        ),
    ]
