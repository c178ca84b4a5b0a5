"""What the jobs of a merge request say can be run: on this project, and on a repository of specs.

The lines of a delivery are run by tests/engine/test_spec_repository.py.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house import gitlab
from tests.house.gitlab import BIN, COMPONENT, jobs, make_without_set_up, run
from tests.policies.scratch import firing_if, text_of, write
from tests.repository import commit, git, own, specs_only

pytestmark = pytest.mark.slow

HOME = Path(__file__).resolve().parents[2]
RULE = "cost/lunches-are-dear"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def pipeline() -> Json:
    return gitlab.pipeline(HOME / ".gitlab-ci.yml")


@pytest.fixture(scope="module")
def component() -> Json:
    return gitlab.component(COMPONENT, {"image": "registry.example.com/acme/pave"})


def merge_request(checkout: Path, path: str) -> dict[str, str]:
    """The variables of a merge request's pipeline (https://docs.gitlab.com/ci/variables/predefined_variables/)."""
    return {
        "PATH": path,
        "NO_COLOR": "1",
        "CI": "true",
        "CI_PROJECT_DIR": str(checkout),
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_IID": "3",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(checkout, "merge-base", "origin/main", "HEAD"),
    }


def run_review(made: Json, checkout: Path, variables: Mapping[str, str]) -> tuple[Json, str]:
    """Runs all jobs of a merge request but its tests; gives the child pipeline and the note."""
    checked = run(jobs(made)["check"], checkout, variables)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for path in made["check"]["artifacts"]["reports"].values():
        assert (checkout / path).is_file()
    done = run(jobs(made)["affected"], checkout, variables)
    assert done.returncode == 0, done.stdout + done.stderr
    child = yaml.safe_load((checkout / "pave-child.yml").read_text())
    for name, job in jobs(child).items():
        done = run(job, checkout, variables)
        assert done.returncode == 0, name + done.stdout + done.stderr
        for path in job.get("artifacts", {}).get("reports", {}).values():
            assert (checkout / path).is_file()
    return child, done.stdout


def edit(checkout: Path, path: str, old: str, new: str) -> None:
    file = checkout / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    commit(checkout)


def test_every_line_of_a_merge_request_runs_on_this_project(pipeline: Json, tmp_path: Path) -> None:
    checkout = own(tmp_path)
    edit(
        checkout,
        "catalog/services/lunch-menu.yaml",
        "need: soft, timeoutSeconds: 5",
        "need: soft, timeoutSeconds: 4",
    )
    path = f"{make_without_set_up(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}"
    child, note = run_review(pipeline, checkout, merge_request(checkout, path))
    assert set(jobs(child)) == {"plan service.lunch-menu.production", "note"}
    assert "1 stack is affected" in note
    assert "**✓ Allowed**: lunch-menu · production" in note


def test_a_merge_request_that_opens_the_gate_is_still_judged_by_it(pipeline: Json, tmp_path: Path) -> None:
    checkout = own(tmp_path)
    opened = "import sys\n\nimport click\n\n\n@click.command()\ndef command() -> None:\n    sys.exit(0)\n"
    (checkout / "pave/commands/check.py").write_text(opened)
    (checkout / "pave/commands/pipeline.py").write_text(opened)
    edit(checkout, "catalog/services/lunch-menu.yaml", "tier: internal", "tier: standard")
    path = f"{make_without_set_up(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}"
    variables = merge_request(checkout, path)
    checked = run(jobs(pipeline)["check"], checkout, variables)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "pave/commands/check.py" not in checked.stdout
    done = run(jobs(pipeline)["affected"], checkout, variables)
    assert done.returncode == 0
    assert "Every stack is affected" in done.stdout


def test_a_merge_request_that_brings_packages_for_the_gate_is_refused(pipeline: Json, tmp_path: Path) -> None:
    checkout = own(tmp_path)
    (checkout / ".cache" / "uv").mkdir(parents=True)
    (checkout / ".cache" / "uv" / "wheel").write_text("poison")
    git(checkout, "add", "--force", ".cache")
    commit(checkout)
    path = f"{make_without_set_up(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}"
    for name in ("check", "affected"):
        done = run(jobs(pipeline)[name], checkout, merge_request(checkout, path))
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "Nothing may be committed in .cache.\n")


@pytest.mark.opa
def test_the_other_jobs_call_what_there_is(pipeline: Json, tmp_path: Path, opa: Path) -> None:
    checkout = own(tmp_path)
    path = f"{make_without_set_up(tmp_path / 'bin')}{os.pathsep}{opa.parent}{os.pathsep}{os.environ['PATH']}"
    for name in ("lint", "test", "test-engine"):
        done = run(jobs(pipeline)[name], checkout, {"PATH": path})
        assert done.returncode == 0, name + done.stdout + done.stderr


