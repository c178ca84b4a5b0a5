"""Certificates of journeys, as who asks from outside is shown them: whether one ends soon.

Google renews its certificates by itself, about a month before they end
(https://cloud.google.com/certificate-manager/docs/overview#managed-certs); one that has less left wasn't
renewed, mostly since a record of its name no longer says whose it is. The prober tells the first of a chain
that ends: https://github.com/prometheus/blackbox_exporter."""

from typing import NamedTuple

from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.kinds.outside import probes
from components.design.monitoring.model import Watch
from components.design.monitoring.promql import series
from components.design.monitoring.trials.threshold import QUIET_MINUTES, gauge_trials
from components.design.monitoring.urgency import Haste

TOLD = "probe_ssl_earliest_cert_expiry"
"""The second at which it ends, since 1970."""

DAY_SECONDS = 86400
RENEWED_DAYS = 90
"""How long a new one of Google's has."""

FOR_MINUTES = 10

TRIAL_SECONDS = 3600
"""No trial of it takes longer."""


class Margin(NamedTuple):
    """With fewer than so many days left, somebody has to act."""

    days: int
    fault: str
    haste: Haste


MARGINS = (Margin(14, "certificate-not-renewed", "soon"), Margin(3, "certificate-ends", "now"))

PART = (9, "Certificates")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """The host, where the unit of the environment asks it."""
    if ground.design.unit is not None and probes(ground):
        yield from (_watch(ground, left) for left in MARGINS)


def _watch(ground: Ground, left: Margin) -> Watch:
    edge = ground.design.edge
    assert edge is not None  # else nothing of it is asked
    told = series(TOLD, {name: ground.labels[name] for name in ("service", "cell")})
    limit = left.days * DAY_SECONDS
    found = alert(
        ground,
        "host",
        left.fault,
        f"min({told}) - time() < {limit}",
        haste=left.haste,
        for_minutes=FOR_MINUTES,
        summary=f"The certificate of {edge.host} ends within {left.days} days, and wasn't renewed.",
        first=f"See what keeps Google from renewing it: pave dns show {edge.host}, and the state of the"
        " certificate in Certificate Manager. Behind another proxy, see there.",
        when=f"it ends within {left.days} days",
        cause=True,
    )
    return Watch(
        name=f"{ground.design.name}-{left.fault}",
        sli=None,
        recordings=[],
        alerts=[found],
        # A moment is told, and the time of a trial goes on: a minute less than the limit is left when it goes
        # wrong, and more than the limit to the end of the trial that has to be quiet.
        trials=gauge_trials(
            found,
            told,
            good=limit + TRIAL_SECONDS,
            bad=limit + 60 * (QUIET_MINUTES - 1),
            usual=RENEWED_DAYS * DAY_SECONDS,
        ),
        needs_all=False,
    )
