import pytest

from components.design.edge.language import NotAnExpression, subexpressions


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("request.path == '/a'", ["request.path == '/a'"]),
        ("!(a.b('x') || c) && d <= -3", ["a.b('x')", "c", "d <= -3"]),
        (
            "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1}) && !(has(request.headers['x']))",
            ["evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})", "has(request.headers['x'])"],
        ),
        ("origin.region_code in ['AU', 'NZ']", ["origin.region_code in ['AU', 'NZ']"]),
        ("['a', 'b'].exists(it, it == x || it == y)", ["['a', 'b'].exists(it, it == x || it == y)"]),
        (r"request.path.matches('it\'s || (not) two')", [r"request.path.matches('it\'s || (not) two')"]),
    ],
)
def test_what_signs_and_parentheses_join_counts_each(expression: str, parts: list[str]) -> None:
    assert subexpressions(expression) == parts


@pytest.mark.parametrize(
    ("expression", "at"),
    [("", 1), ("a &&", 5), ("a b", 3), ("(a || b", 8), ("a ~ b", 2), ("a.", 3), ("f(a,)", 5), ("'a", 1)],
)
def test_what_is_no_expression_is_refused_where_it_ends_to_be_one(expression: str, at: int) -> None:
    with pytest.raises(NotAnExpression, match=f"character {at} "):
        subexpressions(expression)
