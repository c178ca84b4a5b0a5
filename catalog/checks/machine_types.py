"""Machine types of Compute Engine, by name: how large they are, and which there aren't."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from catalog.nearest import did_you_mean

PAGE = "https://cloud.google.com/compute/docs/machine-resource"
"""As of August 2026, with the pages of the series that it leads to."""

GIB = 1024
"""MiB."""


class Shape(NamedTuple):
    """The predefined types of one shape, such as `n2-highmem`: the GiB for each vCPU, and how many of those
    there may be."""

    gib: float
    cpus: tuple[int, ...]


class Custom(NamedTuple):
    """What a custom type of a series takes: so many vCPUs at most, from `least` to `most` GiB for each."""

    cpus: int
    least: float
    most: float


class Machine(NamedTuple):
    """Cores, and MiB."""

    cpus: int
    memory: int


_E2, _N1 = (2, 4, 8, 16, 32), (2, 4, 8, 16, 32, 64, 96)
_N2 = (2, 4, 8, 16, 32, 48, 64, 80, 96, 128)
_N2D = (*_N2, 224)
_N4 = (2, 4, 8, 16, 32, 48, 64, 80)
_C2D, _C3, _C3D = (2, 4, 8, 16, 32, 56, 112), (4, 8, 22, 44, 88, 176), (4, 8, 16, 30, 60, 90, 180, 360)

SERIES: Mapping[str, Mapping[str, Shape]] = {
    "c2": {"standard": Shape(4, (4, 8, 16, 30, 60))},
    "c2d": {"standard": Shape(4, _C2D), "highmem": Shape(8, _C2D), "highcpu": Shape(2, _C2D)},
    "c3": {"standard": Shape(4, _C3), "highmem": Shape(8, _C3), "highcpu": Shape(2, _C3)},
    "c3d": {"standard": Shape(4, _C3D), "highmem": Shape(8, _C3D), "highcpu": Shape(2, _C3D)},
    "e2": {"standard": Shape(4, _E2), "highmem": Shape(8, _E2[:-1]), "highcpu": Shape(1, _E2)},
    "n1": {"standard": Shape(3.75, (1, *_N1)), "highmem": Shape(6.5, _N1), "highcpu": Shape(0.9, _N1)},
    "n2": {"standard": Shape(4, _N2), "highmem": Shape(8, _N2), "highcpu": Shape(1, _N2[:-1])},
    "n2d": {"standard": Shape(4, _N2D), "highmem": Shape(8, _N2[:-1]), "highcpu": Shape(1, _N2D)},
    "n4": {"standard": Shape(4, _N4), "highmem": Shape(8, _N4), "highcpu": Shape(2, _N4)},
    "t2a": {"standard": Shape(4, (1, 2, 4, 8, 16, 32, 48))},
    "t2d": {"standard": Shape(4, (1, 2, 4, 8, 16, 32, 48, 60))},
}
"""Those whose sizes are known here."""

SHARED_CORE = {"e2-micro": 1, "e2-small": 2, "e2-medium": 4}
"""GiB of types with two vCPUs that they get a part of."""

CUSTOM: Mapping[str, Custom] = {
    "e2": Custom(32, 0.5, 8),
    "n1": Custom(96, 0.9, 6.5),
    "n2": Custom(128, 0.5, 8),
    "n2d": Custom(96, 0.5, 8),
    "n4": Custom(80, 2, 8),
}
"""https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type. With `-ext` at
the end there is no most of memory."""

PREDEFINED = re.compile(r"([a-z]\d+[a-z]?)-([a-z]+)-([1-9]\d*)(-.+)?")
"""What such a type is called; what may follow, as `-lssd`, is of sizes that nobody knows here."""

OTHERS = (
    *("a2", "a3", "a4", "a4x", "c4", "c4a", "c4d", "f1", "g1", "g2", "g4", "h3", "h4d", "m1", "m2", "m3"),
    *("m4", "n4a", "n4d", "x4", "z3", "ct5lp", "ct5p", "ct6e"),
)
"""Series that there are, of whose sizes nothing is known here."""


def machine(name: str) -> Machine | None:
    """The size of `n2-standard-8`, `e2-medium`, or `n2-custom-6-20480`; None for one that isn't known here,
    or that there isn't."""
    if name in SHARED_CORE:
        return Machine(2, SHARED_CORE[name] * GIB)
    if wrong_machine(name):
        return None
    custom, predefined = _custom(name), PREDEFINED.fullmatch(name)
    if custom is not None:
        return Machine(int(custom[2]), int(custom[3]))
    if predefined is None or predefined[4]:
        return None
    known = SERIES.get(predefined[1], {}).get(predefined[2])
    cpus = int(predefined[3])
    return None if known is None else Machine(cpus, int(known.gib * cpus * GIB))


def wrong_machine(name: str) -> str:
    """Why there is no machine type of that name, with what there is; empty for one that there is, and for
    one of which nothing is known here."""
    series = name.partition("-")[0]
    custom = _custom(name)
    if custom is not None and custom[1] in CUSTOM:
        return _wrong_custom(
            CUSTOM[custom[1]], custom[1], int(custom[2]), int(custom[3]), is_ext=bool(custom[4])
        )
    if series not in SERIES:
        known = {*SERIES, *OTHERS, "custom"}
        return "" if series in known else f"there is no series `{series}`. {did_you_mean(series, known)}"
    found = PREDEFINED.fullmatch(name)
    if name in SHARED_CORE:
        return ""
    if found is None or found[2] not in SERIES[series]:
        return f"a type of {series} is called like `{series}-{next(iter(SERIES[series]))}-4`"
    there = SERIES[series][found[2]].cpus
    if found[4] or int(found[3]) in there:
        return ""
    return f"`{series}-{found[2]}` has {', '.join(map(str, there[:-1]))} or {there[-1]} processors"


def _custom(name: str) -> re.Match[str] | None:
    """`n2-custom-6-20480-ext`; without a series it is one of n1."""
    full = name if not name.startswith("custom-") else f"n1-{name}"
    return re.fullmatch(r"([a-z]\w+)-custom-(\d+)-(\d+)(-ext)?", full)


def _wrong_custom(takes: Custom, series: str, cpus: int, memory: int, *, is_ext: bool) -> str:
    if (cpus % 2 and (series, cpus) != ("n1", 1)) or not 1 <= cpus <= takes.cpus:
        return f"a custom type of {series} has an even number of processors, {takes.cpus} at most"
    if memory % 256:
        return "its memory is a multiple of 256 MB"
    most = float("inf") if is_ext else takes.most
    if not takes.least * cpus * GIB <= memory <= most * cpus * GIB:
        return f"its memory is from {takes.least:g} to {takes.most:g} GB for each processor"
    return ""
