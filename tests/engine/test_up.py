"""Real updates on the local cloud: from nothing, again, in place, and where they must not go through."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from stacks.properties import revealed
from tests.engine.engine import HOME, Engine
from tests.served_google import google

pytestmark = pytest.mark.engine
STACK = "service.customersdot.production"
SPEC = "services/customersdot.yaml"
FOUNDATION = "environments/production.yaml"
REDIS = "gcp:redis/instance:Instance"
INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance"


@pytest.fixture(scope="module")
def up(landed: Engine) -> Engine:
    """The shared engine with customersdot on its foundation."""
    landed.pulumi("stack", "rm", "--yes", "--force", "--stack", STACK)
    landed.new(STACK)
    done = landed.up(STACK)
    assert done.code == 0, done.text
    return landed


@pytest.fixture
def spec(up: Engine) -> Iterator[Engine]:
    """The same, with a spec that is put back."""
    files = {path: (up.catalog / path).read_text("utf-8") for path in (SPEC, FOUNDATION)}
    yield up
    for path, text in files.items():
        (up.catalog / path).write_text(text, "utf-8")


def test_a_stack_goes_up_whole_and_its_outputs_lead_to_it(up: Engine) -> None:
    own = [resource for resource in up.cloud.store.resources() if f":{STACK}::" in resource.urn]
    held = Counter(resource.type.partition(":")[0] for resource in own)
    assert held["gcp"] > 80
    assert held["kubernetes"] == 52
    outputs = up.outputs(STACK)
    assert outputs["url"] == "https://customers.acme.example"
    assert outputs["databases"] == {"db": "acme-subscriptions-prod:us-east1:customersdot-db-g1"}
    assert len(outputs["addresses"]) == 1


def test_every_reserved_address_is_another_one(up: Engine) -> None:
    addresses = up.outputs("foundation.production")["nat_addresses"]
    assert len(set(addresses)) == 2


def test_a_second_update_changes_nothing(up: Engine) -> None:
    before = up.cloud.store.calls()[-1].number
    done = up.up(STACK, "--expect-no-changes")
    assert done.code == 0, done.text
    assert up.calls(before) == []
    diffs = [call for call in up.cloud.store.calls() if call.number > before and call.operation == "diff"]
    assert diffs, "the engine asks what differs; nothing does"


def test_a_refresh_finds_what_is_there(up: Engine) -> None:
    done = up.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", STACK)
    assert done.code == 0, done.text


def test_a_bigger_disk_is_an_update_in_place(spec: Engine) -> None:
    spec.edit(FOUNDATION, "diskGb: 500", "diskGb: 600")
    before = spec.last_call()
    done = spec.up(STACK)
    assert done.code == 0, done.text
    assert spec.calls(before) == [("update", INSTANCE)]
    (instance,) = [
        held
        for held in spec.cloud.store.resources()
        if held.type == INSTANCE and held.id == "customersdot-db-g1"
    ]
    assert instance.inputs["settings"]["diskSize"] == 600


def test_no_secret_is_shown_or_saved_by_a_preview_of_what_holds_one(spec: Engine, tmp_path: Path) -> None:
    """As on a real cloud: the back end and the providers are those of the environment."""
    (redis,) = [held for held in spec.cloud.store.resources() if held.type == REDIS]
    password = revealed(redis.outputs["authString"])
    assert len(password) >= 32
    spec.edit(FOUNDATION, "diskGb: 500", "diskGb: 700")
    words = ["preview", STACK, "--refresh", "--cloud", "gcp", "--catalog", str(spec.catalog)]
    files = [
        "--state",
        str(tmp_path),
        "--save",
        str(tmp_path / "plan"),
        "--output",
        f"json={tmp_path / 'report'}",
    ]
    with google(all_are_set=True) as served:
        done = subprocess.run(
            [sys.executable, "-m", "pave", *words, *files],
            cwd=HOME,
            env=spec.environment() | {"PAVE_SECRETS_PROVIDER": "passphrase", **served},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert re.search(r"settings\.diskSize: \d+ → 700", done.stdout)
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) >= 3
    assert not [text for text in (done.stdout, done.stderr, *written) if password in text]


def test_what_is_protected_is_not_replaced(spec: Engine) -> None:
    """A protected database in another region: the engine refuses, and the database stays."""
    spec.edit(FOUNDATION, "region: us-east1\n", "region: us-east4\n")
    text = (spec.catalog / FOUNDATION).read_text("utf-8")
    (spec.catalog / FOUNDATION).write_text(text.replace("us-east1-", "us-east4-").replace("-d]", "-a]"))
    before = spec.last_call()
    done = spec.up(STACK)
    assert done.code != 0
    assert "marked for protection" in done.text
    assert INSTANCE not in {token for operation, token in spec.calls(before) if operation != "update"}
    assert spec.cloud.store.find("acme-subscriptions-prod", INSTANCE, "customersdot-db-g1") is not None
