"""OpenSLO's documents into a spec's promises: what each says of which journey, job or event, and what a spec
can't say.

The fields are those of https://github.com/OpenSLO/OpenSLO#specification, `openslo/v1`."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from catalog.document import Document
from catalog.yaml.parsed import Parsed, Pointer
from catalog.yaml.text import parse
from components.design.monitoring.budget import WINDOW_DAYS
from pave.monitoring.formats.openslo import API, LIMIT, PROMISE, SUBJECT

LIMIT_TOLD = re.compile(r"[0-9]{1,15}", re.ASCII)
LIMIT_UNITS = {"_seconds": 1000.0, "_milliseconds": 1.0, "_ms": 1.0}
"""How a metric's name says the unit of a threshold → milliseconds in one:
https://prometheus.io/docs/practices/naming/#base-units."""


class _Place(NamedTuple):
    """Where a spec says a promise: the list that its subject is in, the field for the objective, and that for
    how long a good event takes, with the milliseconds in one."""

    subjects: str
    objective: Pointer
    limit: Pointer = ()
    milliseconds: int = 1


PLACES: Mapping[str, _Place] = {
    "availability": _Place("endpoints", ("slo", "availability")),
    "latency": _Place("endpoints", ("slo", "latency"), ("slo", "latencyMs")),
    "execution": _Place("jobs", ("successPercent",)),
    "queueing": _Place("jobs", ("successPercent",), ("maxDelaySeconds",), 1000),
    "success": _Place("events", ("successPercent",)),
    "reachability": _Place("endpoints", ("slo", "availability")),
}
"""By what is promised. Those who ask from outside hold a journey to the same availability."""

WINDOW = f"{WINDOW_DAYS}d"
_SEPARATOR = re.compile(rb"^---[^\n]*$", re.MULTILINE)


class ReadPromise(NamedTuple):
    """A value that a document has for a field of the spec: `pointer` leads there, `where` is its place."""

    pointer: Pointer
    value: float
    where: str


class Imported(msgspec.Struct, frozen=True):
    """What is taken over, and a line on each thing that isn't, with its place."""

    said: list[ReadPromise]
    unsaid: list[str]


class _Slo(NamedTuple):
    """A document, with the file that it stands in."""

    parsed: Parsed
    file: str

    def at(self, *pointer: str | int) -> str:
        """Where something stands, or what is next above it."""
        at: Pointer = pointer
        while at not in self.parsed.values and at:
            at = at[:-1]
        mark = self.parsed.values.get(at)
        return self.file if mark is None else f"{self.file}:{mark.line}:{mark.column}"

    def get(self, *pointer: str | int) -> Any:
        """What stands there, None where nothing does."""
        value: Any = self.parsed.data
        for step in pointer:
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def label(self, name: str) -> str | None:
        """The only value of a label or an annotation."""
        for field in ("labels", "annotations"):
            found = self.get("metadata", field, name)
            found = found[0] if isinstance(found, list) and found else found
            if found is not None:
                return str(found)
        return None

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.get("metadata", "name"))


def documents(text: bytes, file: str) -> Iterator[Parsed]:
    """The YAML documents of a file, each with its positions in that. Raises Unusable."""
    begins = 0
    for mark in [*_SEPARATOR.finditer(text), None]:
        ends = len(text) if mark is None else mark.start()
        if text[begins:ends].strip():
            yield parse(b"\n" * text.count(b"\n", 0, begins) + text[begins:ends], file)
        begins = ends if mark is None else mark.end()


def imported(found: Iterable[tuple[Parsed, str]], service: Document) -> Imported:
    """What documents, each with its file, say of the journeys of a service. Of two that say different things
    of the same the first counts."""
    said: dict[Pointer, ReadPromise] = {}
    unsaid: list[str] = []
    for parsed, file in found:
        slo = _Slo(parsed, file)
        for one in _said(slo, service, unsaid):
            first = said.setdefault(one.pointer, one)
            if first.value != one.value:
                unsaid.append(f"{one.where}: {slo.name} contradicts {first.where}, which counts.")
    return Imported(list(said.values()), unsaid)


