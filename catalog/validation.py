"""Checks a document against the JSON Schema of its kind, and says all that is wrong at once.

`jsonschema-rs` gives the verdict; only for a document that fails does `jsonschema` find the words. Some
keywords of the schemas are our own, and no validator judges by them: `unit` of a number, `ownersWord` with
`ownersWordWhen`, which `catalog.owners_word` reads, `kinds`, which `catalog.checks.stores` does,
`alsoCalled`, with `valuesAlsoCalled`: other people's words for a field, and for its values, `otherwise`:
what to write for what none of its values is, and `insteadOf`: what to do for a field, or a value, that
there isn't.
"""

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.document import Json, readable
from catalog.problem import Problem
from catalog.schema_words import Said, said_of
from catalog.yaml.parsed import Parsed

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

SCHEMAS = Path(__file__).parent / "schema"


@functools.cache
def kind_folders() -> dict[str, str]:
    """Kind → folder of the catalog. A kind exists because its schema does: `team.schema.json` holds
    kind Team, kept in `teams/`, `observability_unit.schema.json` ObservabilityUnit, kept in `units/`."""
    stems = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
    return {stem.title().replace("_", ""): stem.split("_")[-1] + "s" for stem in stems}


def stem_of(kind: str) -> str:
    """What the files of a kind are called: `observability_unit` for ObservabilityUnit."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def called(kind: str) -> str:
    """A kind in words: `observability unit`."""
    return stem_of(kind).replace("_", " ")


@functools.cache
def schema(kind: str) -> Json:
    """The JSON Schema 2020-12 of a kind."""
    loaded: Json = json.loads((SCHEMAS / f"{stem_of(kind)}.schema.json").read_text("utf-8"))
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
    errors = sorted(validator.iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    return sorted(
        {_problem(error, said, data, path, parsed) for error, said in said_of(errors, schema(kind))}
    )


def _problem(error: Any, said: Said, data: Any, path: str, parsed: Parsed) -> Problem:
    why = str(error.schema.get("description", "")) if isinstance(error.schema, dict) else ""
    is_of_key = said.at != tuple(error.absolute_path) or isinstance(error.instance, dict | list)
    mark = parsed.keys.get(said.at) if is_of_key else None
    place = mark or parsed.values.get(said.at) or parsed.values[()]
    rule = f"schema/{'not-allowed' if error.validator == 'not' else _kebab(str(error.validator))}"
    return Problem(path, place.line, place.column, rule, readable(said.at, data), said.what, why, said.fix)


def _kebab(word: str) -> str:
    return "".join("-" + letter.lower() if letter.isupper() else letter for letter in word)
