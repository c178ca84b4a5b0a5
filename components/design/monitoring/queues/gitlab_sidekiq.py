"""Sidekiq as GitLab's applications count it.

https://docs.gitlab.com/administration/monitoring/prometheus/gitlab_metrics/#sidekiq-metrics; the buckets are
those of `lib/gitlab/sidekiq_middleware/server_metrics.rb`. How long its
queues are tells gitlab-exporter: https://gitlab.com/gitlab-org/ruby/gems/gitlab-exporter."""

from components.design.monitoring.queue import Queue

QUEUE = Queue(
    runs=("sidekiq_jobs_completion_seconds_count",),
    failed="sidekiq_jobs_failed_total",
    dead="sidekiq_jobs_dead_total",
    waited="sidekiq_jobs_queue_duration_seconds",
    buckets=(10, 60),
    waiting="sidekiq_queue_size",
    by="worker",
    pattern="(.*::)?{camel}(Worker|Job)?",
)
