"""What a rule has found to be a secret is left out of what is shown: its lines, and the plan."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.redaction import HIDDEN, Nearness, redacted, without_quoted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@given(JSON, st.text("xyz", min_size=20))
def test_no_string_of_a_plan_holds_a_secret_afterwards(value: object, secret: str) -> None:
    plan = {"inputs": value, "environment": [{"value": secret}, {"value": f"--password={secret}"}]}
    found = redacted(plan, [secret])
    assert not any(secret in text for text in strings(found))
    assert found["environment"][1]["value"].startswith("--password=")


@given(JSON)
def test_without_secrets_nothing_changes(value: object) -> None:
    assert redacted(value, []) == value


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert redacted(["abcdef12", "abcdef1"], ["abcdef12", "abcdef1"]) == [HIDDEN, "abcdef1"]
    assert redacted(["x-abcdef123", "x-abcdef12"], ["abcdef123", "abcdef12"]) == [f"x-{HIDDEN}"] * 2


def test_a_secret_that_may_be_any_word_is_left_out_where_it_is_a_value_and_nowhere_else() -> None:
    plan = {
        "kind": "postgres",
        "title": "postgres of portal",
        "env": [{"name": "DB_PASSWORD", "value": "postgres"}, {"name": "ENGINE", "value": "postgresql"}],
        "args": ["--password", "postgres"],
    }
    assert redacted(plan, ["postgres"]) == plan | {
        "env": [{"name": "DB_PASSWORD", "value": HIDDEN}, {"name": "ENGINE", "value": "postgresql"}],
        "args": ["--password", HIDDEN],
    }


URL = "postgres://portal:hunter2@db.example.com/portal-of-customers-and-partners"


@pytest.mark.parametrize(
    ("way", "secret", "text", "left"),
    [
        ("itself", "postgres", '`value` is "postgres", a string.', '`value` is "[secret]", a string.'),
        ("itself", "837492", "`value` is 837492, a number.", "`value` is [secret], a number."),
        ("itself", URL, f'`value` is "{URL[:56]}…".', '`value` is "[secret]…".'),
        ("itself", 'a"b\\c', json.dumps('a"b\\c'), '"[secret]"'),
        ("itself", "postgres", "`postgresX` is wrong.", "`[secret]X` is wrong."),
        ("itself", URL, "The host of postgres://other is unknown.", None),
        (
            "around",
            "redis",
            '{"kind": "redis"} stands twice in redis.',
            '{"kind": "[secret]"} stands twice in redis.',
        ),
        ("elsewhere", "postgres", "Write one of postgres, redis.", "Write one of postgres, redis."),
        ("elsewhere", URL, "Write one of postgres, redis.", "Write one of postgres, redis."),
        ("elsewhere", URL, f"There is no `{URL}`.", "There is no `[secret]`."),
        ("elsewhere", URL, f'There is no "{URL[:50]}…".', 'There is no "[secret]…".'),
    ],
)
def test_a_message_is_kept_but_for_the_secret_that_it_quotes(
    way: Nearness, secret: str, text: str, left: str | None
) -> None:
    assert without_quoted(text, secret, way) == left
