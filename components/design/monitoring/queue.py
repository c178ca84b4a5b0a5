"""How programs that take jobs from a queue count them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Queue:
    """Names of counters by which a worker's jobs are told apart by the label `by`: runs and failed runs, jobs
    that are given up (`dead`, None where nobody counts them), and a histogram of the seconds that they
    waited, with the upper bounds of its buckets; and `waiting`, a gauge of how many jobs wait. `pattern`
    matches the value of the label for a job, whose name in a spec is in `{camel}` or `{snake}`."""

    runs: tuple[str, ...]
    failed: str
    dead: str | None
    waited: str | None
    buckets: tuple[float, ...]
    waiting: str
    by: str
    pattern: str

    def matching(self, job: str) -> str:
        """The regular expression that the label of that job matches, as of `provision-subscription`
        `ProvisionSubscriptionWorker`, in whatever module it is."""
        words = job.split("-")
        return self.pattern.format(camel="".join(word.title() for word in words), snake="_".join(words))
