"""The design of an observability unit: decided but not yet made. Nothing in it knows which cloud it is in."""

from typing import Any, NamedTuple

import msgspec

from components.design.element import Element


class Beside(NamedTuple):
    """What a container beside a process gets, in cores and MiB."""

    cpu: float
    memory_mb: int


COLLECTOR = Beside(0.05, 128)
"""Holds the ConfigMaps that it has collected, and little else."""

TENANCY = Beside(0.1, 64)
"""Rewrites a query and passes its answer on."""


class Process(Element, frozen=True):
    """Something that a unit runs in so many `copies`, which answer at `port`. `arguments` are its own;
    `files` what it reads, if anything, each text by its path below `folder`, `variables` what it is told.
    With `disk_gb`, each copy keeps a disk; `held_in` is the Secret that it reads, and doesn't start without
    unless it `goes_on`. Those that find `peers` have to before any of them is ready. `beside` are the
    containers in each of its pods that help it."""

    image: str
    copies: int
    port: int
    health: str
    arguments: list[str]
    folder: str
    files: dict[str, str]
    cpu: float
    memory_mb: int
    disk_gb: int = 0
    held_in: str | None = None
    goes_on: bool = False
    peers: bool = False
    variables: dict[str, str] = msgspec.field(default_factory=dict)
    beside: list[Beside] = msgspec.field(default_factory=list)


class Evaluator(Element, frozen=True):
    """Somebody else's evaluator of alerts, in that `namespace` and with these labels, that tells the unit's
    Alertmanagers. The object `configured` is there already, and gets `fields` besides its own."""

    namespace: str
    pods: dict[str, str]
    api: str
    kind: str
    configured: tuple[str, str]
    fields: dict[str, Any]


class Asker(NamedTuple):
    """Pods in that `namespace` with these labels."""

    namespace: str
    pods: dict[str, str]


class CatchUp(Element, frozen=True):
    """What sends the global stack again what an outage has left out there: a program that is run at times of
    `schedule` (in UTC) with these `arguments`, and that is told the `key` of the Secret `held_in`, which is a
    token, as the variable `told_as`."""

    image: str
    schedule: str
    deadline_seconds: int
    arguments: list[str]
    held_in: str
    key: str
    told_as: str


class UnitDesign(Element, frozen=True):
    """What watches the environment `name`. `readers` are the address ranges that may ask the gateway.
    `evaluator` is who evaluates beside it what only that counts, and tells it, `state` what tells what
    Kubernetes does, `catch_up` what sends a global stack what an outage has left out there, `judge` who asks
    Prometheus how new versions do; each is None where there is none."""

    namespace: str
    labels: dict[str, str]
    protected: bool
    collector: str
    tenancy: str
    prometheus: Process
    alertmanager: Process
    probes: Process
    gateway: Process
    dashboards: Process
    state: Process | None
    catch_up: CatchUp | None
    readers: list[str]
    evaluator: Evaluator | None
    judge: Asker | None

    @property
    def processes(self) -> list[Process]:
        """All that it runs."""
        always = [self.prometheus, self.alertmanager, self.probes, self.gateway, self.dashboards]
        return always if self.state is None else [*always, self.state]


def text_of(config: Any) -> str:
    """A configuration as the text that goes into a file: JSON, which every reader of YAML takes."""
    return msgspec.json.format(msgspec.json.encode(config, order="sorted"), indent=2).decode() + "\n"
