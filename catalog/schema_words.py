"""What the JSON Schema of a kind finds wrong, in the words of the file: one message for one mistake."""

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from catalog.below import rules_at
from catalog.document import Json
from catalog.meant import items_meant, mapping_meant, number_meant, variable_meant
from catalog.nearest import nearest
from catalog.pattern_rules import PATTERN_RULES
from catalog.yaml.parsed import Pointer

EXAMPLE = ", such as "
"""What comes after it in a `fix` is an example, made of the value that is wrong where it can be."""

LONGEST = 60
"""How many characters of a value are quoted."""

UNCOUNTED = frozenset(
    ("day of week", "generation", "hour, UTC", "level", "port", "weight", "whatever the metric counts")
)
"""Units of the schemas that number something, and don't count it."""

COMMANDS: Mapping[Pointer, bool] = {("command",): True, ("args",): False}
"""Fields that hold the words of a command line, which nobody splits, and whether a program is the first."""

SHELL = re.compile(r"[|&;<>`*?~]|\$[A-Za-z_{]|\$\((?![A-Z_][A-Z0-9_]*\))|^\w+=")
"""What in a command line only a shell understands; `$(NAME)` is a variable to Kubernetes too."""

NOT_TEXT = frozenset(("true", "false", "null", "yes", "no", "on", "off"))
"""Words that some reader of YAML takes for something else."""

OF_TEXT = ("type", "enum", "const", "minimum", "maximum", "maxLength", "minLength", "format", "pattern")
"""Keywords about one value, the most telling first: of several that it fails, one is said."""


class Said(NamedTuple):
    """What is wrong at a place of a document, and how to mend it."""

    at: Pointer
    what: str
    fix: str


def said_of(errors: list[Any], schema: Json) -> Iterator[tuple[Any, Said]]:
    """The words for `jsonschema`'s errors by a schema, each with its error, whose own types promise too
    little."""
    if version := [each for each in errors if _is_version(each)]:
        yield version[0], _other_format(version[0])
        return
    errors = [each for each in errors if each.validator not in OF_TEXT] + list(_most_telling(errors))
    named = {each for error in errors for each in _meant(error)}
    unknown = {tuple(error.absolute_path) for error in errors if error.validator == "additionalProperties"}
    lacking = _lacking(errors, named)
    for error in errors:
        at: Pointer = tuple(error.absolute_path)
        if error.validator == "oneOf" and at in unknown:
            continue  # what is unknown was meant for one of them
        if error.validator == "required":  # there is an error for each field
            if keys := lacking.pop(at, None):
                yield error, _missing(keys, at, {key: rules_at(schema, (*at, key)) for key in keys})
            continue
        for said in _WORDS.get(error.validator, _otherwise)(error, at):
            yield error, said


def _lacking(errors: Iterable[Any], named: set[tuple[Pointer, str]]) -> dict[Pointer, list[str]]:
    """The fields that are missing at each place, but for those that are there, misspelt."""
    found: dict[Pointer, list[str]] = {}
    for error in errors:
        at: Pointer = tuple(error.absolute_path)
        for key in error.validator_value if error.validator == "required" else ():
            if key not in error.instance and (at, key) not in named and key not in found.get(at, ()):
                found.setdefault(at, []).append(key)
    return found


def _is_version(error: Any) -> bool:
    return tuple(error.absolute_path) == ("apiVersion",) and error.validator in {"const", "enum"}


def _other_format(error: Any) -> Said:
    """The fields of another format are all unknown: nothing else is said of it."""
    written, wanted = error.instance, error.validator_value
    what = f"`apiVersion` is {shown(written)}, which is another format"
    if isinstance(written, str) and not written.startswith("pave/"):
        what += ": of Kubernetes, whose objects pave makes from a spec"
    return Said(("apiVersion",), f"{what}.", f"Write {shown(wanted)}; `pave new service NAME` begins a spec.")


def _most_telling(errors: list[Any]) -> Iterator[Any]:
    by_place: dict[Pointer, Any] = {}
    for error in sorted((each for each in errors if each.validator in OF_TEXT), key=_rank):
        by_place.setdefault(tuple(error.absolute_path), error)
    yield from by_place.values()


