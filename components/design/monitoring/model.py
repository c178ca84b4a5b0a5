"""What is measured of a service at one place, and who is told when it is wrong.

An SLI is a count of events and a count of the bad ones among them. Everything else stands on series recorded
from those two, which are called and labelled alike whatever they count. Times have their unit in the name.
"""

import msgspec

from components.design.element import Element
from components.design.monitoring.trial import Trial
from components.design.scraping import Scrape


class Sli(Element, frozen=True):
    """One thing that users or the business can lose, as a ratio of bad events to all.

    `kind` is what is promised of `subject`: availability, latency, execution, queueing or success. `good`
    says in words when an event is good, `source` whose metrics count it, `metrics` their names. `events` and
    `bad` are rates in PromQL, with `$window` for the window. `objective` is a percentage; `floor` the fewest
    events in a long window on which an alert may judge. `limit_ms` is how long a good event takes at most,
    None where that doesn't matter."""

    kind: str
    subject: str
    title: str
    good: str
    source: str
    metrics: list[str]
    events: str
    bad: str
    objective: float
    floor: int
    limit_ms: int | None = None


class RecordingRule(msgspec.Struct, frozen=True, rename="camel"):
    """A series that is kept as `record`, with these labels beside those of the service."""

    record: str
    expr: str
    labels: dict[str, str]


class Alert(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Fires when `expr` has held for `for_minutes`; `labels` are its own, beside those of the service.

    `severity` is s1 to s4. `pages` tells whether it wakes somebody or waits in a channel. `summary` says what
    is wrong, `first` what to do first, `when` in words when it fires."""

    name: str
    expr: str
    for_minutes: int
    severity: str
    pages: bool
    labels: dict[str, str]
    summary: str
    first: str
    when: str

    @property
    def id(self) -> str:
        """Its name, and what tells it from others of that name."""
        window = self.labels.get("window")
        return self.name if window is None else f"{self.name}[{window}]"


class Unmeasured(Element, frozen=True):
    """Something that its owner wants watched and that nothing measures: `what`, `why` not, and what gives it
    a signal (`fix`)."""

    what: str
    why: str
    fix: str


class Watch(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One group of rules of a `part`, evaluated together once a minute, and the trials that prove its alerts.
    `needs_all`: it reads metrics that no single namespace has and only Google Cloud counts, so only Google's
    evaluator can judge it."""

    name: str
    part: str = ""
    sli: Sli | None
    recordings: list[RecordingRule]
    alerts: list[Alert]
    trials: list[Trial]
    needs_all: bool


class Probe(Element, frozen=True):
    """A path of a journey that is asked from outside with GET, at its `host`. `labels` tell its series from
    others'; `resource` is what the journey is called in Google Cloud."""

    resource: str
    title: str
    host: str
    path: str
    labels: dict[str, str]


class VendorProbe(Element, frozen=True):
    """A host of a vendor that the unit asks whether it is there, without credentials. `labels` tell its
    series from others'."""

    host: str
    labels: dict[str, str]


class Inhibition(msgspec.Struct, frozen=True, rename="camel"):
    """While an alert with all labels of `source` fires, those with all labels of `target` say nothing, `why`.
    Both have to be equal in `equal`."""

    source: dict[str, str]
    target: dict[str, str]
    equal: list[str]
    why: str


class Monitoring(Element, frozen=True):
    """All that is watched of a service at one place. `labels` are on every recorded series and alert. A page
    goes to `pager`, None where nobody answers one, all else to the channel. `unit` evaluates what it can see,
    None where nothing of its own watches the environment; it asks the `probes` and the `vendors`, and
    Google's uptime checks ask those in `uptime`. `email` is the team's, where it has one. `verdicts` are the
    queries that judge new versions as they go out, by workload, of those that can be judged."""

    namespace: str
    labels: dict[str, str]
    team: str
    channel: str
    email: str | None
    coverage: str
    pager: str | None
    unit: str | None
    runbook: str | None
    dashboard: str | None
    scrapes: list[Scrape]
    probes: list[Probe]
    uptime: list[Probe]
    vendors: list[VendorProbe]
    watches: list[Watch]
    verdicts: dict[str, str]
    inhibitions: list[Inhibition]
    gaps: list[Unmeasured]
