"""What a kind of watch is decided from, and what it gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from catalog.kinds.service import Service
from components.design.model import Design
from components.design.monitoring.dialects import Dialect
from components.design.monitoring.model import Inhibition, Unmeasured, Watch
from components.design.monitoring.urgency import Urgency


@dataclass(frozen=True)
class Ground:
    """A service and its design, the names that the cloud's metrics have where they are read (`dialect`), the
    `labels` of all that is recorded, and who is told how urgently. `email` is the team's."""

    service: Service
    design: Design
    dialect: Dialect
    labels: dict[str, str]
    urgency: Urgency
    email: str | None


Found: TypeAlias = Iterator[Watch | Unmeasured | Inhibition]
