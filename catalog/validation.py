"""Checks a document against the JSON Schema of its kind, and says all that is wrong at once.

`jsonschema-rs` gives the verdict; only for a document that fails does `jsonschema` find the words. Four
keywords of the schemas are our own, and no validator judges by them: `unit` of a number, `ownersWord` with
`ownersWordWhen`, which `catalog.owners_word` reads, and `kinds`, which `catalog.checks.stores` does.
"""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.document import Json, readable
from catalog.nearest import did_you_mean, nearest
from catalog.problem import Problem
from catalog.yaml.parsed import Parsed, Pointer

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

SCHEMAS = Path(__file__).parent / "schema"


@functools.cache
def kind_folders() -> dict[str, str]:
    """Kind → folder of the catalog. A kind exists because its schema does: `team.schema.json` holds
    kind Team, kept in `teams/`."""
    stems = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
    return {stem.capitalize(): stem + "s" for stem in stems}


@functools.cache
def schema(kind: str) -> Json:
    """The JSON Schema 2020-12 of a kind."""
    loaded: Json = json.loads((SCHEMAS / f"{kind.lower()}.schema.json").read_text("utf-8"))
    return loaded


@functools.cache
def _validator(kind: str) -> "Draft202012Validator":
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(schema(kind), validate_formats=True)


def is_valid(kind: str, data: Any) -> bool:
    """Whether `data` meets the schema of `kind`."""
    return _validator(kind).is_valid(data)


def problems(kind: str, data: Any, path: str, parsed: Parsed) -> list[Problem]:
    """Everything that the schema of `kind` finds wrong with `data`, sorted by place; none when valid."""
    if is_valid(kind, data):
        return []
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)
    found = [
        problem for error in validator.iter_errors(data) for problem in _explain(error, data, path, parsed)
    ]
    return sorted(set(found))


def _explain(error: Any, data: Any, path: str, parsed: Parsed) -> Iterator[Problem]:
    pointer: Pointer = tuple(error.absolute_path)
    why = str(error.schema.get("description", "")) if isinstance(error.schema, dict) else ""
    for at, message, fix in _words(error, pointer):
        mark = parsed.keys.get(at) if at != pointer or isinstance(error.instance, dict | list) else None
        place = mark or parsed.values.get(at) or parsed.values[()]
        rule = f"schema/{'not-allowed' if error.validator == 'not' else _kebab(str(error.validator))}"
        yield Problem(path, place.line, place.column, rule, readable(at, data), message, why, fix)


def _words(error: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str, str]]:
    """(where, what is wrong, how to fix it) of one `jsonschema` error, whose own types promise too little."""
    value, wanted, keyword = error.instance, error.validator_value, error.validator
    field = f"`{pointer[-1]}`" if pointer and isinstance(pointer[-1], str) else "this item"
    if keyword == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        for key in sorted(set(value) - set(known)):
            yield (*pointer, key), f"Unknown field `{key}`.", did_you_mean(key, known, "Fields here")
    elif keyword == "required":
        missing = [key for key in wanted if key not in value]
        for key in missing:
            where = f"{field} lacks" if pointer else "The document lacks"
            yield pointer, f"{where[0].upper()}{where[1:]} the field `{key}`.", f"Add `{key}:`."
    elif keyword == "enum":
        yield pointer, f"{field} is {_show(value)}.", _one_of(value, wanted)
    elif keyword == "const":
        yield pointer, f"{field} is {_show(value)}.", f"Write {_show(wanted)}."
    elif keyword == "type":
        yield (
            pointer,
            f"{field} is {_show(value)}, a {_type(value)}.",
            f"Write {_article(wanted)}{_such_as(error.schema)}.",
        )
    elif keyword in ("minimum", "maximum"):
        bound = "at least" if keyword == "minimum" else "at most"
        unit = f" {error.schema['unit']}" if "unit" in error.schema else ""
        yield pointer, f"{field} is {_show(value)}{unit}.", f"Write {bound} {wanted}{unit}."
    elif keyword in ("pattern", "format"):
        yield (
            pointer,
            f"{field} is {_show(value)}.",
            f"Write it like{_example(error.schema) or ' ' + str(wanted)}.",
        )
    elif keyword == "oneOf" and all(set(branch) == {"required"} for branch in wanted):
        names = " or ".join(f"`{branch['required'][0]}`" for branch in wanted)
        yield (
            pointer,
            f"{field[0].upper()}{field[1:]} needs exactly one of {names}.",
            f"Write one of {names}.",
        )
    elif keyword == "not":  # of anything; a schema that is `false` would lose the place
        yield pointer, f"{field} can't be set here.", "Remove it."
    else:
        yield pointer, f"{field}: {error.message}.", f"See `{keyword}` in the schema{_example(error.schema)}."


def _one_of(value: Any, wanted: list[Any]) -> str:
    best = nearest(str(value), map(str, wanted))
    hint = f" Did you mean `{best}`?" if best else ""
    return f"Write one of {', '.join(str(item) for item in wanted)}.{hint}"


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _type(value: Any) -> str:
    names = {dict: "mapping", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _example(rules: Any) -> str:
    examples = rules.get("examples") if isinstance(rules, dict) else None
    return f" {_show(examples[0])}" if examples else ""


def _article(wanted: Any) -> str:
    """`a list`, from a schema's own word or words."""
    names = {"object": "mapping", "array": "list", "integer": "whole number"}
    each = [wanted] if isinstance(wanted, str) else list(wanted)
    return " or ".join(f"a {names.get(one, one)}" for one in each)


def _such_as(rules: Any) -> str:
    """An example of a number or a text; a whole mapping would be one of something else."""
    examples = rules.get("examples") if isinstance(rules, dict) else None
    return f", such as {_show(examples[0])}" if examples and not isinstance(examples[0], dict | list) else ""


def _kebab(word: str) -> str:
    return "".join("-" + letter.lower() if letter.isupper() else letter for letter in word)
