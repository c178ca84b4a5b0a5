"""Turns promises into burn-rate alerts.

Windows and factors: https://sre.google/workbook/alerting-on-slos/ (chapter 5, table 5-8). A factor is the
budget share spent × 720 h / the long window's hours, for a 30-day month.
"""

from catalog.model import Endpoint, Service
from components.design.model import BurnAlert

WINDOWS: dict[str, tuple[str, float]] = {"1h": ("5m", 14.4), "6h": ("30m", 6.0), "3d": ("6h", 1.0)}
"""Long window → (short window, factor)."""


def burn_alerts(service: Service) -> list[BurnAlert]:
    """An error alert and a latency alert for each endpoint and window."""
    return [
        _alert(service, index, endpoint, sli, window)
        for index, endpoint in enumerate(service.spec.endpoints)
        for sli in ("availability", "latency")
        for window in service.spec.alerting.windows
    ]


def _alert(service: Service, index: int, endpoint: Endpoint, sli: str, window: str) -> BurnAlert:
    short, factor = WINDOWS[window]
    objective = endpoint.slo.availability if sli == "availability" else endpoint.slo.latency
    return BurnAlert(
        name=f"{endpoint.name}-{sli}-{window}",
        origin=service.origin("spec", "endpoints", index, "slo", sli),
        endpoint=endpoint.name,
        sli=sli,
        objective=objective,
        window=window,
        short_window=short,
        factor=factor,
        threshold=round(factor * (100 - objective) / 100, 12),
        minimum_requests=service.spec.alerting.minimum_requests,
    )
