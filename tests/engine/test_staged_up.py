"""A stack whose pods read secrets goes up in two steps: what can stand without the values, then the rest."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stacks.providers.kubernetes import ROLLOUT
from tests.engine.engine import HOME, Done
from tests.engine.road import Road, lines

pytestmark = pytest.mark.engine
STACK = "service.receipt-scanner.production"
BACKEND = "gcp:compute/backendService:BackendService"
HOLDER = "gcp:secretmanager/secret:Secret"
VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
VALUE = "canary+0123456789abcdef"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """A foundation, and a service that reads a secret; nobody has set that."""
    road = Road(tmp_path_factory.mktemp("staged"))
    try:
        spec = road.catalog / "services" / "receipt-scanner.yaml"
        text = spec.read_text("utf-8")
        assert "environment:" not in text
        port = next(line for line in text.splitlines() if line.strip().startswith("image:"))
        spec.write_text(
            text.replace(port, f"{port}\n      environment: [{{name: API_KEY, secret: api-key}}]", 1)
            + "  secrets:\n    - {name: api-key, rotatedOn: 2026-11-01}\n",
            "utf-8",
        )
        done = road.up("foundation.production")
        assert done.code == 0, done.text
        yield road
    finally:
        road.close()


def set_value(road: Road, name: str, value: str) -> Done:
    done = subprocess.run(
        road.command("secrets", "set", STACK, name),
        cwd=HOME,
        input=value,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stdout + done.stderr)


def types(road: Road) -> set[str]:
    return {held.type for held in road.store.resources() if f":{STACK}::" in held.urn}


def rollouts(road: Road) -> set[str]:
    return {held.id for held in road.store.resources() if held.type == ROLLOUT}


def test_what_waits_for_a_secret_is_left_for_later_and_the_same_command_goes_on(empty: Road) -> None:
    first = empty.up(STACK)
    assert first.code == 3, first.text
    assert f"WAITS  {STACK}: 1 secret without a value\n" in first.text
    assert "waits for that, and what depends on them" in first.text
    assert lines(first.text, " to create, ", " left for later, 0 unchanged")
    (wanted,) = [line.strip() for line in first.text.splitlines() if line.startswith("  pave secrets set")]
    assert wanted.startswith(f"pave secrets set {STACK} ")
    assert wanted.endswith(" api-key")
    assert HOLDER in types(empty)
    assert VERSION in types(empty), "the password of the cache is there without anybody"
    assert BACKEND not in types(empty), "a back end without copies answers nobody"
    assert rollouts(empty) == {"receipt-scanner/reader"}, "which reads nothing that is missing"

    again = empty.up(STACK)
    assert again.code == 3, again.text
    assert "Nothing to do." in again.text
    drift = empty.pave("drift", STACK)
    assert drift.code == 1, drift.text
    assert lines(drift.text, f"UNFINISHED  {STACK}: its last update left out what waits for secrets")
    assert lines(drift.text, f"where it has no value yet: pave secrets set {STACK} ", " api-key")
    status = empty.pave("secrets", "status", STACK)
    assert status.code == 1
    assert "api-key" in status.text
    assert "missing" in status.text

    assert set_value(empty, "api-key", f"{VALUE}\n").code == 0
    assert empty.pave("secrets", "status", STACK).code == 0
    last = empty.up(STACK)
    assert last.code == 0, last.text
    assert BACKEND in types(empty)
    assert rollouts(empty) == {"receipt-scanner/reader", "receipt-scanner/web"}
    done = empty.up(STACK)
    assert done.code == 0
    assert done.text.endswith("Nothing to do.\n")
    assert empty.pave("drift", STACK).code == 0

    version = empty.held(VERSION, "receipt-scanner-api-key/versions/1")
    assert version.inputs["secretData"]["value"] == VALUE, "without the line break"
    kept = {path: path.read_text("utf-8", "replace") for path in _files(empty.state / "pulumi")}
    assert [path for path, text in kept.items() if VALUE in text] == []
    redis = next(h for h in empty.store.resources() if h.type == "gcp:redis/instance:Instance")
    password = redis.outputs["authString"]["value"]
    written = empty.held(VERSION, "receipt-scanner-queue-auth/versions/1")
    assert written.inputs["secretDataWo"]["value"] == password
    assert [path for path, text in kept.items() if password in text] == []


def test_only_a_secret_that_people_set_can_be_set(empty: Road) -> None:
    unknown = set_value(empty, "api-kei", "x")
    assert (unknown.code, "Did you mean `api-key`?" in unknown.text) == (2, True)
    nothing = set_value(empty, "api-key", "\n")
    assert (nothing.code, "is empty: nothing was set" in nothing.text) == (2, True)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
