"""An environment is production by its name and its project too, not only by a word in its file."""

import pytest

from catalog.checks.purposes import says_production, understated_purpose


def environment(purpose: str, name: str = "eu", project: str = "acme-eu") -> dict[str, object]:
    return {"metadata": {"name": name}, "spec": {"purpose": purpose, "project": project}}


@pytest.mark.parametrize("name", ["production", "prod", "eu-prod", "prod-eu-2", "acme-prd1", "live", "prod2"])
def test_a_name_says_production_by_one_of_its_words(name: str) -> None:
    assert says_production(name)


@pytest.mark.parametrize(
    "name",
    [
        "staging",
        "preprod",
        "pre-prod",
        "non-production",
        "prod-mirror",
        "acme-prod-stg",
        "products",
        "delivery",
    ],
)
def test_a_name_that_only_looks_like_it_does_not(name: str) -> None:
    assert not says_production(name)


@pytest.mark.parametrize(("name", "project"), [("production", "acme-eu"), ("eu", "acme-subscriptions-prod")])
@pytest.mark.parametrize("purpose", ["staging", "development"])
def test_a_purpose_below_what_name_or_project_say_is_refused_where_it_stands(
    purpose: str, name: str, project: str
) -> None:
    [(at, rule, what, fix)] = understated_purpose(environment(purpose, name, project))
    assert (at, rule) == (("spec", "purpose"), "catalog/understated-purpose")
    assert f"Its purpose is {purpose}" in what
    assert "purpose: production" in fix
    assert list(understated_purpose(environment("production", name, project))) == []


def test_what_says_nothing_may_be_anything() -> None:
    for purpose in ("production", "staging", "development"):
        assert list(understated_purpose(environment(purpose))) == []
