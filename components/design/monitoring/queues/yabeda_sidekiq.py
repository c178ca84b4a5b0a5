"""Sidekiq with the gem `yabeda-sidekiq`, which counts jobs that are given up for all workers together only:
https://github.com/yabeda-rb/yabeda-sidekiq#metrics."""

from components.design.monitoring.queue import Queue

QUEUE = Queue(
    runs=("sidekiq_jobs_executed_total",),
    failed="sidekiq_jobs_failed_total",
    dead=None,
    waited="sidekiq_job_latency_seconds",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 1800, 3600, 21600),
    waiting="sidekiq_jobs_waiting_count",
    by="worker",
    pattern="(.*::)?{camel}(Worker|Job)?",
)
