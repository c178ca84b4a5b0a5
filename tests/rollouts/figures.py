"""What the trial of bad releases measured, kept beside what the design promises, and shown in a manual."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

KEPT = Path(__file__).with_name("figures.json")


TITLES = {
    "errors": "fails at everything",
    "latency": "is too late at everything",
    "one-zone": "fails in one zone",
    "one-route": "fails for one of four routes",
    "of-the-pipeline": "fails at everything, and its image is the pipeline's",
}


class Promised(msgspec.Struct, frozen=True):
    """By the design: the seconds until a bad version is noticed and until nobody meets it any more, from the
    first request that it has spoilt, and the percent of requests that it gets meanwhile."""

    noticed: float
    gone: float
    percent: float


class Met(msgspec.Struct, frozen=True):
    """Of a bad version, from the first request that it has spoilt: the seconds until it was aborted, and
    until nobody met it any more, and the percent of the promised requests that it has spoilt by then."""

    aborted: float
    gone: float
    requests: float


class Figures(msgspec.Struct, frozen=True):
    """All of a trial, by case, in seconds as they are planned: the trial's own are a tenth of them."""

    promised: Promised
    met: dict[str, Met] = {}


def kept() -> Figures:
    """Those of the last trial that was kept."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Figures)


def keep(promised: Promised, case: str, met: Met) -> None:
    """Keeps what was measured of a case; of other promises nothing that was measured before counts."""
    before = kept() if KEPT.is_file() else Figures(promised)
    others: Mapping[str, Met] = before.met if before.promised == promised else {}
    now = Figures(promised, dict(sorted({**others, case: met}.items())))
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(now), indent=2) + b"\n")


def is_kept(promised: Promised, case: str) -> bool:
    """Whether figures of a case are kept beside these promises, so that no manual shows what was measured of
    others. How fast a trial was on one machine or another, is no property of what is tried."""
    found = kept()
    return found.promised == promised and case in found.met


def table(found: Figures) -> str:
    """The figures for a manual."""
    promised = found.promised
    all_of_it = f"100 %, which is {promised.percent:.1f} % of all in that time"
    lines = [
        "| a version that | aborted after | met for | requests that it spoilt, of those promised |",
        "| --- | --- | --- | --- |",
        f"| *as promised* | {promised.noticed:.0f} s | {promised.gone:.0f} s | {all_of_it} |",
    ]
    for case, title in TITLES.items():
        met = found.met[case]
        lines.append(f"| {title} | {met.aborted:.0f} s | {met.gone:.0f} s | {met.requests:.0f} % |")
    return "\n".join(lines) + "\n"
