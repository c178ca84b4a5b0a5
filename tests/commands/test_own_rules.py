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


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_a_document_that_cannot_be_judged_is_not_said_to_pass_or_fail(
    run: Callable[..., Result], own: Path
) -> None:
    failing = own / "rules/security/badges_are_worn/failing.yaml"
    text = failing.read_text("utf-8")
    failing.write_text(text.replace("owner: fulfillment-platform", "owner: nobody-here"), "utf-8")
    done = run("policies", "check", "--policies", own, "--catalog", HOME / "catalog")
    assert done.exit_code == 1
    assert "failing.yaml:5:10: There is no team `nobody-here` in the catalog." in done.output
    assert "doesn't fail" not in done.output


def test_the_documents_of_a_new_rule_are_of_a_team_of_the_catalog_that_is_there(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "catalog", "catalog").exit_code == 0
    assert run("policies", "new", "security/badges-are-worn", "--policies", "own").exit_code == 0
    for name in ("failing", "passing"):
        text = (tmp_path / f"own/rules/security/badges_are_worn/{name}.yaml").read_text("utf-8")
        assert "  owner: platform\n" in text
