"""The words in which a schema's refusals are told. What people get wrong stands in `tests/mistakes`."""

import pytest

from catalog import validation
from catalog.pattern_rules import PATTERN_RULES
from catalog.schema_words import amount


def test_every_pattern_of_the_schemas_has_its_rule_in_words() -> None:
    asked: set[str] = set()

    def look(part: object) -> None:
        if isinstance(part, dict):
            asked.update(str(part[word]) for word in ("pattern", "format") if isinstance(part.get(word), str))
            for each in part.values():
                look(each)
        elif isinstance(part, list):
            for each in part:
                look(each)

    for kind in validation.kind_folders():
        look(validation.schema(kind))
    assert asked == set(PATTERN_RULES)


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (1, "replicas", "1 replica"),
        (1, "addresses", "1 address"),
        (2, "days", "2 days"),
        (7, "port", "7"),
        (25, "hour, UTC", "25"),
        (3, "", "3"),
        (1, "GB", "1 GB"),
    ],
)
def test_an_amount_agrees_with_its_unit(number: int, unit: str, said: str) -> None:
    assert amount(number, unit) == said