def _rank(error: Any) -> int:
    return OF_TEXT.index(error.validator)


def _meant(error: Any) -> Iterator[tuple[Pointer, str]]:
    """The fields that unknown ones were meant to be."""
    if error.validator == "additionalProperties":
        for key in set(error.instance) - set(error.schema.get("properties", {})):
            if (near := _field_meant(str(key), error.schema)) is not None:
                yield tuple(error.absolute_path), near


def _field_meant(key: str, rules: Json) -> str | None:
    """The field that an unknown one was meant to be: what others call so (`alsoCalled`), or the nearest."""
    for name, field in rules.get("properties", {}).items():
        if key in field.get("alsoCalled", ()):
            return str(name)
    return nearest(key, rules.get("properties", {}))


def _field(at: Pointer) -> str:
    return f"`{at[-1]}`" if at and isinstance(at[-1], str) else "this item"


def _field_first(at: Pointer) -> str:
    """As it begins a sentence."""
    name = _field(at)
    return f"{name[0].upper()}{name[1:]}"


def _unknown(error: Any, at: Pointer) -> Iterator[Said]:
    known = list(error.schema.get("properties", {}))
    instead = error.schema.get("insteadOf", {})
    for key in sorted(set(error.instance) - set(known)):
        meant = _field_meant(str(key), error.schema)
        fix = f"Did you mean `{meant}`?" if meant else f"Fields here: {', '.join(sorted(known))}."
        fix = instead.get(key, fix)
        yield Said((*at, key), f"Unknown field `{key}`.", fix)


def _missing(keys: Sequence[str], at: Pointer, rules: Mapping[str, Json]) -> Said:
    """Fields that lack, with an example of what their rules take, where it is short."""
    where = f"{_field_first(at)} lacks" if at else "The document lacks"
    found = {key: _first_example(rules[key]) for key in keys}
    short = {key: each for key, each in found.items() if each is not None and "…" not in flow(each)}
    such = short if len(keys) > 1 else found[keys[0]]
    fix = f"Add {_listed([f'{key}:' for key in keys], 'and')}"
    fix = f"{fix}{EXAMPLE}{flow(such)}." if such else f"{fix}."
    return Said(at, f"{where} the field{'s' * (len(keys) > 1)} {_listed(keys, 'and')}.", fix)


def _enumerated(error: Any, at: Pointer) -> Iterator[Said]:
    known = [str(each) for each in error.validator_value]
    written = str(error.instance)
    instead = error.schema.get("insteadOf", {}).get(written.casefold())
    called = error.schema.get("valuesAlsoCalled", {}).get(written.casefold())
    best = None if instead else called or nearest(written, known)
    otherwise = instead or error.schema.get("otherwise")
    hint = f" Did you mean `{best}`?" if best else f" {otherwise}" if otherwise else ""
    listed = ", ".join(str(item) for item in error.validator_value)
    yield Said(at, f"{_field_first(at)} is {shown(error.instance)}.", f"Write one of {listed}.{hint}")


def _constant(error: Any, at: Pointer) -> Iterator[Said]:
    yield Said(
        at, f"{_field_first(at)} is {shown(error.instance)}.", f"Write {shown(error.validator_value)}."
    )


def _typed(error: Any, at: Pointer) -> Iterator[Said]:
    value = error.instance
    such = _such_as(value, error.validator_value, error.schema, program=COMMANDS.get(at[-1:]))
    fix = f"Write {_article(error.validator_value)}{such}."
    if value is None:
        yield Said(at, f"{_field_first(at)} has no value.", fix)
    else:
        yield Said(at, f"{_field_first(at)} is {shown(value)}, a {_type(value)}.", fix)


