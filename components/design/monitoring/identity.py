"""What everything that is measured of a service is labelled with, and what its alerts are called."""

import re

from components.design.model import Design


def identity(design: Design, service: str, place: str) -> dict[str, str]:
    """The labels of every recorded series and every alert. `cell` tells places apart, as `production.canary`;
    Prometheus itself needs `instance`, for what it scrapes."""
    return {
        "team": design.owner,
        "service": service,
        "environment": design.environment,
        "cell": place,
    }


def alert_name(*parts: str) -> str:
    """`CustomersdotPurchaseAvailabilityBurn` of `customersdot`, `purchase-availability` and `burn`."""
    words = [word for part in parts for word in re.split(r"[^A-Za-z0-9]+", part) if word]
    return "".join(word[0].upper() + word[1:] for word in words)
