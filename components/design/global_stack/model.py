"""The design of a global stack: decided but not yet made. Nothing in it knows which cloud it is in."""

from typing import Any

from components.design.element import Element
from components.design.monitoring.model import Monitoring
from components.design.unit.model import Process


class CustomObject(Element, frozen=True):
    """An object of VictoriaMetrics' operator, which makes pods, disks and configurations of it:
    https://docs.victoriametrics.com/operator/api/. One that `holds_data` is lost with it."""

    kind: str
    spec: dict[str, Any]
    holds_data: bool = False


class GlobalDesign(Element, frozen=True):
    """What all units write to, on the foundation of the environment `name`. `sources` are the address ranges
    that come through its front door, at `door_port` of the pods that `door` names; `own` is what is watched
    of the stack itself and of how fresh each unit is."""

    namespace: str
    labels: dict[str, str]
    protected: bool
    objects: list[CustomObject]
    dashboards: Process
    sources: list[str]
    door: dict[str, str]
    door_port: int
    own: Monitoring