def _bounded(error: Any, at: Pointer) -> Iterator[Said]:
    bound = "at least" if error.validator == "minimum" else "at most"
    unit = str(error.schema.get("unit", ""))
    what = f"{_field_first(at)} is {amount(error.instance, unit)}."
    meant = _percent_meant(error.instance, error.schema)
    hint = f" Did you mean {meant}?" if meant is not None else ""
    yield Said(at, what, f"Write {bound} {amount(error.validator_value, unit)}.{hint}")


def _percent_meant(value: Any, rules: Json) -> int | float | None:
    """The percentage that a fraction of 1 was meant to be, where the field takes that."""
    if rules.get("unit") != "percent" or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value <= 1:  # a hundred times the largest number is none any more
        return None
    meant = percent_of(value)
    return meant if rules["minimum"] <= meant <= rules["maximum"] else None


def percent_of(fraction: float) -> int | float:
    """A fraction of 1, from 0 to 1, as people write a percentage: `99.9` of 0.999."""
    percent = round(fraction * 100, 6)
    return int(percent) if percent == int(percent) else percent


def _patterned(error: Any, at: Pointer) -> Iterator[Said]:
    rule = PATTERN_RULES.get(str(error.validator_value), "")
    example = _example(error.schema) or f" {error.validator_value}"
    fix = f"Write {rule}, like{example}." if rule else f"Write it like{example}."
    yield Said(at, f"{_field_first(at)} is {shown(error.instance)}.", fix)


def _sized(error: Any, at: Pointer) -> Iterator[Said]:
    bound = "at least" if error.validator.startswith("min") else "at most"
    thing = "character" if error.validator.endswith("Length") else "entry"
    number, limit = len(error.instance), error.validator_value
    what = f"{_field_first(at)} has {number or 'no'} {_plural(number, thing)}."
    yield Said(at, what, f"Write {bound} {limit}{_like(error.schema)}.")


def _doubled(error: Any, at: Pointer) -> Iterator[Said]:
    seen: list[str] = []
    for index, item in enumerate(error.instance):
        text = json.dumps(item, sort_keys=True)
        if text in seen:
            yield Said((*at, index), f"{shown(item)} stands twice in {_field(at)}.", "Delete one of the two.")
            return
        seen.append(text)
    yield Said(at, f"{_field_first(at)} holds an entry twice.", "Delete one of the two.")


def _one_of(error: Any, at: Pointer) -> Iterator[Said]:
    branches = error.validator_value
    if not isinstance(error.instance, dict):
        return  # its type is said, and that asks for neither
    if all(set(branch) == {"required"} for branch in branches):
        wanted = [branch["required"][0] for branch in branches]
        names = _listed(wanted, "or")
        there = [name for name in wanted if name in error.instance]
        has = f"has {_listed(there, 'and')}, and needs" if there else "needs"
        yield Said(at, f"{_field_first(at)} {has} exactly one of {names}.", f"Write one of {names}.")
    else:
        yield from _otherwise(error, at)


def _listed(names: Sequence[str], word: str) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} {word} {last}" if most else last


def _not_here(error: Any, at: Pointer) -> Iterator[Said]:  # of anything; `false` would lose the place
    del error
    yield Said(at, f"{_field_first(at)} can't be set here.", "Remove it.")


def _otherwise(error: Any, at: Pointer) -> Iterator[Said]:
    fix = f"See `{error.validator}` in the schema{_example(error.schema)}."
    yield Said(at, f"{_field_first(at)}: {error.message}.", fix)


_WORDS: Mapping[str, Callable[[Any, Pointer], Iterator[Said]]] = {
    "additionalProperties": _unknown,
    "enum": _enumerated,
    "const": _constant,
    "type": _typed,
    "minimum": _bounded,
    "maximum": _bounded,
    "pattern": _patterned,
    "format": _patterned,
    "maxLength": _sized,
    "minLength": _sized,
    "maxItems": _sized,
    "minItems": _sized,
    "uniqueItems": _doubled,
    "oneOf": _one_of,
    "not": _not_here,
}
"""By keyword of JSON Schema."""


