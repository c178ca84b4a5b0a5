"""Secrets are planted wherever one could be, a service is taken through its life, and everything that was
printed or kept is searched for them. State has them encrypted, the cloud in its own store, nobody else."""

import base64
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest

from stacks.properties import secret
from tests.engine.engine import HOME, Done, Engine

pytestmark = pytest.mark.engine
STACK = "service.receipt-scanner.production"
SPEC = "services/receipt-scanner.yaml"
REDIS = "gcp:redis/instance:Instance"
HOLDER = "gcp:secretmanager/secret:Secret"
PASSPHRASE = "a passphrase for tests"


def new_secret() -> str:
    return f"canary+{secrets.token_urlsafe(24)}"


def forms(value: str) -> set[str]:
    """How a value may stand in a text."""
    return {value, base64.b64encode(value.encode()).decode().rstrip("="), quote(value, safe=""), value[:24]}


def leaks(texts: Mapping[str, str], planted: Mapping[str, str]) -> list[str]:
    return [
        f"{name} in {where}"
        for where, text in texts.items()
        for name, value in planted.items()
        if any(form in text for form in forms(value))
    ]


def kept(engine: Engine) -> dict[str, str]:
    """Every file that was written, but the cloud's own store."""
    return {
        str(path.relative_to(engine.folder)): path.read_text("utf-8", "replace")
        for path in engine.folder.rglob("*")
        if path.is_file() and not path.is_relative_to(engine.folder / "cloud")
    }


def pave(engine: Engine, *words: str, env: Mapping[str, str]) -> Done:
    """Runs a command of pave's on what the CLI has made: a back end of a team's, and not pave's own."""
    team = {"PAVE_SECRETS_PROVIDER": "passphrase", "PYTHONPATH": str(HOME)}
    where = ("--cloud", "gcp", "--catalog", str(engine.catalog), "--state", str(engine.folder / "pave"))
    done = subprocess.run(
        [sys.executable, "-m", "pave", *words, *where],
        cwd=engine.folder,
        env=engine.environment() | team | dict(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Done(done.returncode, done.stdout, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def scanner(landed: Engine) -> Iterator[Engine]:
    """The shared engine with a service that has a Redis with a password and a secret's holder."""
    landed.forget(STACK)
    landed.new(STACK)
    spec = (landed.catalog / SPEC).read_text("utf-8")
    yield landed
    (landed.catalog / SPEC).write_text(spec, "utf-8")
    landed.forget(STACK)


def test_no_secret_is_printed_or_kept_in_plain(scanner: Engine) -> None:
    planted = {
        "a variable of the process": new_secret(),
        "a Google credential": new_secret(),
        "a token of GitLab": new_secret(),
        "a secret setting": new_secret(),
        "a version of a secret": new_secret(),
    }
    env = {
        "DATABASE_PASSWORD": planted["a variable of the process"],
        "GOOGLE_CREDENTIALS": json.dumps({"private_key": planted["a Google credential"]}),
        "PAVE_GITLAB_TOKEN": planted["a token of GitLab"],
        "PAVE_OPA_TOKEN": planted["a token of GitLab"],
        "PULUMI_DEBUG_COMMANDS": "true",  # which has --event-log
    }
    said: dict[str, str] = {}

    def pulumi(*words: str, code: int | None = 0) -> str:
        done = scanner.pulumi(*words, "--stack", STACK, env=env)
        assert code is None or (done.code == 0) is (code == 0), done.text
        said[f"pulumi {' '.join(words)}"] = done.text
        return done.out

    pulumi("config", "set", "--secret", "pave:unused", planted["a secret setting"])
    events = scanner.folder / "events.json"
    pulumi("preview", "--diff", "--show-config", "--save-plan", str(scanner.folder / "plan.json"))
    pulumi("up", "--yes", "--skip-preview", "--diff", "--show-config", "--event-log", str(events))
    assert events.stat().st_size > 10_000

    own = [held for held in scanner.cloud.store.resources() if f":{STACK}::" in held.urn]
    (redis,) = [held for held in own if held.type == REDIS]
    planted["the first password of Redis"] = redis.outputs["authString"]["value"]
    planted["the second password of Redis"] = new_secret()
    rotated = redis.outputs | {"authString": secret(planted["the second password of Redis"])}
    scanner.cloud.store.update(redis.scope, REDIS, redis.id, redis.inputs, rotated)
    (holder,) = [held for held in own if held.type == HOLDER]
    version = {"secret": holder.id, "secretData": secret(planted["a version of a secret"])}
    token = "gcp:secretmanager/secretVersion:SecretVersion"
    scanner.cloud.store.insert(holder.scope, token, f"{holder.id}/versions/9", holder.urn, version, version)

    changed = redis.inputs | {"memorySizeGb": 7}
    scanner.cloud.store.update(redis.scope, REDIS, redis.id, changed, rotated)
    for form in ("text", "json"):
        drift = pave(scanner, "drift", STACK, "--format", form, env=env)
        assert drift.code == 1, drift.text
        assert "memorySizeGb" in drift.text
        said[f"pave drift as {form}"] = drift.text
    scanner.cloud.store.update(redis.scope, REDIS, redis.id, redis.inputs, rotated)

    pulumi("refresh", "--diff", "--preview-only")
    pulumi("refresh", "--yes", "--skip-preview", "--diff")
    pulumi("stack", "export")
    state = json.loads(said["pulumi stack export"])
    (cache,) = [one for one in state["deployment"]["resources"] if one["type"] == REDIS]
    assert set(cache["outputs"]["authString"]) == {"4dabf18193072939515e22adb298388d", "ciphertext"}
    shown = scanner.pulumi("stack", "export", "--show-secrets", "--stack", STACK).text
    assert planted["the second password of Redis"] in shown, (
        "it is in the state, and who has the key can have it"
    )

    scanner.edit(SPEC, "kind: redis", "kind: redis, size: large")
    scanner.cloud.store.add_fault(REDIS, "update", "quota", 1)
    pulumi("up", "--yes", "--skip-preview", "--diff", code=1)
    pulumi("up", "--yes", "--skip-preview", "--json")
    for words in (
        ("stack", "output", "--json"),
        ("config",),
        ("stack", "history", "--json"),
    ):
        pulumi(*words)
    log = "\n".join(map(str, scanner.cloud.store.calls()))
    assert leaks({**said, **kept(scanner), "the cloud's log": log}, planted) == []
    assert leaks(kept(scanner), {"the passphrase": PASSPHRASE}) == []
