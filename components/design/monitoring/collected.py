"""What the unit of an environment collects of a service: rules, what is probed, and a dashboard.

A ConfigMap for each, in the service's namespace, with the label by which the unit's collectors find it. They
are the way by which a service's alerts lead to the unit's Alertmanagers; what only Google's evaluator can see
stays there ([managed](managed.py)), so that nobody evaluates anything twice."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from catalog.document import Json
from components.design.monitoring.grafana import dashboard
from components.design.monitoring.model import Monitoring
from components.design.monitoring.parts import in_parts, part_name
from components.design.monitoring.rules import group

COLLECT = "pave.dev/collect"
"""The label by which a ConfigMap in any namespace says that the unit reads it: `rules`, `probes` or
`dashboards`."""


class Collected(NamedTuple):
    """A ConfigMap called `name` with one `file`, whose `text` the unit's collector of `what` lays down."""

    name: str
    what: str
    file: str
    text: str


def of_unit(monitoring: Monitoring) -> Monitoring:
    """The part of it that the unit sees and evaluates: all that isn't counted by Google alone."""
    own = [watch for watch in monitoring.watches if not watch.needs_all]
    return msgspec.structs.replace(monitoring, watches=own)


MODULE = "__param_module"
"""The label that says how the prober goes about it; without one, by a GET that has to be answered well. No
series has it, like all that begin so
(https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config)."""

ANSWERED = "vendor_answers"
"""The prober's module for who brings no credentials."""


def collected(monitoring: Monitoring) -> Iterator[Collected]:
    """What a service brings for the unit; nothing where its environment has none."""
    if monitoring.unit is None:
        return
    own = of_unit(monitoring)
    for number, part in enumerate(in_parts([group(own, watch) for watch in own.watches])):
        yield Collected(part_name("watched-rules", number), "rules", "rules.yaml", _text({"groups": part}))
    if monitoring.probes or monitoring.vendors:
        yield Collected("watched-probes", "probes", "probes.json", _text(targets(monitoring)))
    yield Collected("watched-dashboard", "dashboards", "dashboard.json", _text(dashboard(own)))


def targets(monitoring: Monitoring) -> list[Json]:
    """What is asked from outside, as file-based service discovery reads it:
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config."""
    asked = [(f"https://{each.host}{each.path}", each.labels) for each in monitoring.probes]
    reached = [(f"https://{each.host}/", {**each.labels, MODULE: ANSWERED}) for each in monitoring.vendors]
    return [{"targets": [target], "labels": labels} for target, labels in (*asked, *reached)]


def _text(content: object) -> str:
    """JSON, which every reader of YAML takes, in one line for each entry: a plan shows what differs."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"
