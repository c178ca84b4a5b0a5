"""Adopting the gate: what a baseline has does not block, what is new does; who changes the gate is told."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pave.checking.baseline import EarlierFinding, is_worse
from pave.commands.check import command
from tests.repository import committed
from tests.shipped import NAMED_BY_SERVICES


@pytest.fixture
def root(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose catalog has an old fault, committed on `main`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repository = tmp_path / "repository"
    for folder in (*NAMED_BY_SERVICES, "services"):
        shutil.copytree(shipped / folder, repository / "catalog" / folder)
    edit(
        repository / "catalog" / "services" / "customersdot.yaml",
        "availability: regional",
        "availability: zonal",
    )
    return committed(repository) / "catalog"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def check(root: Path) -> Callable[..., dict[str, Any]]:
    def run(*arguments: str) -> dict[str, Any]:
        words = [
            "--catalog",
            str(root),
            "--format",
            "json",
            "--today",
            "2026-11-21",
            "--no-cache",
            *arguments,
        ]
        done = CliRunner().invoke(command, words)
        found: dict[str, Any] = json.loads(done.output)
        assert done.exit_code == (0 if found["allowed"] else 1)
        return found

    return run


def blocking(report: dict[str, Any]) -> list[str]:
    return [f["rule"] for d in report["decisions"] for f in d["findings"] if f["blocking"]]


@pytest.mark.slow
@pytest.mark.parametrize("source", ["main", "file"])
def test_an_old_catalog_is_allowed_and_a_new_fault_is_not(
    check: Callable[..., dict[str, Any]], root: Path, tmp_path: Path, source: str
) -> None:
    before = check()
    assert not before["allowed"]
    baseline = "main"
    if source == "file":
        (tmp_path / "old.json").write_text(json.dumps(before), "utf-8")
        baseline = str(tmp_path / "old.json")
    adopted = check("--baseline", baseline)
    assert adopted["allowed"]
    assert adopted["baseline"]["new"] == 0
    spec = root / "services" / "customersdot.yaml"
    edit(spec, "    - name: db\n", "    # A comment moves every line below it.\n    - name: db\n")
    assert check("--baseline", baseline)["allowed"]
    edit(spec, "retained: 30", "retained: 3")
    worse = check("--baseline", baseline)
    rules = ["reliability/backups-are-kept", "reliability/backups-reach-back-as-far-as-the-log"]
    assert sorted(blocking(worse)) == [rules[0], rules[0], rules[1], rules[1]]  # in production and in staging
    assert worse["baseline"]["new"] == 4


def test_what_was_mended_is_counted(check: Callable[..., dict[str, Any]], root: Path) -> None:
    edit(root / "services" / "customersdot.yaml", "availability: zonal", "availability: regional")
    mended = check("--baseline", "main")
    assert (mended["baseline"]["fixed"] > 0, mended["baseline"]["new"]) == (True, 0)


def test_a_file_that_can_not_be_used_is_never_excused(root: Path) -> None:
    (root / "services" / "broken.yaml").write_text("a: [", "utf-8")
    words = ["--catalog", str(root), "--baseline", "main", "--today", "2026-11-21"]
    assert CliRunner().invoke(command, words).exit_code == 2


@pytest.mark.parametrize(
    ("source", "message"),
    [("no-such-branch", "git can't read that revision"), ("{root}/teams/platform.yaml", "is no report of")],
)
def test_a_baseline_that_is_none_is_refused(root: Path, source: str, message: str) -> None:
    words = ["--catalog", str(root), "--baseline", source.format(root=root), "--today", "2026-11-21"]
    done = CliRunner().invoke(command, words)
    assert (done.exit_code, message in done.output) == (2, True)


def test_a_change_to_the_gate_itself_is_said(check: Callable[..., dict[str, Any]], root: Path) -> None:
    assert check("--target", "main")["gateChanges"] == []
    rule = root.parent / "policies" / "rules" / "reliability" / "mine" / "mine.rego"
    rule.parent.mkdir(parents=True)
    rule.write_text("package mine\n", "utf-8")
    assert check("--target", "main")["gateChanges"] == [
        {"part": "rules", "path": "policies/rules/reliability/mine/mine.rego"}
    ]


def test_a_manual_beside_the_gate_is_no_change_to_it(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    for name in ("README.md", "gate.py"):
        (root.parent / "stacks").mkdir(exist_ok=True)
        (root.parent / "stacks" / name).write_text("", "utf-8")
    assert check("--target", "main")["gateChanges"] == [
        {"part": "the gate in the program", "path": "stacks/gate.py"}
    ]


ARCHIVE = "services/invoice-archive.yaml"


def with_backups(root: Path, before: str, after: str) -> None:
    edit(root / ARCHIVE, before, after)


def test_what_got_worse_is_new_and_what_got_better_is_known(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    store = "name: index, kind: postgres"
    with_backups(root, store, f"{store}, backup: {{retained: 5}}")
    committed(root.parent)
    asked = ("--baseline", "HEAD", str(root / ARCHIVE))
    assert blocking(check(*asked)) == []
    with_backups(root, "retained: 5", "retained: 6")
    assert blocking(check(*asked)) == []
    with_backups(root, "retained: 6", "retained: 1")
    assert "reliability/backups-are-kept" in blocking(check(*asked))
    assert check(*asked)["baseline"]["new"] > 0


def test_of_what_nobody_asked_about_nothing_counts_as_mended(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    assert check("--baseline", "main", str(root / ARCHIVE))["baseline"]["fixed"] == 0


@pytest.mark.parametrize(
    ("before", "after", "expected", "worse"),
    [
        ("keeps 6 of 7", "keeps 6 of 7", 7, False),
        ("keeps 6 of 7", "keeps 1 of 7", 7, True),
        ("keeps 1 of 7", "keeps 6 of 7", 7, False),
        ("lasts 30 s", "lasts 60 s", 10, True),
        ("lasts 60 s", "lasts 30 s", 10, False),
        ("accepts TLS 1.1", "accepts TLS 1.0", "1.2", True),
        ("is off", "is almost off", True, True),
        ("amounts to 99.1 %", "amounts to 99.2 %", None, False),
    ],
)
def test_worse_is_what_is_no_nearer_to_what_would_be_right(
    before: str, after: str, expected: Any, worse: bool
) -> None:
    assert is_worse(EarlierFinding("x", before), EarlierFinding("x", after, expected)) == worse


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ({}, {}, False),
        ({"blocks": False}, {}, True),  # a waiver has ended, or nobody could decide
        ({"blocks": False}, {"blocks": False}, False),
        ({}, {"blocks": False}, False),
        ({"target_level": 2}, {"target_level": 3}, True),
        ({"target_level": 3}, {"target_level": 2}, False),
        ({"target_level": 3}, {"target_level": 2, "because": "people pay there"}, False),
        ({"because": "people pay there"}, {"because": "people pay there and everybody may call it"}, True),
        ({"because": "people pay there and everybody may call it"}, {"because": "people pay there"}, False),
        ({"message": "No alert for a, b."}, {"message": "No alert for a, b, c."}, True),
        ({"message": "No alert for a, b."}, {"message": "No alert for b."}, False),
        ({"message": "No alert for a."}, {"message": "No alert for b."}, True),
        ({"message": "3 of 5 copies fit."}, {"message": "1 of 5 copies fit."}, False),  # it is shown
    ],
)
def test_worse_is_also_what_counts_for_more(
    before: dict[str, Any], after: dict[str, Any], worse: bool
) -> None:
    usual = EarlierFinding("x", "It is off.")
    assert is_worse(usual._replace(**before), usual._replace(**after)) == worse


WAIVER = """apiVersion: pave/v1
kind: Waiver
metadata: {name: zonal}
spec:
  rule: reliability/database-is-regional
  service: customersdot
  environment: production
  path: spec.stores[db].availability
  reason: It moves to another cluster in spring.
  owner: fulfillment-platform
  ticket: https://example.com/1
  requestedBy: ann
  approvedBy: bob
  granted: 2026-11-20
  expires: 2026-12-31
