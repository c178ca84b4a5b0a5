"""`pave policies`: a new rule works from the start; own rules are asked beside the shipped ones, and change
none of them."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result

from policies.building.extension import KEPT, ExtensionError, extended
from policies.building.opa import MissingOpaError
from policies.engines.answer import FUEL
from policies.private_folder import PrivateFolder
from policies.rule import BundleError, load_bundle, rego_sources
from tests.conftest import HOME
from tests.policies.scratch import ENDLESS, text_of, write
from tests.project import copied

POLICIES = HOME / "policies"
TODAY = ("--today", "2026-11-21")


def no_opa() -> Path:
    raise MissingOpaError("opa is needed: make tools")


@pytest.mark.opa
def test_a_new_rule_passes_all_that_a_shipped_one_has_to(tmp_path: Path, opa: Path) -> None:
    copy = copied(tmp_path / "project")
    shutil.copytree(HOME / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__", "golden"))
    shutil.copy(HOME / "pyproject.toml", copy)
    (copy / ".tools").mkdir()
    (copy / ".tools" / "opa").symlink_to(opa)

    def python(*words: str) -> str:
        environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    said = python("pave", "policies", "new", "operations/badges-are-worn")
    assert said.startswith("policies/rules/operations/badges_are_worn/ is a rule that works:")
    assert python("pave", "policies", "build") == "policies/bundle is current.\n"
    python("pave", "policies", "check")
    rego = ["policies/main.rego", "policies/lib", "policies/rules/operations/badges_are_worn"]
    schema = ["--schema", "policies/schema/input.schema.json"]
    for words in (
        ["fmt", "--fail", "--diff", *rego],
        ["test", "--ignore", "*.yaml", *rego],
        ["check", "--strict", "--ignore", "*.yaml", *rego],
        ["check", "--strict", *schema, "--ignore", "*.yaml", "--ignore", "*_test.rego", *rego],
    ):
        done = subprocess.run([opa, *words], cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    pack = ["tests/policies/test_rule_pack.py", "-k", "badges_are_worn", "-q", "-p", "no:cacheprovider"]
    assert "6 passed" in python("pytest", *pack)
    python("pave", "policies", "docs")
    assert (
        "[badges-are-worn](rules/operations/badges_are_worn/)" in (copy / "policies" / "RULES.md").read_text()
    )
    assert (copy / "policies/rules/operations/badges_are_worn").is_dir()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("badges", "is not PILLAR/NAME"),
        ("beauty/badges-are-worn", "The pillars are reliability, security"),
        ("security/Badges Are Worn", "Write `security/badges-are-worn`."),
        ("security/badges_are_worn", "Write `security/badges-are-worn`."),
        ("security/", "Write it like `backups-are-kept`."),
        ("security/../../etc", "Write `security/etc`."),
        ("security/-x", "Write `security/x`."),
        ("security/disks-pass-a-test", "ends like a test"),
        ("security/waf-is-on", "There is a rule security/waf-is-on already"),
    ],
)
def test_a_rule_with_a_bad_name_or_one_that_is_taken_is_not_made(
    run: Callable[..., Result], tmp_path: Path, rule: str, said: str
) -> None:
    done = run("policies", "new", rule, "--policies", tmp_path / "own")
    assert done.exit_code == 2
    assert said in done.output
    assert not (tmp_path / "own").exists()


def test_an_own_rule_is_not_overwritten(run: Callable[..., Result], own: Path) -> None:
    done = run("policies", "new", "security/badges-are-worn", "--policies", own)
    assert done.exit_code == 2
    assert f"There is a rule security/badges-are-worn already: {own}" in done.output


def test_a_fixture_is_checked_like_any_spec(run: Callable[..., Result]) -> None:
    folder = POLICIES / "rules/reliability/backups_are_kept"
    failing, passing = (
        run("check", folder / name, *TODAY, "--format", "json", "--catalog", HOME / "catalog")
        for name in ("failing.yaml", "passing.yaml")
    )
    assert failing.exit_code == 1
    assert "reliability/backups-are-kept" in rules_found(failing)
    assert "reliability/backups-are-kept" not in rules_found(passing)


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_own_rules_are_asked_beside_the_shipped_ones(run: Callable[..., Result], own: Path) -> None:
    built = run("policies", "build", "--policies", own)
    assert built.output == f"{own} is compiled: security/badges-are-worn.\n"
    words = (
        "check",
        "catalog/examples/customersdot-today.yaml",
        *TODAY,
        "--format",
        "json",
        "--catalog",
        HOME / "catalog",
    )
    with_own = rules_found(run(*words, "--policies", own))
    without = rules_found(run(*words))
    assert with_own - without == {"security/badges-are-worn"}
    assert without <= with_own
    explained = run("explain", "security/badges-are-worn", "--policies", own)
    assert "Services say what they are for" in explained.output
    assert "description: Sells subscriptions." in explained.output
    assert run("explain", "security/badges-are-worn").exit_code == 2
    fixed = run("fix", HOME / "catalog/services/lunch-menu.yaml", "--diff", "--policies", own, *TODAY)
    assert "security/badges-are-worn" in fixed.stderr


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_own_rules_are_asked_about_a_plan(run: Callable[..., Result], own: Path) -> None:
    words = (
        "plan",
        "lunch-menu",
        "--policies",
        own,
        "--format",
        "json",
        *TODAY,
        "--catalog",
        HOME / "catalog",
    )
    found = json.loads(run(*words).stdout)["decision"]["findings"]
    assert "security/badges-are-worn" in {finding["rule"] for finding in found}


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
@pytest.mark.parametrize("words", [("check",), ("plan", "lunch-menu"), ("fix", "--diff")])
def test_an_own_rule_that_loops_is_named_and_nothing_is_decided(
    run: Callable[..., Result], own: Path, words: tuple[str, ...]
) -> None:
    write(own, "cost/loops", text_of("cost/loops", ENDLESS))
    done = run(*words, *TODAY, "--catalog", HOME / "catalog", "--policies", own)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr == f"pave: rule cost/loops needs more than {FUEL:,} steps\n"


@pytest.mark.opa
def test_rules_that_were_compiled_before_need_no_opa(own: Path, opa: Path, tmp_path: Path) -> None:
    cache = tmp_path / "compiled"
    first = extended(POLICIES, own, cache, lambda: opa)
    assert extended(POLICIES, own, cache, no_opa) == first
    assert set(first.rules) - set(shipped_ids()) == {"security/badges-are-worn"}
    rego = own / "rules/security/badges_are_worn/badges_are_worn.rego"
    rego.write_text(rego.read_text().replace("level: 1", "level: 2"))
    with pytest.raises(ExtensionError, match="have to be compiled once, together with those of pave: opa"):
        extended(POLICIES, own, cache, no_opa)
    assert extended(POLICIES, own, cache, lambda: opa).rules["security/badges-are-worn"].level == 2


@pytest.mark.opa
def test_every_folder_that_is_made_for_compiled_rules_is_ours_alone(
    own: Path, opa: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    before = theirs.stat().st_mode
    extended(POLICIES, own, theirs / "missing" / "pave", lambda: opa)
    made = [path for path in theirs.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}
    assert {path.name for path in made} >= {"missing", "pave", "policies"}
    assert theirs.stat().st_mode == before


@pytest.mark.opa
def test_what_others_could_have_put_into_the_cache_is_not_used(own: Path, opa: Path, tmp_path: Path) -> None:
    cache = tmp_path / "compiled"
    expected = extended(POLICIES, own, cache, lambda: opa)
    (kept,) = (cache / "policies").iterdir()
    whole = shutil.copytree(kept.parent, tmp_path / "whole")
    for spoil in (open_the_folder, open_to_others, cut_short, put_another, put_a_link):
        spoil(kept)
        with pytest.raises(ExtensionError):
            extended(POLICIES, own, cache, no_opa)
        shutil.rmtree(kept.parent)
        shutil.copytree(whole, kept.parent)
        assert extended(POLICIES, own, cache, no_opa) == expected
    cut_short(kept)
    assert extended(POLICIES, own, cache, lambda: opa) == expected
    assert extended(POLICIES, own, cache, no_opa) == expected


def open_the_folder(kept: Path) -> None:
    kept.parent.chmod(0o777)


def open_to_others(kept: Path) -> None:
    kept.chmod(0o666)


def cut_short(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-1])


def put_another(kept: Path) -> None:
    """A whole one, kept under another name."""
    bundle = load_bundle(POLICIES / "bundle")
    PrivateFolder(kept.parent, KEPT).write("another", msgspec.msgpack.encode(bundle))
    (kept.parent / "another").replace(kept)


def put_a_link(kept: Path) -> None:
    moved = kept.rename(kept.with_name("moved"))
    kept.symlink_to(moved)


@pytest.mark.opa
def test_a_cache_that_can_not_be_written_is_no_reason_to_fail(own: Path, opa: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bundle = extended(POLICIES, own, tmp_path / "file", lambda: opa)
    assert "security/badges-are-worn" in bundle.rules


def test_without_opa_one_line_says_how_to_get_it(
    run: Callable[..., Result], own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policies.building.opa.find_opa", lambda _: no_opa())
    done = run("check", "--policies", own, "--catalog", HOME / "catalog")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "make tools" in done.stderr


def add_shadow(own: Path) -> None:
    shutil.copytree(POLICIES / "rules/security/waf_is_on", own / "rules/security/waf_is_on")


def add_to_shipped(own: Path) -> None:
    folder = own / "rules/security/waf_is_on"
    folder.mkdir(parents=True)
    (folder / "more.rego").write_text("package rules.security.waf_is_on\n")


def add_lib(own: Path) -> None:
    (own / "lib").mkdir()
    (own / "lib" / "result.rego").write_text("package lib.result\n")


def remove_rules(own: Path) -> None:
    shutil.rmtree(own / "rules")


def remove_folder(own: Path) -> None:
    shutil.rmtree(own)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add_shadow, "waf_is_on.rego: security/waf-is-on is a rule of pave already"),
        (add_to_shipped, "more.rego: security/waf-is-on is a rule of pave already"),
        (add_lib, "lib/result.rego: own rules are in rules/<pillar>/<rule_name>/"),
        (remove_rules, "There are no rules in "),
        (remove_folder, "There is no folder "),
    ],
)
def test_own_rules_get_in_nobodys_way(
    run: Callable[..., Result], own: Path, change: Callable[[Path], None], said: str
) -> None:
    change(own)
    done = run("check", "--policies", own, "--catalog", HOME / "catalog")
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.opa
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("package rules.security.badges_are_worn", "package lib.result", ":14: the package is its folder's"),
        ("package rules.security.badges_are_worn", "package rules.security.waf_is_on", ":14: the package is"),
        ("level: 1", "level: 9", ":7: METADATA: custom.level must be"),
        ("metadata.description ==", "metadata.description =!", ":24: illegal"),
    ],
)
def test_a_wrong_own_rule_is_named_where_it_lies(own: Path, opa: Path, old: str, new: str, said: str) -> None:
    rego = own / "rules/security/badges_are_worn/badges_are_worn.rego"
    rego.write_text(rego.read_text().replace(old, new))
    with pytest.raises(ExtensionError) as refused:
        extended(POLICIES, own, own / "cache", lambda: opa)
    assert any(line.startswith(f"{rego}{said}") for line in str(refused.value).splitlines()), str(
        refused.value
    )


def test_rules_without_the_sources_of_the_shipped_ones_are_refused(own: Path, tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match="holds no sources of rules"):
        extended(tmp_path / "image", own, tmp_path / "compiled", no_opa)


def test_the_page_of_the_rules_is_current(run: Callable[..., Result]) -> None:
    done = run("policies", "docs", "--check")
    assert done.exit_code == 0, done.output
    page = (POLICIES / "RULES.md").read_text("utf-8")
    assert all(f"](rules/{path})" in page for path in shipped_folders())


def test_a_page_is_not_made_from_an_old_bundle(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise BundleError("the rules were changed")

    monkeypatch.setattr("policies.in_force.load_bundle", refuse)
    done = run("policies", "docs")
    assert done.exit_code == 2
    assert done.stderr == "pave: the rules were changed; run `make bundle`.\n"


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_an_old_page_is_seen_and_written_anew(run: Callable[..., Result], own: Path) -> None:
    old = run("policies", "docs", "--check", "--policies", own)
    assert old.exit_code == 1
    assert "is not current: pave policies docs" in old.stderr
    assert run("policies", "docs", "--policies", own).exit_code == 0
    assert run("policies", "docs", "--check", "--policies", own).exit_code == 0
    page = (own / "RULES.md").read_text("utf-8")
    assert (
        "| [badges-are-worn](rules/security/badges_are_worn/) | Services say what they are for | 1 |" in page
    )
    assert "waf-is-on" not in page


def rules_found(done: Result) -> set[str]:
    report: dict[str, Any] = json.loads(done.stdout)
    return {finding["rule"] for decision in report["decisions"] for finding in decision["findings"]}


def shipped_folders() -> list[str]:
    return [
        "/".join(path.split("/")[1:3]) + "/" for path in rego_sources(POLICIES) if path.startswith("rules/")
    ]


def shipped_ids() -> list[str]:
    return [folder.rstrip("/").replace("_", "-") for folder in shipped_folders()]
