"""A back end in a folder: where its files are, what was cut off by what they say, and what is broken."""

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.backend import (
    CutOff,
    current_backend,
    cut_off,
    folder_of,
    locks,
    remove_half_written,
    state,
    unfinished,
)

STACK = "service.tiny.test"
URN = "urn:pulumi:service.tiny.test::pave::pave:service:Cache$gcp:redis/instance:Instance::tiny-redis"


def write(folder: Path, latest: Any) -> Path:
    path = folder / ".pulumi" / "stacks" / "pave" / f"{STACK}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": STACK, "latest": latest}}))
    return path


def pending(doing: str, **changes: Any) -> dict[str, Any]:
    record = {"urn": URN, "custom": True, "type": "gcp:redis/instance:Instance"} | changes
    return {"resources": [], "pending_operations": [{"type": doing, "resource": record}]}


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("file:///var/state", "/var/state"),
        ("file:///var/two%20words?no_tmp_dir=true", "/var/two words"),
        ("gs://acme-state", None),
        ("https://api.pulumi.com", None),
    ],
)
def test_the_folder_of_a_back_end(url: str, folder: str | None) -> None:
    assert folder_of(url) == (Path(folder) if folder is not None else None)


def test_a_folder_may_be_relative_or_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert folder_of("file://./state") == tmp_path / "state"
    assert folder_of("file://~") == tmp_path / "me"
    assert folder_of("file://~/state") == tmp_path / "me" / "state"


def test_a_stack_that_is_not_there_has_no_state(tmp_path: Path) -> None:
    assert state(tmp_path, STACK) is None
    assert locks(tmp_path, STACK) == []
    path = write(tmp_path, None)
    assert state(tmp_path, STACK) == {}
    for text in ("", "{", "[]", "{}", '{"checkpoint": 7}'):
        path.write_text(text)
        assert state(tmp_path, STACK) is None


def test_what_was_cut_off_is_told_from_what_is_done() -> None:
    note = {"urn": f"{URN}~cut-off-while-deleting-0"}
    found = cut_off({**pending("creating"), "resources": [{"urn": URN}, note]})
    assert found == [CutOff("creating", URN), CutOff("deleting", URN)]
    assert str(found[0]) == "tiny-redis (gcp:redis/instance:Instance) while creating"
    assert cut_off({"resources": [{"urn": URN}], "pending_operations": None}) == []
    assert cut_off(pending("creating", custom=False, type="pave:service:Cache")) == []
    assert cut_off(pending("creating", type="pulumi:providers:gcp")) == []


@pytest.mark.parametrize("text", ["", "{", "\xff"])
def test_what_a_killed_engine_left_half_written_is_removed(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, {})
    beside = path.with_name(f"{path.name}.attrs")
    beside.write_text(text, "latin-1")
    other = path.with_name("service.other.test.json.attrs")
    other.write_text("")
    assert remove_half_written(tmp_path.as_uri(), STACK, 0.0) == [beside]
    assert path.exists()
    assert other.exists()
    assert not beside.exists()
    assert remove_half_written(tmp_path.as_uri(), STACK, 0.0) == []


def test_what_is_whole_is_left(tmp_path: Path) -> None:
    path = write(tmp_path, {})
    beside = path.with_name(f"{path.name}.attrs")
    beside.write_text('{"user.md5": "x"}')
    assert remove_half_written(tmp_path.as_uri(), STACK, 0.0) == []
    assert beside.exists()
    assert remove_half_written("gs://acme-state", STACK, 0.0) == []


def test_what_was_to_become_a_lock_is_removed_when_nobody_can_be_writing_it(tmp_path: Path) -> None:
    place = tmp_path / ".pulumi" / "locks" / "organization" / "pave" / STACK
    place.mkdir(parents=True)
    begun, lock = place / "1.json.18ea.tmp", place / "2.json"
    for path in (begun, lock):
        path.write_text("{")
    now = begun.stat().st_mtime
    assert remove_half_written(tmp_path.as_uri(), STACK, now + 1) == []
    assert remove_half_written(tmp_path.as_uri(), STACK, now + 60) == [begun]
    assert locks(tmp_path, STACK) == [lock], "a lock itself is never taken for rubbish"


def test_an_update_begins_only_when_nothing_is_cut_off(tmp_path: Path) -> None:
    environ = {"PULUMI_BACKEND_URL": tmp_path.as_uri()}
    assert unfinished(environ, STACK) == ""
    write(tmp_path, {"resources": []})
    assert unfinished(environ, STACK) == ""
    write(tmp_path, pending("creating"))
    command = f"PULUMI_BACKEND_URL=file://{tmp_path} PAVE_SECRETS_PROVIDER=passphrase pave recover {STACK}"
    assert unfinished(environ, STACK).splitlines() == [
        "An earlier update of service.tiny.test was cut off:",
        "  tiny-redis (gcp:redis/instance:Instance) while creating",
        "Pulumi would go on as if nothing had been begun. Let pave look first what was",
        "done, then run this again:",
        f"  {command} --cloud gcp",
    ]
    assert unfinished({"PULUMI_BACKEND_URL": "gs://acme-state"}, STACK) == ""


def test_the_back_end_of_a_local_cloud_is_known_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my cloud" / "pulumi" / "backend"
    write(folder, pending("creating"))
    (folder.parent / "passphrase").write_text("x")
    said = unfinished({"PULUMI_BACKEND_URL": folder.as_uri()}, STACK)
    assert said.endswith(f"  pave recover {STACK} --state '{tmp_path}/my cloud'")


def test_the_back_end_is_the_one_that_the_cli_is_logged_in_to(tmp_path: Path) -> None:
    assert current_backend({"PULUMI_HOME": str(tmp_path)}) is None
    (tmp_path / "credentials.json").write_text('{"current": "file:///var/state"}')
    assert current_backend({"PULUMI_HOME": str(tmp_path)}) == "file:///var/state"
    assert current_backend({"PULUMI_HOME": str(tmp_path), "PULUMI_BACKEND_URL": "gs://b"}) == "gs://b"
    for text in ("", "[]", '{"current": 7}', '{"current": ""}'):
        (tmp_path / "credentials.json").write_text(text)
        assert current_backend({"PULUMI_HOME": str(tmp_path)}) is None
