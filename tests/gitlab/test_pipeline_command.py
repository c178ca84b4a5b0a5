"""What a pipeline calls: the note in a merge request, credentials without a key, child pipelines as files."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pave.gitlab.google_credentials import configuration
from pave.gitlab.note import LONGEST, MARK, compose
from pave.refused import Refused

HOME = Path(__file__).resolve().parents[2]
SECRET = "glpat-a-token-that-nobody-may-see"
PROVIDER = "projects/1/locations/global/workloadIdentityPools/gitlab/providers/acme"
ME = 7
NOTE = "/api/v4/projects/12/merge_requests/3/notes"


class GitLab:
    """A merge request's notes, and what was asked of them."""

    def __init__(self) -> None:
        self.notes: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.tokens: set[str | None] = set()
        self.status = 200

    def answer(self, method: str, path: str, body: Any) -> tuple[Any, dict[str, str]]:
        place, _, query = path.partition("?")
        self.asked.append((method, place))
        if place.endswith("/user"):
            return {"id": ME}, {}
        if method == "GET":
            page = int(query.rpartition("page=")[2])
            more = {"x-next-page": str(page + 1) if page < len(self.notes) else ""}
            return self.notes[page - 1 : page], more  # a page holds one
        if method == "POST":
            self.notes.append({"id": len(self.notes) + 1, "author": {"id": ME}, **body})
        else:
            number = int(place.rpartition("/")[2])
            next(note for note in self.notes if note["id"] == number).update(body)
        return {}, {}


@pytest.fixture
def gitlab() -> GitLab:
    return GitLab()


@pytest.fixture
def url(gitlab: GitLab) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            gitlab.tokens.add(self.headers["PRIVATE-TOKEN"])
            length = int(self.headers["Content-Length"] or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            said, headers = gitlab.answer(self.command, self.path, body)
            text = json.dumps(said).encode()
            self.send_response(gitlab.status)
            for name, value in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def do_POST(self) -> None:
            self.do_GET()

        def do_PUT(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api/v4"
        server.shutdown()


def run(cwd: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CI_", "PAVE_"))}
    environment = {**kept, "PYTHONPATH": str(HOME), "NO_COLOR": "1", **variables}
    command = [sys.executable, "-m", "pave", "pipeline", *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def noted(cwd: Path, url: str) -> subprocess.CompletedProcess[str]:
    in_a_merge_request = {"CI_API_V4_URL": url, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "3"}
    return run(cwd, "note", "one.md", "two.md", PAVE_GITLAB_TOKEN=SECRET, **in_a_merge_request)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "one.md").write_text("**✓ Allowed**: one\n")
    (tmp_path / "two.md").write_text("**✗ Blocked**: two\n")
    return tmp_path


def test_without_a_token_the_note_is_printed(files: Path) -> None:
    done = run(files, "note", "one.md", "missing.md", "two.md", CI_MERGE_REQUEST_IID="3")
    assert done.returncode == 0
    assert done.stdout == f"{MARK}\n\n**✓ Allowed**: one\n\n**✗ Blocked**: two\n"


def test_the_second_note_goes_over_the_first(files: Path, gitlab: GitLab, url: str) -> None:
    gitlab.notes = [
        {"id": 1, "author": {"id": 99}, "body": f"{MARK} of somebody else"},
        {"id": 2, "author": {"id": ME}, "body": "another note of this user"},
    ]
    first = noted(files, url)
    assert (first.returncode, first.stdout) == (0, "The note in merge request !3 is written.\n")
    (files / "two.md").write_text("**✓ Allowed**: two\n")
    second = noted(files, url)
    assert (second.returncode, second.stdout) == (0, "The note in merge request !3 is updated.\n")
    assert len(gitlab.notes) == 3
    assert "**✓ Allowed**: two" in gitlab.notes[2]["body"]
    assert [asked for asked in gitlab.asked if asked[0] != "GET"] == [("POST", NOTE), ("PUT", f"{NOTE}/3")]
    assert gitlab.tokens == {SECRET}


@pytest.mark.parametrize("status", [302, 403, 404])
def test_a_note_that_gitlab_does_not_take_is_printed_and_said(
    files: Path, gitlab: GitLab, url: str, status: int
) -> None:
    gitlab.status = status
    done = noted(files, url)
    assert done.returncode == 2
    assert done.stdout.startswith(MARK)
    assert done.stderr.startswith("pave: GitLab did not take the note:")
    assert done.stderr.count("\n") == 1
    assert SECRET not in done.stdout + done.stderr


def test_what_gitlab_would_take_for_a_command_is_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge request's own code made some of the files, and the note is written by somebody who may more."""
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text("/approve\n  /merge\n\n/label ~safe\na/b\n")
    assert compose([Path("plan.md")]) == f"{MARK}\n\n\\/approve\n  \\/merge\n\n\\/label ~safe\na/b\n"


def test_a_link_does_not_go_into_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").symlink_to("/proc/self/environ")
    Path("folder").mkdir()
    (Path("folder") / "plan.md").write_text(SECRET)
    Path("reports").symlink_to("folder")
    Path("a-folder.md").mkdir()
    for path in ("plan.md", "reports/plan.md", "a-folder.md"):
        with pytest.raises(Refused, match="no file of its own"):
            compose([Path(path)])


def test_a_note_is_never_longer_than_gitlab_takes(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("x" * (LONGEST + 1))
    text = compose([tmp_path / "plan.md"])
    assert len(text) == LONGEST
    assert text.endswith("in the artifacts of the jobs.\n")


def test_credentials_need_no_key(tmp_path: Path) -> None:
    given = {"PAVE_ID_TOKEN": SECRET, "PAVE_GCP_PROVIDER": PROVIDER, "TMPDIR": str(tmp_path)}
    accounts = {"PAVE_GCP_READER": "reader@acme.example", "PAVE_GCP_WRITER": "writer@acme.example"}
    for words, account in (((), "reader"), (("--writes",), "writer")):
        done = run(tmp_path, "credentials", *words, **given, **accounts)
        assert done.returncode == 0, done.stderr
        assert SECRET not in done.stdout
        variables = dict(word.split("=", 1) for word in done.stdout.split())
        assert variables.keys() == {
            "GOOGLE_APPLICATION_CREDENTIALS",
            "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
        }
        (file,) = {Path(value) for value in variables.values()}
        made = json.loads(file.read_text())
        token = Path(made["credential_source"]["file"])
        assert made == configuration(PROVIDER, f"{account}@acme.example", token)
        assert made["service_account_impersonation_url"].endswith(
            f"/{account}@acme.example:generateAccessToken"
        )
        assert SECRET not in file.read_text()
        assert (token.read_text(), token.stat().st_mode & 0o777, token.parent.stat().st_mode & 0o777) == (
            SECRET,
            0o600,
            0o700,
        )


def test_credentials_that_nobody_set_are_asked_for_by_name(tmp_path: Path) -> None:
    done = run(tmp_path, "credentials", "--writes", PAVE_ID_TOKEN=SECRET)
    assert (done.returncode, done.stdout) == (2, "")
    assert "PAVE_GCP_PROVIDER: projects/" in done.stderr
    assert "PAVE_GCP_WRITER" in done.stderr
    assert "PAVE_GCP_READER" not in done.stderr
    assert SECRET not in done.stderr
