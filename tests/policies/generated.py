"""Rule inputs by chance, the same for the same seed: shipped specs and fixtures, edited at random.

An edit writes, changes or removes one field. Its new value is one that the schema allows there: of an
enumeration, at a bound, a day that rules ask about, or what another document says at the same place. So
whatever a fixture does wrong turns up elsewhere, and a new rule's fixtures take part by being there.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from catalog import validation
from catalog.document import Document
from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import Catalog, load
from catalog.problem import Problem
from catalog.yaml.parsed import Pointer
from catalog.yaml.text import parse
from policies.rule import Rule
from stacks.plan import Plan, Planner
from stacks.policy_input import input_on
from stacks.stack import foundation_stack, global_stack, stack_of, unit_stack

Json = dict[str, Any]
Texts = tuple[Json, ...]
"""Documents as written. What is judged comes first; the others are its catalog's."""
Seen = dict[tuple[str, Pointer], list[Any]]
"""All that is said, by kind of document or type of resource, and place."""

HOME = Path(__file__).resolve().parents[2]
SHIPPED = HOME / "catalog"
TODAY = date(2026, 11, 21)

DAYS = (-400, -181, -180, -91, -90, -89, -8, -7, -6, -1, 0, 1, 6, 7, 8, 90, 91, 179, 180, 181, 400)
"""Days from today, at and beside the bounds that rules have."""

ORDERED = frozenset({"command", "environments", "steps", "zones"})
"""Lists whose order says something: words, where it runs first, shares of traffic, where machines go."""

EDITS = (0, 1, 1, 2, 3)
"""How many edits a document may get."""

RECENT = 20
"""Documents that stay in the catalog: all are looked through for who depends on a service."""


class Dice(Random):
    """Chance that comes out the same for the same seed. Nothing that is drawn here is a secret."""


class Sample(NamedTuple):
    """What is judged, and the documents that say it, under the names they had before there were many."""

    texts: Texts
    judged: Service | Environment
    unit: ObservabilityUnit | None = None
    hub: ObservabilityGlobal | None = None

    @property
    def environment(self) -> Environment:
        """The environment that is judged, or that the service is judged in."""
        return self.judged.environment if isinstance(self.judged, Service) else self.judged


def rule_input(catalog: Catalog, judged: Service | Environment, plan: Plan | None = None) -> bytes:
    """The document that rules see of what is judged."""
    return input_on(catalog, judged, TODAY, plan)


