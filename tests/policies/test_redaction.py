"""What a rule has found to be a secret is left out of what is shown: its lines, and the plan."""

from hypothesis import given
from hypothesis import strategies as st

from policies.redaction import HIDDEN, redacted

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


@given(JSON, st.text("xyz", min_size=6))
def test_no_string_of_a_plan_holds_a_secret_afterwards(value: object, secret: str) -> None:
    plan = {"inputs": value, "environment": [{"value": secret}, {"value": f"--password={secret}"}]}
    found = redacted(plan, [secret])
    assert not any(secret in text for text in strings(found))
    assert found["environment"][1]["value"].startswith("--password=")


@given(JSON)
def test_without_secrets_nothing_changes(value: object) -> None:
    assert redacted(value, []) == value


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert redacted(["abcdef", "abc"], ["abcdef", "abc"]) == [HIDDEN, HIDDEN]
