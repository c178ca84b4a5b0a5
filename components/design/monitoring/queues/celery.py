"""Celery beside `celery-exporter`, which doesn't say how long tasks wait:
https://github.com/danihodovic/celery-exporter#metrics. A task fails there when it is not tried again."""

from components.design.monitoring.queue import Queue

QUEUE = Queue(
    runs=("celery_task_succeeded_total", "celery_task_failed_total"),
    failed="celery_task_failed_total",
    dead="celery_task_failed_total",
    waited=None,
    buckets=(),
    waiting="celery_queue_length",
    by="name",
    pattern="(.*[.])?{snake}",
)
