"""The pipeline of a merge request: valid, blocking, and without credentials."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from catalog.text import parse
from pave.formats import outputs

HOME = Path(__file__).resolve().parents[2]
PIPELINE = HOME / ".gitlab-ci.yml"
KEYWORDS = {"workflow", "stages", "variables", "default", "include"}


@pytest.fixture(scope="module")
def pipeline() -> dict[str, Any]:
    found: dict[str, Any] = parse(PIPELINE.read_bytes(), PIPELINE.name).data
    return found


@pytest.fixture(scope="module")
def jobs(pipeline: dict[str, Any]) -> dict[str, Any]:
    return {name: job for name, job in pipeline.items() if name not in KEYWORDS}


def test_gitlab_accepts_the_pipeline() -> None:
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    command = [str(Path(sys.executable).with_name("check-jsonschema")), *schema, str(PIPELINE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_job_can_stop_the_merge(jobs: dict[str, Any]) -> None:
    assert {"check", "plan", "lint", "test"} <= set(jobs)
    assert [
        name for name, job in jobs.items() if job.get("allow_failure") or job.get("when") == "manual"
    ] == []


def test_the_verdict_is_kept_whether_or_not_it_blocks(jobs: dict[str, Any]) -> None:
    for name in ("check", "plan"):
        assert jobs[name]["artifacts"]["when"] == "always"
        assert jobs[name]["artifacts"]["paths"] == ["reports/"]


def test_gitlab_is_given_every_report_that_it_reads(jobs: dict[str, Any]) -> None:
    reports = jobs["check"]["artifacts"]["reports"]
    assert reports.keys() == {"codequality", "junit", "sarif"}
    (judging,) = (line for line in jobs["check"]["script"] if "pave check" in line)
    written = {output.path.as_posix(): output.format for output in outputs(judging.split(" --output ")[1:])}
    assert {kind: written[path] for kind, path in reports.items()} == {kind: kind for kind in reports}
    (planning,) = (line for line in jobs["plan"]["script"] if "pave plan" in line)
    named = [Path(path) for path in re.findall(r'--output "(\S+)"', planning)]
    for pattern in jobs["plan"]["artifacts"]["reports"].values():
        assert [path for path in named if path.match(pattern)]


def test_the_gate_is_the_target_branchs_own(jobs: dict[str, Any]) -> None:
    judging = [line for line in jobs["check"]["script"] if "pave check" in line]
    assert judging
    assert all(line.startswith("$gate/.venv/bin/pave check") for line in judging)
    assert 'git worktree add --quiet --detach "$gate" "$TARGET"' in jobs["check"]["script"]


def test_no_job_holds_credentials(pipeline: dict[str, Any], jobs: dict[str, Any]) -> None:
    assert [rule["if"] for rule in pipeline["workflow"]["rules"]] == [
        '$CI_PIPELINE_SOURCE == "merge_request_event"',
        "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
    ]
    for name, job in jobs.items():
        assert not {"secrets", "id_tokens", "environment", "identity"} & set(job), name
    text = PIPELINE.read_text().lower()
    assert [word for word in ("token", "password", "secret", "credentials_file") if f"{word}:" in text] == []


def test_every_make_target_that_a_pipeline_calls_exists() -> None:
    called = {
        word
        for path in (PIPELINE, HOME / ".ci" / "run")
        for line in path.read_text().splitlines()
        for word in target(line)
    }
    makefile = (HOME / "Makefile").read_text()
    assert called >= {"set-up", "lint", "test", "demo", "tools"}
    assert {name for name in called if f"\n{name}:" not in makefile} == set()


def target(line: str) -> list[str]:
    """The targets of a line that calls make."""
    words = line.replace("|", " | ").split()
    if "make" not in words or line.lstrip().startswith("#"):
        return []
    rest = words[words.index("make") + 1 :]
    if rest[:1] == ["-C"]:
        rest = rest[2:]
    return rest[:1]
