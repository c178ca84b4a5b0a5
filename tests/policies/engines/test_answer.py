"""A finding that its rule may not make is an error, whichever engine brings it."""

from typing import Any

import pytest

from policies.engines.answer import EngineError, RawFinding, checked
from policies.rule import Rule


def _rule(*stages: Any) -> dict[str, Rule]:
    return {"cost/a": Rule("cost/a", "cost", "", "", 1, "error", stages, "", "", ())}


@pytest.mark.parametrize(
    ("finding", "stages", "what"),
    [
        (RawFinding("cost/b", ("service",), {}, "failed"), ["spec"], "cost/b, which the bundle doesn't hold"),
        (
            RawFinding("cost/a", ("plan", "urn"), {}, "failed"),
            ["spec"],
            "a rule on the spec; it judged 'plan/urn'",
        ),
        (
            RawFinding("cost/a", ("service",), {}, "failed"),
            ["plan"],
            "a rule on the plan; it judged 'service'",
        ),
        (
            RawFinding("cost/a", (), {}, "failed"),
            ["spec", "plan"],
            "a rule on the spec and plan; it judged ''",
        ),
        (RawFinding("cost/a", ("service",), {"x": None}, "failed"), ["spec"], "gives x as a NoneType"),
        (RawFinding("cost/a", ("service",), {"x": [1]}, "failed"), ["spec"], "gives x as a list"),
    ],
)
def test_a_finding_that_its_rule_may_not_make_is_an_error(
    finding: RawFinding, stages: list[str], what: str
) -> None:
    with pytest.raises(EngineError, match=what):
        checked([finding], _rule(*stages))


def test_what_would_pass_may_be_any_value() -> None:
    finding = RawFinding("cost/a", ("environment",), {"expected": ["a", None], "n": 1.5, "b": True}, "failed")
    assert checked([finding], _rule("spec")) == [finding]
