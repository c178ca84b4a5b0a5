"""The design of an observability unit: decided but not yet made. Nothing in it knows which cloud it is in."""

from typing import Any

import msgspec

from components.design.element import Element


class Process(Element, frozen=True):
    """Something that a unit runs in so many `copies`, which answer at `port`. `arguments` are its own;
    `files` what it reads, each text by its path below `folder`, `variables` what it is told. With `disk_gb`,
    each copy keeps a disk; `held_in` is the Secret that it reads, and doesn't start without. Those that find
    `peers` have to before any of them is ready."""

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
    peers: bool = False
    variables: dict[str, str] = msgspec.field(default_factory=dict)


class Evaluator(Element, frozen=True):
    """Somebody else's evaluator of alerts, in that `namespace` and with these labels, that tells the unit's
    Alertmanagers. The object `configured` is there already, and gets `fields` besides its own."""

    namespace: str
    pods: dict[str, str]
    api: str
    kind: str
    configured: tuple[str, str]
    fields: dict[str, Any]


class UnitDesign(Element, frozen=True):
    """What watches the environment `name`. `readers` are the address ranges that may ask the gateway,
    `evaluator` who evaluates beside it what only that counts, and tells it; None where nobody does."""

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
    readers: list[str]
    evaluator: Evaluator | None


def text_of(config: Any) -> str:
    """A configuration as the text that goes into a file: JSON, which every reader of YAML takes."""
    return msgspec.json.format(msgspec.json.encode(config, order="sorted"), indent=2).decode() + "\n"
