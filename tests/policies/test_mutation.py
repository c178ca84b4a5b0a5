"""The rules' tests notice mistakes in the rules: a sample of all mutants, and a test that forgets things."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.policies.scratch import policies
from tools.mutants import mutants
from tools.mutate_rules import ENOUGH, POLICIES, Judged, Mutation, UnfitError, describe, main, sample, share

SAMPLE = 60
CHANCE = 0.1
"""By how much a sample may be worse than all mutants, of which `make mutate` asks: two and a half standard
deviations of a share of 0.9 in 60."""
SEED = 7
FORGETFUL = """\
package rules.reliability.backups_are_kept_test

import data.rules.reliability.backups_are_kept as rule

test_a_service_without_stores_passes if {
	rule.deny == set() with input as {"spec": {"service": {"spec": {"stores": []}}}}
}
"""
WEAKENED = "reliability/backups_are_kept"

pytestmark = [
    pytest.mark.opa,
    pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning"),
]


@pytest.fixture
def weakened(tmp_path: Path) -> Path:
    """The policies with one rule, whose test notices little."""
    root = policies(tmp_path / "policies", {})
    shutil.copytree(POLICIES / "rules" / WEAKENED, root / "rules" / WEAKENED)
    (root / "rules" / WEAKENED / "backups_are_kept_test.rego").write_text(FORGETFUL)
    return root


SOURCE = """\
package rules.cost.one

import rego.v2

deny contains "é" if {
	some i, x in input.xs
	not _is_cheap(x)
	x.price > 1; x in {"a", true}
}

_is_cheap(x) if x.a

_is_cheap(x) if {
	y := x.b == [3]
	y
}
"""

MADE = """\
5 another text: deny contains "*" if {
7 without a `not`: _is_cheap(x)
7 without a condition: true
8 without a condition: true; x in {"a", true}
8 another comparison: x.price <= 1; x in {"a", true}
8 another comparison: x.price >= 1; x in {"a", true}
8 another number: x.price > 0; x in {"a", true}
8 another number: x.price > 2; x in {"a", true}
8 with a `not`: x.price > 1; not x in {"a", true}
8 without a condition: x.price > 1; true
8 another text: x.price > 1; x in {"*", true}
8 without an element: x.price > 1; x in {true}
8 without an element: x.price > 1; x in {"a"}
8 the other truth: x.price > 1; x in {"a", false}
11 without a definition of _is_cheap:
11 false for true: _is_cheap(x) := false if x.a
11 with a `not`: _is_cheap(x) if not x.a
11 without a condition: _is_cheap(x) if true
13 without a definition of _is_cheap:
13 false for true: _is_cheap(x) := false if {
14 another comparison: y := x.b != [3]
14 without an element: y := x.b == []
14 another number: y := x.b == [2]
14 another number: y := x.b == [4]
15 with a `not`: not y
15 without a condition: true
"""


def judged(mutation: Mutation, number: int | None = None) -> list[Judged]:
    rules = mutation.rules()
    return list(mutation.judge(rules if number is None else sample(rules, number, SEED)))


def test_a_mutant_has_one_mistake(opa: Path, tmp_path: Path) -> None:
    rule = tmp_path / "one.rego"
    rule.write_text(SOURCE, "utf-8")
    command = [str(opa), "parse", "--format=json", "--json-include=locations", str(rule)]
    tree = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    made = []
    for mutant in mutants(SOURCE, tree):
        brought = [line[1:].strip() for line in mutant.diff(SOURCE) if line.startswith("+")]
        made.append(f"{mutant.line(SOURCE)} {mutant.what}: {' '.join(brought)}".rstrip())
    assert made == MADE.splitlines()


def test_nine_of_ten_mutants_of_the_rules_are_noticed(opa: Path, tmp_path: Path) -> None:
    found = judged(Mutation(POLICIES, opa, tmp_path), SAMPLE)
    assert SAMPLE * 0.8 < sum(each.total for each in found) <= SAMPLE
    assert share(found) >= ENOUGH - CHANCE, "\n".join(line for each in found for line in describe(each))


def test_a_rule_whose_test_forgets_things_has_survivors(opa: Path, weakened: Path, tmp_path: Path) -> None:
    [found] = judged(Mutation(weakened, opa, tmp_path))
    assert share([found]) < ENOUGH
    shown = "\n".join(describe(found))
    assert ': without a condition\n    -\tstore.family == "database"\n    +\ttrue' in shown
    assert ": another number\n    -\tstore.backup.retained < 7\n    +\tstore.backup.retained < 8" in shown


def test_fixtures_notice_what_the_test_forgets(opa: Path, weakened: Path, tmp_path: Path) -> None:
    [found] = judged(Mutation(weakened, opa, tmp_path))
    fates = {mutant.applied(found.folder.source): fate for mutant, fate in found.fates}
    deaf = found.folder.source.replace("store.backup.retained < 7", "store.backup.retained >= 7")
    assert fates[deaf] == "killed by its fixtures"


def test_a_rule_that_fails_its_own_test_is_not_judged(opa: Path, weakened: Path, tmp_path: Path) -> None:
    test = weakened / "rules" / WEAKENED / "backups_are_kept_test.rego"
    test.write_text(test.read_text().replace("rule.deny == set()", "rule.deny != set()"))
    with pytest.raises(UnfitError, match=r"backups_are_kept_test\.rego: fails as it is"):
        judged(Mutation(weakened, opa, tmp_path))


def test_a_rule_that_fails_its_fixtures_is_not_judged(opa: Path, weakened: Path, tmp_path: Path) -> None:
    folder = weakened / "rules" / WEAKENED
    shutil.copy(folder / "passing.yaml", folder / "failing.yaml")
    with pytest.raises(UnfitError, match="backups_are_kept: its fixtures fail as they are"):
        judged(Mutation(weakened, opa, tmp_path))


def test_the_same_seed_draws_the_same_sample_and_a_new_rule_takes_few_of_its_places(
    opa: Path, tmp_path: Path
) -> None:
    rules = Mutation(POLICIES, opa, tmp_path).rules()
    drawn = [(folder.id, mutant) for folder, some in sample(rules, SAMPLE, SEED) for mutant in some]
    assert len(drawn) == SAMPLE
    assert drawn == [(f.id, mutant) for f, some in sample(rules[::-1], SAMPLE, SEED)[::-1] for mutant in some]
    assert drawn != [(f.id, mutant) for f, some in sample(rules, SAMPLE, SEED + 1) for mutant in some]
    without = [(f.id, mutant) for f, some in sample(rules[1:], SAMPLE, SEED) for mutant in some]
    lost = [each for each in drawn if each[0] == rules[0][0].id]
    assert [each for each in drawn if each not in lost] == [each for each in without if each in drawn]


def test_the_command_judges_one_rule(opa: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opa.exists()
    assert main(["--rule", "reliability/backups-are-kept"]) == 0
    assert capsys.readouterr().out.startswith("[1/1] reliability/backups-are-kept  ")


def test_an_unknown_rule_is_refused(opa: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opa.exists()
    with pytest.raises(SystemExit, match="2"):
        main(["--rule", "reliability/nothing"])
    assert "there is no rule reliability/nothing" in capsys.readouterr().err
