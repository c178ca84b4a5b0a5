"""A dashboard for Grafana, as its own builders make it: https://grafana.github.io/grafana-foundation-sdk/."""

from typing import Any

import msgspec

from catalog.document import Json
from components.design.monitoring.dashboard import Panel, Query, markers, sections
from components.design.monitoring.model import Monitoring

WIDE, NARROW = 12, 6
"""Columns of a panel, of 24."""

COLOURS = {
    "started": "blue",
    "step": "purple",
    "verdict": "yellow",
    "taken back": "red",
    "completed": "green",
}
"""Of marks, as Grafana calls them."""

DATASOURCE = "${datasource}"
"""Chosen by whoever looks: the same dashboard serves every unit."""


def dashboard(monitoring: Monitoring) -> Json:
    """The dashboard in the fields of Grafana's own schema."""
    from grafana_foundation_sdk.builders.dashboard import Dashboard, DatasourceVariable, Row
    from grafana_foundation_sdk.cog.encoder import JSONEncoder

    made = (
        Dashboard(f"{monitoring.labels['service']} · {monitoring.labels['cell']}")
        .uid(f"pave-{monitoring.name}"[:40])
        .tags(["pave", monitoring.team])
        .refresh("1m")
        .time("now-6h", "now")
        .with_variable(DatasourceVariable("datasource").type("prometheus"))
    )
    for marker in markers(monitoring):
        made = made.annotation(_marked(marker))
    for section in sections(monitoring):
        made = made.with_row(Row(section.title))
        for panel in section.panels:
            made = made.with_panel(_panel(panel))
    found: Json = msgspec.json.decode(JSONEncoder(sort_keys=True).encode(made.build()))
    return found


def _marked(marker: Query) -> Any:
    """Marks on the panels where a query has a value: the dashboard says of what, and the text of which."""
    from grafana_foundation_sdk.builders.dashboard import AnnotationQuery
    from grafana_foundation_sdk.models.dashboard import DataSourceRef

    source = DataSourceRef(type_val="prometheus", uid=DATASOURCE)
    made = AnnotationQuery().name(marker.legend).datasource(source).expr(marker.expr)
    return (
        made.title_format(marker.legend)
        .text_format("{{name}}: {{reason}}")
        .icon_color(COLOURS[marker.legend])
    )


def _panel(panel: Panel) -> Any:
    from grafana_foundation_sdk.builders import prometheus, stat, timeseries
    from grafana_foundation_sdk.models.dashboard import DataSourceRef

    source = DataSourceRef(type_val="prometheus", uid=DATASOURCE)
    made: Any = stat.Panel() if panel.is_number else timeseries.Panel()
    made = made.title(panel.title).unit(panel.unit).datasource(source)
    made = made.height(4 if panel.is_number else 8).span(NARROW if panel.is_number else WIDE)
    for number, query in enumerate(panel.queries):
        target = prometheus.Dataquery().expr(query.expr).legend_format(query.legend)
        made = made.with_target(target.ref_id(f"Q{number}").datasource(source))
    return made
