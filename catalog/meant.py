"""What somebody probably meant who wrote a value of the wrong type: `250m` for cores, `8000` for a port, in
quotes, `3` for replicas. No value that may be a secret is repeated."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Rules = Mapping[str, Any]

_TIMES = {"ms": 0.001, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_SIZES = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}

FACTORS: Mapping[str, Mapping[str, float]] = {
    "cores": {"m": 0.001, "cpu": 1, "vcpu": 1, "core": 1, "cores": 1},
    "percent": {"%": 1},
    **{
        unit: {name: seconds / one for name, seconds in _TIMES.items()}
        for unit, one in (
            ("milliseconds", 0.001),
            ("seconds", 1),
            ("minutes", 60),
            ("hours", 3600),
            ("days", 86400),
        )
    },
    **{
        unit: {f"{name}{end}": size / one for name, size in _SIZES.items() for end in ("", "i", "b", "ib")}
        for unit, one in (("MiB", 2**20), ("GiB", 2**30), ("GB", 2**30))
    },
}
"""By a schema's `unit`, what other people's units are of it. Kubernetes writes 250m for a quarter of a core,
and 512Mi (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/); who writes 512M or
512MB means no less."""

_AMOUNT = re.compile(r"([0-9][0-9_]{0,17})(?:[.,]([0-9]{1,6}))? ?([A-Za-z%]*)(?:/(?:tcp|udp))?", re.ASCII)
_THOUSANDS = re.compile(r"[0-9]+,[0-9]{3}\b")
"""`1,500` is fifteen hundred to some, and one and a half to others."""

ENOUGH = 2
"""Items of a list that show what the others are like."""


def number_meant(text: Any, rules: Rules, *, is_whole: bool) -> int | float | None:
    """The number that a text was meant to be, in the unit of its field; None where that isn't sure, or the
    field doesn't take it."""
    found = _AMOUNT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or _THOUSANDS.match(text.strip()):
        return None
    whole, part, unit = found.groups()
    names = FACTORS.get(str(rules.get("unit", "")), {})
    factor = 1 if not unit else names.get(unit, names.get(unit.casefold()))
    if factor is None:
        return None
    number = round(float(f"{whole.replace('_', '')}.{part or 0}") * factor, 6)
    if not rules.get("minimum", number) <= number <= rules.get("maximum", number):
        return None
    if number == int(number):
        return int(number)
    return None if is_whole else number


def mapping_meant(value: Any, rules: Rules) -> dict[str, Any] | None:
    """The mapping that a plain value was meant to be: a number of copies, the path of a probe, or what it is
    asked by."""
    fields: Rules = rules.get("properties", {})
    if type(value) is int and value > 0 and {"min", "max"} <= fields.keys():
        return {"min": value, "max": 2 * value}
    if isinstance(value, str):
        for name, field in fields.items():
            if value in field.get("enum", ()) or (name == "path" and re.search(field["pattern"], value)):
                return {name: value}
    return None


def items_meant(value: Any, rules: Rules) -> str | None:
    """The list of named items that a mapping was meant to be: of them by their names, or one of them."""
    fields = _fields_of_items(rules)
    if not isinstance(value, dict) or not value or "name" not in fields:
        return None
    if value.keys() <= fields.keys():
        return f"[{_item(str(value['name']), fields, has_more=True)}]" if "name" in value else None
    if not all(re.search(fields["name"].get("pattern", ""), str(key)) for key in value):
        return None
    return f"[{', '.join(_items(value, fields))}]"


def variable_meant(value: Any, rules: Rules) -> str | None:
    """The item that `NAME=value` was meant to be."""
    fields: Rules = rules.get("properties", {})
    name, equals, _ = value.partition("=") if isinstance(value, str) else ("", "", "")
    if equals and {"name", "value"} <= fields.keys() and re.search(fields["name"].get("pattern", ""), name):
        return _item(name, fields)
    return None


def _fields_of_items(rules: Rules) -> Rules:
    items = rules.get("items", {})
    found: Rules = items.get("properties", {}) if isinstance(items, dict) else {}
    return found


def _items(value: Mapping[str, Any], fields: Rules) -> Iterator[str]:
    for index, (name, said) in enumerate(value.items()):
        if index == ENOUGH:
            yield "…"
            return
        yield _item(name, fields, has_more=bool(said))


def _item(name: str, fields: Rules, *, has_more: bool = False) -> str:
    if "value" in fields:
        return f"{{name: {name}, value: …}}"
    return f"{{name: {name}, …}}" if has_more else f"{{name: {name}}}"