def test_every_line_of_a_merge_request_runs_on_a_repository_of_specs(component: Json, tmp_path: Path) -> None:
    checkout = specs_only(tmp_path)
    edit(checkout, "catalog/services/lunch-menu.yaml", "timeoutSeconds: 5", "timeoutSeconds: 4")
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    child, note = run_review(component, checkout, merge_request(checkout, path))
    assert set(jobs(child)) == {"plan service.lunch-menu.production", "note"}
    assert "1 stack is affected" in note


def test_a_merge_request_that_is_blocked_still_gets_its_plans_and_its_note(
    component: Json, tmp_path: Path
) -> None:
    checkout = specs_only(tmp_path)
    edit(checkout, "catalog/services/lunch-menu.yaml", "tier: internal", "tier: standard")
    variables = merge_request(checkout, f"{BIN}{os.pathsep}{os.environ['PATH']}")
    assert run(jobs(component)["check"], checkout, variables).returncode == 1
    assert run(jobs(component)["affected"], checkout, variables).returncode == 0
    child = yaml.safe_load((checkout / "pave-child.yml").read_text())
    codes = {name: run(job, checkout, variables) for name, job in jobs(child).items()}
    assert {name: done.returncode for name, done in codes.items()} == {
        "plan foundation.production": 0,
        "plan service.lunch-menu.production": 1,
        "note": 0,
    }
    assert codes["note"].stdout.count("✗ Blocked") == 2


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_own_rules_are_those_of_the_target_branch(tmp_path: Path) -> None:
    """Whatever a merge request does to its own: edit one, put others in its place, or link to some."""
    checkout, origin = specs_only(tmp_path), tmp_path / "origin"
    write(origin / "our rules", RULE, text_of(RULE, firing_if("input.spec.service.spec")))
    write(origin / "lax", RULE, text_of(RULE, firing_if("input.spec.today < 0")))
    git(origin, "add", "--all")
    commit(origin)
    git(checkout, "pull", "--quiet", "origin", "main")
    shutil.rmtree(checkout / "our rules")
    (checkout / "our rules").symlink_to("lax")
    shutil.copytree(checkout / "lax", checkout / f"{git(origin, 'rev-parse', 'HEAD')}:our rules")
    git(checkout, "add", "--all")
    edit(checkout, "catalog/services/lunch-menu.yaml", "timeoutSeconds: 5", "timeoutSeconds: 4")
    made = gitlab.component(COMPONENT, {"image": "registry.example.com/acme/pave", "policies": "our rules"})
    variables = merge_request(checkout, f"{BIN}{os.pathsep}{os.environ['PATH']}")
    checked = run(jobs(made)["check"], checkout, variables)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"· {RULE} (level 2)" in checked.stdout
    assert run(jobs(made)["affected"], checkout, variables).returncode == 0
    child = yaml.safe_load((checkout / "pave-child.yml").read_text())
    for name in ("plan service.lunch-menu.production", "note"):
        assert RULE in run(jobs(child)[name], checkout, variables).stdout


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_own_rules_that_the_target_branch_lacks_are_missed(tmp_path: Path) -> None:
    checkout = specs_only(tmp_path)
    write(checkout / "ours", RULE, text_of(RULE, firing_if("input.spec.service.spec")))
    git(checkout, "add", "--all")
    commit(checkout)
    made = gitlab.component(COMPONENT, {"image": "registry.example.com/acme/pave", "policies": "ours"})
    variables = merge_request(checkout, f"{BIN}{os.pathsep}{os.environ['PATH']}")
    checked = run(jobs(made)["check"], checkout, variables)
    head = git(checkout, "rev-parse", "origin/main")
    said = f"pave: There is no folder ours at {head} yet. Commit it there first.\n"
    assert (checked.returncode, checked.stderr) == (2, said)


def test_what_a_pipeline_leaves_in_its_tree_affects_nothing(component: Json, tmp_path: Path) -> None:
    checkout = specs_only(tmp_path)
    variables = merge_request(checkout, f"{BIN}{os.pathsep}{os.environ['PATH']}")
    for path in (".cache/pip/wheel", "reports/plan/one.json"):
        (checkout / path).parent.mkdir(parents=True)
        (checkout / path).write_text("left over")
    done = run(jobs(component)["affected"], checkout, variables)
    assert done.stdout.startswith("No stack is affected")
    assert jobs(yaml.safe_load((checkout / "pave-child.yml").read_text())).keys() == {"note"}