def _said(slo: _Slo, service: Document, unsaid: list[str]) -> Iterator[ReadPromise]:
    def leave(what: str, *pointer: str | int) -> None:
        unsaid.append(f"{slo.at(*pointer)}: {what}")

    kind, version = slo.get("kind"), slo.get("apiVersion")
    if version != API:
        leave(f"`{version}` is another version than {API}: not read.", "apiVersion")
        return
    if kind != "SLO":
        if kind != "Service":
            leave(
                f"{kind} {slo.name}: a spec says nothing like it; alerts and their routes follow from it.",
                "kind",
            )
        return
    if slo.get("spec", "service") != service.name:
        leave(f"{slo.name} is of the service {slo.get('spec', 'service')}.", "spec", "service")
        return
    kind = _kind(slo)
    if kind not in PLACES:
        leave(f"{slo.name} promises `{kind}`: a spec promises {', '.join(PLACES)}.", "metadata")
        return
    place = PLACES[kind]
    index = _subject(slo, service.data["spec"].get(place.subjects, ()))
    if index is None:
        what = f"{slo.name} names none of the {place.subjects} that {service.path} has"
        leave(f"{what}: give it the label `{SUBJECT}`.", "metadata", "name")
        return
    target = _target(slo)
    if target is None:
        leave(f"{slo.name} has no target.", "spec", "objectives")
        return
    subject: Pointer = ("spec", place.subjects, index)
    yield ReadPromise((*subject, *place.objective), target, slo.at("spec", "objectives", 0))
    if place.limit:
        limit = _limit(slo)
        if limit is None:
            field = place.limit[-1]
            leave(f"{slo.name} doesn't say in which unit its threshold is: write `{field}` yourself.", "spec")
        else:
            where = slo.at("metadata", "annotations", LIMIT)
            yield ReadPromise((*subject, *place.limit), limit / place.milliseconds, where)
    for what, pointer in _left_out(slo):
        leave(f"{slo.name}: {what}", *pointer)


def _kind(slo: _Slo) -> str:
    """What it promises: by its label, else by how it measures, and by its name."""
    told = slo.label(PROMISE)
    if told is not None:
        return told
    is_slow = slo.get("spec", "indicator", "spec", "thresholdMetric") is not None
    return "latency" if is_slow or slo.name.endswith("-latency") else "availability"


def _subject(slo: _Slo, subjects: Sequence[Mapping[str, Any]]) -> int | None:
    """Which of them it is about: by its label, by its name or its title, or the only one."""
    names = [str(each["name"]) for each in subjects]
    told = slo.label(SUBJECT)
    if told is not None:
        return names.index(told) if told in names else None
    bare = re.sub(rf"-({'|'.join(PLACES)})$", "", slo.name)
    for index, each in enumerate(subjects):
        if bare in {each["name"], f"{slo.get('spec', 'service')}-{each['name']}"}:
            return index
        if each.get("title") is not None and each["title"] == slo.get("metadata", "displayName"):
            return index
    return 0 if len(names) == 1 else None


def _target(slo: _Slo) -> float | None:
    """The objective as a percentage, without what binary fractions add to it."""
    share, percent = (slo.get("spec", "objectives", 0, field) for field in ("target", "targetPercent"))
    if isinstance(percent, int | float):
        return float(percent)
    return _times(share, 100, 6)


def _limit(slo: _Slo) -> float | None:
    """How many milliseconds are fast; None where no unit is told."""
    told = slo.label(LIMIT)
    if told is not None and LIMIT_TOLD.fullmatch(told):
        return int(told)
    value = slo.get("spec", "objectives", 0, "value")
    metric = str(slo.get("spec", "indicator", "spec", "thresholdMetric"))
    unit = next((factor for name, factor in LIMIT_UNITS.items() if name in metric), None)
    return None if unit is None else _times(value, unit)


def _times(value: Any, factor: float, digits: int | None = None) -> float | None:
    """What a number comes to in the unit of a spec; None of what is no number, or comes to none."""
    product = value * factor if isinstance(value, int | float) else math.inf
    return round(product, digits) if math.isfinite(product) else None


def _left_out(slo: _Slo) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """What it says that a spec has no words for."""
    if slo.get("spec", "timeWindow") not in (None, [{"duration": WINDOW, "isRolling": True}]):
        length, is_rolling = (slo.get("spec", "timeWindow", 0, field) for field in ("duration", "isRolling"))
        how = "rolling" if is_rolling else "of a calendar"
        yield f"budgets are of {WINDOW}, rolling, not of {length}, {how}.", ("spec", "timeWindow")
    method = slo.get("spec", "budgetingMethod")
    if method not in (None, "Occurrences"):
        yield f"budgets count events, not {method}.", ("spec", "budgetingMethod")
    if slo.get("spec", "alertPolicies"):
        yield "alerts follow from the promise; its policies are left out.", ("spec", "alertPolicies")
    if slo.get("spec", "objectives", 1) is not None:
        yield "there is one objective for each promise; the first counts.", ("spec", "objectives", 1)
    if slo.get("spec", "indicatorRef") is not None:
        yield "what measures it follows from the spec; its indicator is left out.", ("spec", "indicatorRef")
    elif slo.label(PROMISE) is None:
        yield "what measures it follows from the spec; its queries are left out.", ("spec", "indicator")


def read_all(paths: Iterable[Path]) -> list[tuple[Parsed, str]]:
    """All documents of files, and of the YAML files in folders, each with its file. Raises Unusable."""
    from catalog.yaml.text import read

    files = [file for path in paths for file in (sorted(path.glob("*.y*ml")) if path.is_dir() else [path])]
    return [(parsed, str(file)) for file in files for parsed in documents(read(file, str(file)), str(file))]