class Generator:
    """Makes samples, all in one catalog: each gets names of its own. Files go to `scratch`."""

    def __init__(self, seed: int, scratch: Path, rules: Iterable[str]) -> None:
        self.dice = Dice(seed)
        self.catalog = load(SHIPPED)
        self.fixtures = {
            rule: _fixtures(HOME / "policies" / "rules" / rule.replace("-", "_")) for rule in rules
        }
        self.shipped = list(_shipped(self.catalog))
        everything = [*self.shipped, *(texts for both in self.fixtures.values() for texts in both)]
        self._seen: Seen = defaultdict(list)
        for text in (text for texts in everything for text in texts):
            _note(self._seen, text["kind"], text)
        self._planned: Seen = defaultdict(list)
        self._planner = Planner(self.catalog)
        self._numbers = count(1)
        self._recent: deque[Document] = deque()
        self._scratch = scratch

    def sample(self, texts: Texts) -> Sample:
        """Some documents with random edits, perhaps in an environment of their own."""
        while True:
            own = len(texts) == 1 and texts[0]["kind"] == "Service" and self.dice.random() < 0.3
            chosen = self._with_environment(texts) if own else texts
            edited = tuple(self._edited(text) for text in chosen)
            made = self.add(edited)
            if made is not None:
                return made

    def add(self, texts: Texts) -> Sample | None:
        """The sample that some documents make, now in the catalog; None when they don't fit together."""
        made = self._made(texts)
        return made if isinstance(made, Sample) else None

    def _made(self, texts: Texts) -> Sample | list[Problem]:
        while len(self._recent) > RECENT:
            old = self._recent.popleft()
            del self.catalog.documents[old.kind][old.name]
        document = None
        for text in reversed(_renamed(texts, next(self._numbers))):
            path = self._scratch / text["kind"] / f"{text['metadata']['name']}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(msgspec.json.encode(text))
            document = self.catalog.add(path)
            if document is None:
                return self.catalog.problems
            self._recent.append(document)
        assert document is not None
        judged: Any = self.catalog.find(Environment, document.name)
        if document.kind == "Service":
            judged = service_at(self.catalog, document.name, places_of(self.catalog, document.name)[0])
        if isinstance(judged, list):
            return judged
        # What watches an environment is judged with the one that it is called like.
        unit = hub = None
        if document.kind == "ObservabilityUnit":
            unit = self.catalog.find(ObservabilityUnit, document.name)
        if document.kind == "ObservabilityGlobal":
            hub = self.catalog.find(ObservabilityGlobal, document.name)
        return Sample(texts, judged, unit, hub)

    def shuffled(self, sample: Sample) -> Sample:
        """A sample that says the same in another order."""
        made = self.add(tuple(_shuffled(text, self.dice) for text in sample.texts))
        assert made is not None
        return made

    def mended(self, sample: Sample, path: tuple[str | int, ...], expected: Any) -> Sample | list[Problem]:
        """The sample after its owner wrote the expected value at the path of a finding, or what the catalog
        then has against it."""
        texts = sample.texts
        if path[0] == "environment" and all(text["kind"] == "Service" for text in texts):
            texts = self._with_environment(texts)
        kind, owner = (
            ("Environment", sample.environment) if path[0] == "environment" else ("Service", sample.judged)
        )
        copied = tuple(_copy(text) for text in texts)
        _write(next(text for text in copied if text["kind"] == kind), owner.source(path[1:]), expected)
        return self._made(copied)

    def planned(self, sample: Sample) -> Json:
        """The rule input on a sample's spec and recorded stack, parsed."""
        judged = sample.judged
        if isinstance(judged, Service):
            stack = stack_of(judged)
        elif sample.hub is not None:
            stack = global_stack(judged.name)
        else:
            stack = (foundation_stack if sample.unit is None else unit_stack)(judged.name)
        found: Json = msgspec.json.decode(rule_input(self.catalog, judged, self._planner.plan(stack)))
        for resource in found["plan"]["resources"]:
            _note(self._planned, resource["type"], resource["inputs"])
        return found

    def shaken(self, document: Json) -> Json:
        """A planned input after random edits of its resources: what is there is gone, or is not known, or is
        what another resource of the type has there."""
        changed = _copy(document)
        for _ in range(self.dice.choice(EDITS)):
            resource = self.dice.choice([each for each in changed["plan"]["resources"] if each["inputs"]])
            *way, last = self.dice.choice([place for place in places(resource["inputs"]) if place])
            holder = _at(resource["inputs"], tuple(way))
            chance = self.dice.random()
            if chance < 0.2:
                del holder[last]
            elif chance < 0.4:
                holder[last] = {"$unknown": []}
            else:
                seen = self._planned.get((resource["type"], general((*way, last))), [])
                holder[last] = self.dice.choice([holder[last], *seen])
        return changed

    def _edited(self, text: Json) -> Json:
        edits = self.dice.choice(EDITS)
        while edits > 0:
            changed = self._edit(text)
            if validation.is_valid(text["kind"], changed):
                text, edits = changed, edits - 1
        return text

    def _edit(self, text: Json) -> Json:
        changed = _copy(text)
        schema = validation.schema(text["kind"])
        fields = [(at, field) for at, field in _fields(schema, schema, changed, ()) if _is_free(at)]
        at, field = self.dice.choice(fields)
        holder, last = _at(changed, at[:-1]), at[-1]
        is_there = last in holder if isinstance(holder, dict) else last != len(holder)
        value = self.dice.choice(self._values(text["kind"], at, field))
        if is_there and self.dice.random() < 0.25:
            del holder[last]
        elif is_there or isinstance(holder, dict):
            holder[last] = value
        else:
            holder.append(value)
        return changed

    def _values(self, kind: str, at: Pointer, field: Json) -> list[Any]:
        """What could stand there. Some of it is not allowed, say one more than the most."""
        seen = self._seen[kind, general(at)]
        values = [*seen, *field.get("enum", ()), *field.get("examples", ())]
        if field.get("type") == "boolean":
            values += [True, False]
        elif field.get("type") in {"integer", "number"}:
            values += [field[bound] for bound in ("minimum", "maximum") if bound in field]
            values += [value + step for value in seen for step in (-1, 1)]
        elif field.get("format") == "date":
            values += [(TODAY + timedelta(days)).isoformat() for days in DAYS]
        return values

    def _with_environment(self, texts: Texts) -> Texts:
        """The same, with a copy of the shipped environment that the service is judged in."""
        service = _copy(texts[0])
        first = service["spec"].setdefault("environments", [{"name": "production"}])[0]
        return service, self.catalog.documents["Environment"][first["name"]].data


def inputs(seed: int, scratch: Path, rules: Iterable[Rule], samples: int) -> Iterator[bytes]:
    """Rule inputs on which engines have to agree: of each rule's failing fixture so many samples, and of a
    rule on the plan as many plans, in which some values are not known."""
    known = list(rules)
    generator = Generator(seed, scratch, [rule.id for rule in known])
    for rule in known:
        failing, _ = generator.fixtures[rule.id]
        for _ in range(samples):
            yield rule_input(generator.catalog, generator.sample(failing).judged)
        if "plan" in rule.stages:
            made = generator.add(failing)
            assert made is not None
            planned = generator.planned(made)
            for _ in range(samples):
                yield msgspec.json.encode(generator.shaken(planned))


