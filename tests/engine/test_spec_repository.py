"""A repository that holds only specs, elsewhere than pave: every command, and every line of its pipeline."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pave.drafting.service import NO_DIGEST
from pave.planning.changed import NEVER
from tests.engine.engine import require_cli
from tests.house import gitlab
from tests.house.gitlab import BIN, COMPONENT, jobs, run
from tests.repository import commit, git, specs_only

pytestmark = pytest.mark.engine
Json = dict[str, Any]
FOUNDATION, SERVICE = "foundation.production", "service.lunch-menu.production"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """An empty repository, and in the end the local cloud in it stopped."""
    require_cli()
    git(tmp_path, "init", "--quiet")
    yield tmp_path
    pave(tmp_path, "cloud", "stop")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A repository of specs, and in the end the local cloud in it stopped."""
    require_cli()
    folder = specs_only(tmp_path)
    yield folder
    pave(folder, "cloud", "stop")


def pave(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "NO_COLOR": "1"}
    command = ["pave", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def test_check_plan_and_up_need_nothing_but_a_catalog(empty: Path) -> None:
    assert pave(empty, "new", "catalog", "specs").returncode == 0
    spec = empty / "specs/services/hello.yaml"
    assert pave(empty, "plan", "hello", "--catalog", "specs").returncode == 1, "its image isn't built"
    spec.write_text(spec.read_text().replace(NO_DIGEST, f"sha256:{'5f' * 32}"))
    for words in (
        ("check", "--catalog", "specs"),
        ("plan", "hello", "--catalog", "specs"),
        ("up", FOUNDATION, "--catalog", "specs", "--cloud", "local", "--yes"),
        ("up", "hello", "--catalog", "specs", "--cloud", "local", "--yes"),
    ):
        done = pave(empty, *words)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    made = pave(empty, "cloud", "ls").stdout
    assert "gcp:container/cluster:Cluster" in made
    assert "kubernetes:apps/v1:Deployment" in made
    assert sorted(path.name for path in empty.iterdir() if path.name[0] != ".") == ["specs"]


def protected_branch(checkout: Path, before: str) -> dict[str, str]:
    """The variables of a pipeline on the protected branch, with a local cloud instead of Google's."""
    account = {"PAVE_GCP_READER": "reader@acme.example", "PAVE_GCP_WRITER": "writer@acme.example"}
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "CI": "true",
        "CI_PROJECT_DIR": str(checkout),
        "CI_COMMIT_BRANCH": "main",
        "CI_COMMIT_BEFORE_SHA": before,
        "PAVE_CLOUD": "local",
        "PAVE_ID_TOKEN": "a token",
        "PAVE_GCP_PROVIDER": "projects/1/locations/global/workloadIdentityPools/gitlab/providers/acme",
        **account,
    }


def delivered(checkout: Path, variables: Mapping[str, str]) -> list[str]:
    """Runs the delivery, each job once what it needs is done; gives the jobs in that order. None fails, so
    what mends a failure doesn't run."""
    component = gitlab.component(COMPONENT, {"image": "pave"})
    done = run(jobs(component)["deliverable"], checkout, variables)
    assert done.returncode == 0, done.stdout + done.stderr
    children = jobs(yaml.safe_load((checkout / "pave-child.yml").read_text()))
    waiting = {name: job for name, job in children.items() if job.get("when") != "on_failure"}
    order: list[str] = []
    while waiting:
        name = next(name for name, job in waiting.items() if set(job.get("needs", ())) <= set(order))
        job = waiting.pop(name)
        done = run(job, checkout, variables)
        assert done.returncode == 0, f"{name}\n{done.stdout}{done.stderr}"
        for path in job.get("artifacts", {}).get("paths", ()):
            assert (checkout / path).is_file()
        order.append(name)
    return order


def test_every_line_of_a_delivery_runs(checkout: Path) -> None:
    steps = ("preview", "apply", "verify")
    first = delivered(checkout, protected_branch(checkout, NEVER))
    own = [*(f"{step} {SERVICE}" for step in steps), f"rollout {SERVICE}"]
    assert first == [*(f"{step} {FOUNDATION}" for step in steps), *own]
    assert delivered(checkout, protected_branch(checkout, git(checkout, "rev-parse", "HEAD"))) == [
        "nothing to deliver"
    ]
    before = git(checkout, "rev-parse", "HEAD")
    spec = checkout / "catalog/services/lunch-menu.yaml"
    spec.write_text(spec.read_text().replace("@sha256:0f", "@sha256:1f", 1))
    commit(checkout)
    assert delivered(checkout, protected_branch(checkout, before)) == own
