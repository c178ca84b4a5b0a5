"""The published schemas: complete for editors, and judged the same by both validators."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import jsonschema_rs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import validation
from catalog.kind import kinds
from catalog.stores.registry import store_kinds
from catalog.stores.store import Store
from catalog.yaml.text import parse

CATALOG = Path(__file__).parents[2] / "catalog"
SPECS = sorted(
    path for folder in validation.kind_folders().values() for path in (CATALOG / folder).glob("*.yaml")
)
CUSTOMERSDOT = parse((CATALOG / "services" / "customersdot.yaml").read_bytes(), "customersdot.yaml").data


def fields(rules: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that a schema defines, by its path."""
    if isinstance(rules, dict):
        for name, field in rules.get("properties", {}).items():
            if isinstance(field, dict) and ("description" in field or "type" in field or "enum" in field):
                yield f"{at}.{name}", field
            yield from fields(field, f"{at}.{name}")
        if "items" in rules:
            yield from fields(rules["items"], f"{at}[]")
        for name, part in rules.get("$defs", {}).items():
            yield from fields(part, name)


def without_required(rules: Any) -> Any:
    """The example of a mapping shows some of its fields, not all that a whole one needs."""
    if isinstance(rules, dict):
        return {
            key: without_required(value) for key, value in rules.items() if key not in {"required", "oneOf"}
        }
    return rules


@pytest.mark.parametrize("kind", validation.kind_folders())
def test_every_field_has_a_description_and_an_example_that_it_accepts(kind: str) -> None:
    schema = validation.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path, field in fields(schema):
        assert field.get("description", "").endswith("."), path
        assert field.get("examples"), path
        if "$ref" not in json.dumps(field):
            jsonschema.validate(field["examples"][0], without_required(field))


@pytest.mark.parametrize("kind", validation.kind_folders())
def test_every_number_has_a_unit(kind: str) -> None:
    for path, field in fields(validation.schema(kind)):
        numbers = field.get("type") in {"number", "integer"} or all(
            isinstance(value, int) for value in field.get("enum", ["no"])
        )
        assert ("unit" in field) == numbers, path


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_shipped_spec_names_its_schema_in_its_first_line(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    named = (path.parent / first.removeprefix(prefix)).resolve()
    kind = parse(path.read_bytes(), path.name).data["kind"]
    assert json.loads(named.read_text("utf-8"))["title"] == kind


def pointers(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key, value in (
        data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    ):
        yield from pointers(value, (*at, key))


PLACES = [pointer for pointer in pointers(CUSTOMERSDOT) if pointer]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just({"surprise": 1}),
    st.just("2026-02-31"),
)


@given(st.sampled_from(PLACES), JUNK)
def test_both_validators_agree_on_any_one_change_to_a_spec(place: tuple[Any, ...], junk: Any) -> None:
    data = copy.deepcopy(CUSTOMERSDOT)
    parent = data
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = junk
    schema = validation.schema("Service")
    slow = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    fast = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert fast.is_valid(data) == slow.is_valid(data)


def differing(
    typed: Any, whole: dict[str, Any], rules: dict[str, Any], at: str = "spec", kind: str = ""
) -> Iterator[str]:
    """The fields that only the type of a part of a document has, or only its schema, all the way down. Of a
    store that is its `kind`, whose fields are those that the schema says the kind has."""
    rules = whole["$defs"][rules["$ref"].removeprefix("#/$defs/")] if "$ref" in rules else rules
    if "items" in rules:
        for part in get_args(typed):
            yield from differing(part, whole, rules["items"], f"{at}[]", kind)
    elif isinstance(typed, type) and issubclass(typed, msgspec.Struct):
        if issubclass(typed, Store):
            kind = str(typed.__struct_config__.tag)
        types = {field.encode_name: field.type for field in msgspec.structs.fields(typed)}
        described = {
            name: field
            for name, field in rules["properties"].items()
            if not isinstance(field, dict) or kind in field.get("kinds", [kind])
        }
        own = {"kind"} if kind and "kind" in described and "kind" not in types else set()  # its tag
        yield from (f"{at}.{name}" for name in sorted(types.keys() ^ described.keys() - own))
        for name in types.keys() & described.keys():
            yield from differing(types[name], whole, described[name], f"{at}.{name}", kind)
    else:
        for part in get_args(typed):
            yield from differing(part, whole, rules, at, kind)


TYPED = {name: kind.Spec for name, kind in kinds().items() if kind.Spec is not None}
OF_A_PLACE = {"Service": {"spec.environments", "spec.stores[].tier", "spec.stores[].family"}}
"""What a document says that is gone once it holds for one place; the machine that its size is there, and what
its kind has in common with others."""


@pytest.mark.parametrize("kind", TYPED)
def test_code_knows_the_fields_that_the_schema_describes_and_no_others(kind: str) -> None:
    whole = validation.schema(kind)
    found = set(differing(TYPED[kind], whole, whole["properties"]["spec"]))
    assert found == OF_A_PLACE.get(kind, set())


def test_the_kinds_of_stores_in_the_schema_are_those_that_have_a_module() -> None:
    described = validation.schema("Service")["$defs"]["store"]["properties"]
    assert described["kind"]["enum"] == [*store_kinds()]
    for path, field in fields(validation.schema("Service")):
        assert {*field.get("kinds", ())} <= store_kinds().keys(), path
