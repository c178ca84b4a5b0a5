"""Own rules are held as the shipped ones are: their fields exist, and documents prove them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.conftest import HOME


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_a_misspelt_field_of_an_own_rule_is_named_with_those_that_there_are(
    run: Callable[..., Result], own: Path
) -> None:
    rule = own / "rules/security/badges_are_worn/badges_are_worn.rego"
    text = rule.read_text("utf-8")
    assert "metadata.description" in text
    rule.write_text(text.replace("metadata.description ==", "metadata.descriptoin =="), "utf-8")
    done = run("policies", "build", "--policies", own)
    assert done.exit_code != 0
    assert "there is no `metadata.descriptoin`. Did you mean `description`?" in done.output
    assert str(rule) in done.output


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_own_rules_are_proven_by_the_documents_beside_them(run: Callable[..., Result], own: Path) -> None:
    words = ("policies", "check", "--policies", own, "--catalog", HOME / "catalog")
    proven = run(*words)
    assert (proven.exit_code, proven.output) == (0, f"{own} is proven: security/badges-are-worn.\n")
    folder = own / "rules/security/badges_are_worn"
    passing = (folder / "passing.yaml").read_text("utf-8")
    (folder / "passing.yaml").unlink()
    (folder / "failing.yaml").write_text(passing, "utf-8")
    done = run(*words)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        f"{folder / 'failing.yaml'} doesn't fail: security/badges-are-worn finds nothing in it.",
        f"{folder / 'passing.yaml'} is missing: nothing shows what security/badges-are-worn lets pass.",
    ]