"""


def test_a_baseline_does_not_go_on_with_what_was_only_waived(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    waiver = root / "waivers" / "zonal.yaml"
    waiver.parent.mkdir(exist_ok=True)
    waiver.write_text(WAIVER, "utf-8")
    committed(root.parent)
    asked = ("--baseline", "HEAD", "--env", "production")
    assert blocking(check(*asked)) == []
    waiver.unlink()
    assert "reliability/database-is-regional" in blocking(check(*asked))


def test_what_an_experiment_was_excused_for_is_new_where_more_is_at_stake(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    spec = root / ARCHIVE
    store = "name: index, kind: postgres"
    with_backups(root, store, f"{store}, backup: {{retained: 1}}")
    edit(spec, "tier: ", "tier: internal  # ")
    committed(root.parent)
    asked = ("--baseline", "HEAD", str(spec))
    assert blocking(check(*asked)) == []
    edit(spec, "tier: internal  # ", "tier: critical  # ")
    assert "reliability/backups-are-kept" in blocking(check(*asked))


def test_other_figures_of_what_is_known_are_shown_beside_those_of_the_baseline(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    spec = root / "services" / "customersdot.yaml"
    edit(spec, "    - name: db\n", "    - name: db\n      readReplicas: 1\n")
    report = check("--baseline", "main", str(spec))
    known = [one for each in report["decisions"] for one in each["findings"] if one.get("was")]
    assert report["baseline"]["reworded"] == len(known) > 0


def test_a_waiver_that_has_ended_is_not_gone_on_with_by_a_baseline_that_has_it_too(
    check: Callable[..., dict[str, Any]], root: Path
) -> None:
    waiver = root / "waivers" / "zonal.yaml"
    waiver.parent.mkdir(exist_ok=True)
    waiver.write_text(WAIVER.replace("2026-11-20", "2026-11-01").replace("2026-12-31", "2026-11-15"), "utf-8")
    committed(root.parent)
    asked = ("--baseline", "HEAD", "--env", "production")
    assert "reliability/database-is-regional" in blocking(check(*asked))
    waiver.unlink()
    assert "reliability/database-is-regional" in blocking(check(*asked))
