"""Approvals are the platform's: asked over HTTP of something that answers like GitLab."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from catalog.document import Document
from catalog.kinds.waiver import Waiver
from catalog.yaml.text import parse
from pave.gitlab import approvals
from pave.gitlab.approvals import GitLab, ask
from pave.gitlab.client import Project
from policies.rule import Bundle
from policies.waivers import counts_today, faults
from tests.repository import committed

SPEC = """apiVersion: pave/v1
kind: Waiver
metadata: {name: one}
spec:
  rule: reliability/database-is-regional
  environment: production
  path: spec.stores[db].availability
  reason: The move waits for the vendor's window.
  owner: platform
  ticket: https://example.com/1
  requestedBy: ada
  approvedBy: grace
  granted: 2026-11-01
  expires: 2026-12-01
"""


def merge_request(number: int, state: str = "merged", branch: str = "main", author: str = "ada") -> Any:
    return {"iid": number, "state": state, "target_branch": branch, "author": {"username": author}}


class Platform:
    """What a GitLab would answer, and what it was asked."""

    def __init__(self) -> None:
        self.approved_by = ["grace"]
        self.rules: list[dict[str, Any]] = []
        self.merge_requests = [merge_request(12)]
        self.settings: Any = {"reset_approvals_on_push": True}
        self.status = 200
        self.tokens: list[str | None] = []

    def answer(self, path: str) -> Any:
        if path.endswith("/projects/7/approvals"):
            return self.settings
        if path.endswith("/approvals"):
            return {"approved_by": [{"user": {"username": name}} for name in self.approved_by]}
        if path.endswith("/approval_state"):
            return {"rules": self.rules}
        if "/commits/" in path:
            return self.merge_requests
        return merge_request(int(path.rpartition("/")[2]), "opened")


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def gitlab(platform: Platform) -> Iterator[GitLab]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            platform.tokens.append(self.headers["PRIVATE-TOKEN"])
            body = json.dumps(platform.answer(self.path)).encode()
            self.send_response(platform.status)
            self.send_header("Content-Length", str(len(body)))
            if platform.status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            "PAVE_GITLAB_TOKEN": "secret-token",
            "CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}/api/v4",
            "CI_PROJECT_ID": "7",
            "CI_COMMIT_BRANCH": "main",
        }
        found = GitLab.from_environment(environment)
        assert found is not None
        yield found
        server.shutdown()


@pytest.fixture
def waiver(tmp_path: Path) -> Waiver:
    path = tmp_path / "waivers" / "one.yaml"
    path.parent.mkdir()
    path.write_text(SPEC, "utf-8")
    committed(tmp_path)
    text = SPEC.encode()
    document = Document("waivers/one.yaml", text, parse(text, "one.yaml"))
    return Waiver.of(document)


def asked(gitlab: GitLab | None, waiver: Waiver, tmp_path: Path) -> tuple[bool | None, str]:
    approval = ask(gitlab, [waiver], tmp_path)["one"]
    return approval.is_proven, approval.detail


def test_an_approval_by_the_named_person_is_proven(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform
) -> None:
    assert asked(gitlab, waiver, tmp_path) == (True, "approved by grace in merge request !12")
    assert set(platform.tokens) == {"secret-token"}


def test_a_name_that_did_not_approve_is_refuted(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform
) -> None:
    platform.approved_by = ["somebody-else"]
    assert asked(gitlab, waiver, tmp_path) == (False, "grace did not approve merge request !12")


def test_code_owners_who_did_not_approve_refute_it(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform
) -> None:
    platform.rules = [{"rule_type": "code_owner", "name": "/catalog/waivers/", "approved": False}]
    proven, detail = asked(gitlab, waiver, tmp_path)
    assert (proven, "/catalog/waivers/" in detail) == (False, True)


def test_a_waiver_that_no_merge_request_brought_is_refuted(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform
) -> None:
    platform.merge_requests = []
    assert asked(gitlab, waiver, tmp_path)[0] is False


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_platform_that_does_not_answer_proves_nothing_and_refutes_nothing(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform, status: int
) -> None:
    platform.status = status
    proven, detail = asked(gitlab, waiver, tmp_path)
    assert (proven, "approval not proven" in detail, "secret-token" in detail) == (None, True, False)


@pytest.mark.parametrize("rules", [None, {}, [{"rule_type": "code_owner"}], [{"name": "a", "rule_type": 1}]])
def test_an_answer_that_gitlab_does_not_document_proves_nothing(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform, rules: Any
) -> None:
    platform.rules = rules
    proven, detail = asked(gitlab, waiver, tmp_path)
    assert proven is None
    assert detail.startswith("approval not proven: GitLab's answer isn't what it documents: ")


def test_a_platform_that_is_not_there_proves_nothing(waiver: Waiver, tmp_path: Path) -> None:
    with socket() as taken:  # and listens to nobody
        taken.bind(("127.0.0.1", 0))
        project = Project(f"http://127.0.0.1:{taken.getsockname()[1]}/api/v4", "7", "secret-token")
        proven, detail = asked(GitLab(project, "main"), waiver, tmp_path)
    assert (proven, detail) == (None, "approval not proven: GitLab did not answer (MaxRetryError)")


def test_a_redirect_is_not_followed_with_the_token(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform
) -> None:
    platform.status = 302
    assert asked(gitlab, waiver, tmp_path)[0] is None
    assert len(platform.tokens) == 1


@pytest.mark.parametrize("token", ["secret-token\n", "“secret-token”"])
def test_a_token_that_is_none_is_not_shown(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform, token: str
) -> None:
    assert gitlab._project is not None
    gitlab._project._token = token
    proven, detail = asked(gitlab, waiver, tmp_path)
    assert (proven, platform.tokens, "secret-token" in detail) == (None, [], False)
    assert "PAVE_GITLAB_TOKEN holds a character that no token has" in detail


def test_a_mistake_of_ours_is_not_blamed_on_the_platform(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mistake in (TypeError, KeyError, ValueError):

        def fail(_: Path, mistake: type[Exception] = mistake) -> str:
            raise mistake

        monkeypatch.setattr(approvals, "last_commit", fail)
        with pytest.raises(mistake):
            asked(gitlab, waiver, tmp_path)


def test_without_git_an_approval_is_not_proven(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    proven, detail = asked(gitlab, waiver, tmp_path)
    assert (proven, "git, which is not installed" in detail) == (None, True)


@pytest.mark.parametrize("running", [None, "13"])
def test_a_waiver_that_changed_since_its_commit_is_the_running_merge_requests(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, running: str | None
) -> None:
    (tmp_path / waiver.document.path).write_text(SPEC + "# and more\n", "utf-8")
    gitlab._current = running
    said = (
        "No merge request into main brought one.yaml"
        if running is None
        else "approved by grace in merge request !13"
    )
    assert asked(gitlab, waiver, tmp_path)[1] == said


def test_without_a_token_nothing_is_asked(waiver: Waiver, tmp_path: Path) -> None:
    assert GitLab.from_environment({}) is None
    assert asked(None, waiver, tmp_path)[1].startswith("approval not proven")


def test_with_a_token_what_is_not_proven_blocks_and_without_one_it_is_said(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform, bundle: Bundle
) -> None:
    platform.status = 401
    rules, day = bundle.rules, waiver.spec.expires - 30
    for approval, counts in ((ask(gitlab, [waiver], tmp_path), False), (ask(None, [waiver], tmp_path), True)):
        said = [
            fault.rule
            for fault in faults(
                waiver, rules, day, approval["one"], used=True, was_asked=True, place_exists=True
            )
        ]
        assert said == ([] if counts else ["waivers/not-proven"])
        assert counts_today(waiver, rules, day, approval["one"]) is counts


def test_a_token_outside_of_a_pipeline_proves_nothing(waiver: Waiver, tmp_path: Path) -> None:
    found = asked(GitLab.from_environment({"PAVE_GITLAB_TOKEN": "secret-token"}), waiver, tmp_path)
    why = "PAVE_GITLAB_TOKEN is set, and the variables of a pipeline aren't"
    assert found == (None, f"approval not proven: {why}")


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        ([merge_request(12, branch="a-branch-of-ones-own")], "No merge request into main brought one.yaml"),
        ([merge_request(12, state="closed")], "No merge request into main brought one.yaml"),
        ([merge_request(13, state="opened")], "No merge request into main brought one.yaml"),
        ([merge_request(12, author="grace")], "grace wrote merge request !12, and approved it"),
    ],
)
def test_what_did_not_bring_it_here_or_was_approved_by_its_author_refutes_it(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform, brought: list[Any], said: str
) -> None:
    platform.merge_requests = brought
    gitlab._current = "14"
    assert asked(gitlab, waiver, tmp_path) == (False, said)


def test_approvals_that_outlive_a_push_prove_nothing(
    gitlab: GitLab, waiver: Waiver, tmp_path: Path, platform: Platform
) -> None:
    platform.settings = {"reset_approvals_on_push": False}
    proven, detail = asked(gitlab, waiver, tmp_path)
    assert (proven, "keeps approvals after a push" in detail) == (None, True)
