"""Alerts that stand on no promise of their own: made alike, whatever they are about."""

from components.design.monitoring.ground import Ground
from components.design.monitoring.identity import alert_name
from components.design.monitoring.model import Alert
from components.design.monitoring.urgency import Haste


def alert(
    ground: Ground,
    subject: str,
    fault: str,
    expr: str,
    *,
    haste: Haste,
    summary: str,
    first: str,
    when: str,
    for_minutes: int = 0,
    cause: bool = False,
) -> Alert:
    """An alert on a `fault` of a `subject`, on what users feel or on its `cause`."""
    severity = ground.urgency.severity(haste)
    return Alert(
        name=alert_name(ground.design.name, subject, fault),
        expr=expr,
        for_minutes=for_minutes,
        severity=severity,
        pages=ground.urgency.pages(severity),
        labels={"subject": subject, "alert_class": fault, "alert_type": "cause" if cause else "symptom"},
        summary=summary,
        first=first,
        when=when,
    )