def unknown_at(document: Json, path: tuple[str | int, ...]) -> Json:
    """A planned input in which the value at the path of a finding is not known."""
    changed = _copy(document)
    resource = next(each for each in changed["plan"]["resources"] if each["urn"] == path[1])
    _write(resource, path[2:], {"$unknown": []})
    return changed


def places(value: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """Every place of a document or a part of it."""
    yield at
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in below:
        yield from places(each, (*at, step))


def _fixtures(folder: Path) -> tuple[Texts, Texts]:
    """`failing.yaml` and `passing.yaml` of a rule, each with the folder's other documents."""
    both = ("failing.yaml", "passing.yaml")
    others = sorted(path.name for path in folder.glob("*.yaml") if path.name not in both)
    failing, passing = (
        tuple(parse((folder / name).read_bytes(), name).data for name in (judged, *others)) for judged in both
    )
    return failing, passing


def _shipped(catalog: Catalog) -> Iterator[Texts]:
    """What is shipped: each environment, and each service, the examples too, in each of its environments."""
    for document in catalog.documents["Environment"].values():
        yield (document.data,)
    services = [document.data for document in catalog.documents["Service"].values()]
    examples = [parse(path.read_bytes(), path.name).data for path in sorted(SHIPPED.glob("examples/*.yaml"))]
    for service in (*services, *examples):
        written = service["spec"].get("environments", [{"name": "production"}])
        for first in written:
            entries = [first, *(each for each in written if each is not first)]
            yield ({**service, "spec": {**service["spec"], "environments": entries}},)


def _renamed(texts: Texts, number: int) -> list[Json]:
    """The documents under names of their own, and with them what they say of each other."""
    names = {
        (text["kind"], text["metadata"]["name"]): f"{text['metadata']['name']}-{number}" for text in texts
    }

    def named(items: list[Json], key: str, kind: str) -> list[Json]:
        return [
            {**item, key: names[kind, item[key]]} if (kind, item.get(key)) in names else item
            for item in items
        ]

    renamed = []
    for text in texts:
        spec = dict(text["spec"])
        for listed, key, kind in (
            ("environments", "name", "Environment"),
            ("dependencies", "service", "Service"),
            ("dependencies", "vendor", "Vendor"),
        ):
            if listed in spec:
                spec[listed] = named(spec[listed], key, kind)
        if "edge" in spec:
            spec["edge"] = _renamed_beside(spec["edge"], names)
        name = names[text["kind"], text["metadata"]["name"]]
        renamed.append({**text, "metadata": {**text["metadata"], "name": name}, "spec": spec})
    return renamed


def _renamed_beside(edge: Json, names: Mapping[tuple[str, str], str]) -> Json:
    """What a service says of those that it shares its host with."""
    renamed = dict(edge)
    if isinstance(edge.get("behind"), str):
        renamed["behind"] = names.get(("Service", edge["behind"]), edge["behind"])
    if isinstance(edge.get("guests"), list):
        renamed["guests"] = [names.get(("Service", guest), guest) for guest in edge["guests"]]
    return renamed


def _fields(schema: Json, field: Json, value: Any, at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    """The places of a document, those that could be written too, and what the schema says of each."""
    if "$ref" in field:
        field = schema["$defs"][field["$ref"].removeprefix("#/$defs/")]
    yield at, field
    if isinstance(value, dict):
        for name, below in field.get("properties", {}).items():
            yield from _fields(schema, below, value.get(name), (*at, name))
    elif isinstance(value, list):
        for i, each in enumerate([*value, None]):
            yield from _fields(schema, field["items"], each, (*at, i))


def _is_free(at: Pointer) -> bool:
    """Whether an edit may change a place: what the document is and where it is judged stay as they are."""
    if at[:2] == ("spec", "environments"):
        return len(at) > 4
    return len(at) > 1 and at != ("metadata", "name")


def general(at: Pointer) -> Pointer:
    """A place in all documents: any element of a list, and an override as what it overrides."""
    general: Pointer = tuple("*" if isinstance(step, int) else step for step in at)
    return ("spec", *general[4:]) if general[:4] == ("spec", "environments", "*", "override") else general


def _note(seen: Seen, kind: str, document: Any) -> None:
    for at in places(document):
        value, known = _at(document, at), seen[kind, general(at)]
        if value not in known:
            known.append(value)


def _at(value: Any, place: Pointer) -> Any:
    for step in place:
        value = value[step]
    return value


def _write(document: Any, at: Pointer, value: Any) -> None:
    *way, last = at
    for step in way:
        document = document.setdefault(step, {}) if isinstance(document, dict) else document[step]
    document[last] = value


def _copy(document: Json) -> Json:
    copied: Json = msgspec.json.decode(msgspec.json.encode(document))
    return copied


def _shuffled(value: Any, dice: Dice) -> Any:
    if isinstance(value, dict):
        return {key: each if key in ORDERED else _shuffled(each, dice) for key, each in value.items()}
    if isinstance(value, list):
        return dice.sample([_shuffled(each, dice) for each in value], len(value))
    return value