def amount(number: Any, unit: str) -> str:
    """`1 replica`, `4 GiB`, and of what is numbered the number alone."""
    if not unit or unit in UNCOUNTED:
        return shown(number)
    is_one = number == 1 and unit.endswith("s")
    return f"{shown(number)} {(unit[:-2] if unit.endswith('sses') else unit[:-1]) if is_one else unit}"


def shown(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 3]}…{text[-1]}"


def _plural(number: int, thing: str) -> str:
    if number == 1:
        return thing
    return "entries" if thing == "entry" else f"{thing}s"


def _type(value: Any) -> str:
    names = {dict: "mapping", list: "list", str: "string", bool: "boolean"}
    return names.get(type(value), "number")


def _article(wanted: Any) -> str:
    """`a list`, from a schema's own word or words."""
    names = {"object": "mapping", "array": "list", "integer": "whole number"}
    each = [wanted] if isinstance(wanted, str) else list(wanted)
    return " or ".join(f"a {names.get(one, one)}" for one in each)


def _such_as(value: Any, wanted: Any, rules: Any, program: bool | None = None) -> str:
    """An example: what was probably meant by the value, else the schema's own."""
    meant = _meant_by(value, wanted, rules, program)
    if meant is None and (found := _first_example(rules)) is not None:
        meant = flow(found)
    return f"{EXAMPLE}{meant}" if meant is not None else ""


def _meant_by(value: Any, wanted: Any, rules: Json, program: bool | None) -> str | None:
    match wanted:
        case "array" if isinstance(value, str):
            return flow([value] if program is None else words_of(value, program=program))
        case "array":
            return items_meant(value, rules)
        case "string" if isinstance(value, bool | int | float) and _takes(rules, json.dumps(value)):
            return shown(json.dumps(value))
        case "number" | "integer":
            return _number_shown(value, rules, is_whole=wanted == "integer")
        case "object":
            meant = mapping_meant(value, rules) or _named_by(value, rules)
            return variable_meant(value, rules) or (flow(meant) if meant is not None else None)
    return None


def _number_shown(value: Any, rules: Json, *, is_whole: bool) -> str | None:
    meant = _percent_meant(value, rules)
    if meant is None or (is_whole and meant != int(meant)):
        meant = number_meant(value, rules, is_whole=is_whole)
    return None if meant is None else str(meant)


def _named_by(value: Any, rules: Json) -> Json | None:
    """The mapping of which a plain value is the first field that is required."""
    required = rules.get("required") or [""]
    field = rules.get("properties", {}).get(required[0])
    if field is None:
        return None
    is_name = isinstance(value, str) and re.fullmatch(field.get("pattern", ""), value)
    is_number = type(value) is int and field.get("type") in {"integer", "number"}
    return {required[0]: value} if is_name or is_number else None


def _takes(rules: Json, text: str) -> bool:
    """Whether a field for strings takes this one."""
    is_short = len(text) <= rules.get("maxLength", len(text))
    return is_short and "format" not in rules and re.search(rules.get("pattern", ""), text) is not None


def words_of(command: str, *, program: bool = True) -> list[str]:
    """The words of a command line, as a shell splits them. What only a shell understands is a shell's, if the
    first word is a `program`; else it stays one."""
    if not SHELL.search(command):
        try:
            return shlex.split(command) or [command]
        except ValueError:
            pass  # a quote that doesn't end
    return ["sh", "-c", command] if program else [command]


def flow(value: Any) -> str:
    """A value as one line of YAML, of which JSON is a part: `{min: 3}`, without the quotes that it needn't
    have."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    is_plain = (
        isinstance(value, str) and re.fullmatch(r"-{0,2}[A-Za-z/][A-Za-z0-9_/.*=-]*", value) is not None
    )
    return value if is_plain and value not in NOT_TEXT else shown(value)


def _like(rules: Json) -> str:
    found = _first_example(rules)
    return f", like {shown(found)}" if found is not None else ""


def _example(rules: Any) -> str:
    found = _first_example(rules)
    return f" {shown(found)}" if found is not None else ""


def _first_example(rules: Any) -> Any:
    examples = rules.get("examples") if isinstance(rules, dict) else None
    return examples[0] if examples else None
