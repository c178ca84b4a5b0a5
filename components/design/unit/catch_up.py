"""What an outage longer than Prometheus' log has left out at the global stack is sent again.

VictoriaMetrics' own program reads the unit's two Prometheus through their remote-read interface, with the
same labels as a copy has, and imports what it reads (https://docs.victoriametrics.com/victoriametrics/vmctl/).
A sample that is there already is the same sample: it may be sent as often as one likes."""

import shlex
from collections.abc import Sequence

from catalog.kinds.observability_unit import WRITE_PATH, ObservabilityUnit
from components.design.unit.model import CatchUp
from components.design.unit.names import CATCH_UP, OWN_SERVICE, PROMETHEUS, address
from components.design.unit.prometheus import COPIES, CURATED, GLOBAL, TOKEN

SCHEDULE = "17 3 * * *"
"""Once a day: what goes on is sent anyway as soon as the link is back, and only a gap in the past waits."""

HOURS_BETWEEN = 24
DEADLINE_SECONDS = 4 * 3600
PROGRAM = "/vmctl-prod"
"""Where the published image has it."""


def catch_up(unit: ObservabilityUnit, shared: Sequence[str] | None) -> CatchUp | None:
    """How a unit catches its global stack up; None without one. Of services it sends only those `shared`;
    None: of all."""
    spec = unit.spec
    if spec.global_ is None:
        return None
    return CatchUp(
        name=CATCH_UP,
        origin=unit.origin("spec", "global"),
        image=spec.images.catch_up,
        schedule=SCHEDULE,
        deadline_seconds=DEADLINE_SECONDS,
        arguments=["sh", "-c", _script(spec.outage_hours, spec.global_.url, shared)],
        held_in=GLOBAL,
        key=TOKEN,
        told_as="VM_USERNAME",
    )


def _script(outage_hours: int, url: str, shared: Sequence[str] | None) -> str:
    """Asks both copies, each for all that the longest outage can have left out, and what has passed since the
    last run; fails where one of them doesn't answer, so that it is asked again."""
    seconds = (outage_hours + HOURS_BETWEEN) * 3600
    lines = [f'since=$(date -u -d "@$(($(date +%s) - {seconds}))" +%Y-%m-%dT%H:%M:%SZ)', "failed=0"]
    for n in range(COPIES):
        source = f"http://{PROMETHEUS}-{n}.{address(PROMETHEUS)}:9090"
        words = shlex.join([PROGRAM, *arguments(source, url, shared)])
        lines.append(f'{words} --remote-read-filter-time-start="$since" || failed=1')
    return "\n".join([*lines, "exit $failed", ""])


def arguments(source: str, url: str, shared: Sequence[str] | None) -> list[str]:
    """The words of vmctl that send all that may leave the Prometheus at `source` to where its copies are
    written, `url`; without the time from which on. The token is a variable, and no word."""
    words = [
        "remote-read",
        "-s",
        "--disable-progress-bar",
        f"--remote-read-src-addr={source}",
        "--remote-read-use-stream",
        "--remote-read-step-interval=day",
        *_filter("__name__", CURATED),
        f"--vm-addr={url.removesuffix(WRITE_PATH)}",
    ]
    if shared is None:
        return words
    # There is no filter that leaves out: what is about a service goes only where that is among these.
    return [*words, *_filter("service", "|".join(["", OWN_SERVICE, *shared]))]


def _filter(label: str, pattern: str) -> list[str]:
    return [f"--remote-read-filter-label={label}", f"--remote-read-filter-label-value={pattern}"]
