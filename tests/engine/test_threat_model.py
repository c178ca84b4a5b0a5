"""Every way round the gate that we know, tried on the real engine: closed, or covered as the manual says.

The manual is stacks/README.md. Ways that need no engine are in `tests/stacks/test_gate_ways_round.py`."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.engine import HOME, Done, Engine

pytestmark = pytest.mark.engine
STACK = "service.invoice-archive.production"
SPEC = "services/invoice-archive.yaml"
INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance"
SECRET = "gcp:secretmanager/secret:Secret"
NAME = "invoice-archive-index-g1"
RULE = "reliability/database-is-regional"


@pytest.fixture(scope="module")
def archive(landed: Engine) -> Iterator[Engine]:
    """The shared engine with a small service on its foundation, and a plan of it that was reviewed."""
    landed.forget(STACK)
    landed.new(STACK)
    done = landed.up(STACK)
    assert done.code == 0, done.text
    done = landed.pulumi("preview", "--save-plan", str(landed.folder / "reviewed.json"), "--stack", STACK)
    assert done.code == 0, done.text
    yield landed
    landed.forget(STACK)


@pytest.fixture
def weakened(archive: Engine) -> Iterator[Engine]:
    """The same, with a spec that the gate blocks."""
    file = archive.catalog / SPEC
    text = file.read_text("utf-8")
    archive.edit(SPEC, "name: index, kind: postgres", "name: index, kind: postgres, availability: zonal")
    yield archive
    file.write_text(text, "utf-8")


def urn(engine: Engine, token: str) -> str:
    (found,) = {held.urn for held in engine.cloud.store.resources() if held.type == token and NAME in held.id}
    return found


def assert_blocked(engine: Engine, done: Done, since: int) -> None:
    assert done.code != 0, done.text
    assert RULE in done.text
    assert "Traceback" not in done.text
    assert engine.calls(since) == []


@pytest.mark.parametrize(
    "words",
    [
        ["up", "--yes", "--skip-preview", "--target", "URN"],
        ["up", "--yes", "--skip-preview", "--replace", "URN"],
        ["up", "--yes", "--skip-preview", "--refresh"],
        ["up", "--yes", "--skip-preview", "--plan", "reviewed.json", "--continue-on-error"],
    ],
    ids=lambda words: words[3],
)
def test_no_option_of_pulumi_passes_the_gate(weakened: Engine, words: list[str]) -> None:
    known = {"URN": urn(weakened, INSTANCE), "reviewed.json": str(weakened.folder / "reviewed.json")}
    before = weakened.last_call()
    env = {"PULUMI_EXPERIMENTAL": "true"}
    done = weakened.pulumi(*(known.get(word, word) for word in words), "--stack", STACK, env=env)
    assert_blocked(weakened, done, before)


def test_no_environment_variable_and_no_working_directory_passes_the_gate(
    weakened: Engine, tmp_path: Path
) -> None:
    """Modules of the same names on Python's path, another day, a poisoned cache, other providers."""
    evil = tmp_path / "evil"
    for name in ("catalog", "components", "policies", "stacks"):
        (evil / name).mkdir(parents=True)
        (evil / name / "__init__.py").write_text(f"open({str(evil / 'was-here')!r}, 'w')\n")
    cache = tmp_path / "cache" / "pave"
    for folder in ("policies", "verdicts", "wasm"):
        (cache / folder).mkdir(parents=True)
        (cache / folder / "rules.json").write_text("{}")
    env = {
        "PYTHONPATH": f"{evil}:{HOME}",
        "PYTHONSTARTUP": str(evil / "stacks" / "__init__.py"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(cache.parent),
        "PAVE_CATALOG": str(tmp_path),
        "PAVE_POLICIES": str(tmp_path),
        "PAVE_TODAY": "2020-01-01",
        "PULUMI_CONFIG": json.dumps({"pave:catalog": str(tmp_path)}),
        "PULUMI_DEBUG_PROVIDERS": "gcp:1,kubernetes:1",
        "PULUMI_ENABLE_LEGACY_APPLY": "true",
    }
    before = weakened.last_call()
    inside = str(weakened.project / "stacks")
    done = weakened.pulumi("--cwd", inside, "up", "--yes", "--skip-preview", "--stack", STACK, env=env)
    assert_blocked(weakened, done, before)
    assert not (evil / "was-here").exists()


def test_a_weaker_catalog_is_seen_in_the_outputs(archive: Engine, tmp_path: Path) -> None:
    """The program can't know which catalog is right. Only the pipeline's identity may write production, and
    the pipeline takes the catalog of its checkout; whoever else has done so has left this."""
    honest = archive.outputs(STACK)["pave"]
    weaker = tmp_path / "weaker"
    shutil.copytree(archive.catalog, weaker)
    spec = weaker / SPEC
    spec.write_text(spec.read_text("utf-8").replace("tier: standard", "tier: internal"), "utf-8")
    setting = ("config", "set", "--stack", STACK, "pave:catalog")
    assert archive.pulumi(*setting, str(weaker)).code == 0
    done = archive.up(STACK)
    assert done.code == 0, done.text
    outputs = archive.outputs(STACK)["pave"]
    assert archive.pulumi(*setting, str(archive.catalog)).code == 0
    assert honest["catalog"]["root"] == str(archive.catalog)
    assert outputs["catalog"]["root"] == str(weaker)
    assert outputs["catalog"]["digest"] != honest["catalog"]["digest"]
    assert archive.up(STACK).code == 0
    assert archive.outputs(STACK)["pave"] == honest


def test_what_does_not_run_the_program_loses_nothing_that_is_stateful(
    archive: Engine, tmp_path: Path
) -> None:
    """`refresh`, `import`, `state` and `destroy` never ask the gate. Pulumi's protection, its retaining, and
    the cloud's own deletion protection each hold alone."""
    before = archive.last_call()
    for words in (
        ("refresh", "--yes", "--skip-preview"),
        ("import", "--yes", "--generate-code=false", "gcp:storage/bucket:Bucket", "none", "none"),
    ):
        archive.pulumi(*words, "--stack", STACK)
    assert archive.calls(before) == [], "they read"

    done = archive.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)
    assert done.code != 0
    assert "it is protected" in done.text
    assert held(archive) == {INSTANCE, SECRET}, "protected"

    exported = tmp_path / "state.json"
    assert archive.pulumi("stack", "export", "--file", str(exported), "--stack", STACK).code == 0
    state = json.loads(exported.read_text("utf-8"))
    for resource in state["deployment"]["resources"]:
        resource.pop("protect", None)
    exported.write_text(json.dumps(state), "utf-8")
    assert archive.pulumi("stack", "import", "--file", str(exported), "--stack", STACK).code == 0
    destroyed = archive.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)
    assert destroyed.code == 0, destroyed.text
    assert held(archive) == {INSTANCE, SECRET}, "retained"

    for resource in state["deployment"]["resources"]:
        resource.pop("retainOnDelete", None)
    keep = {INSTANCE, SECRET, "pulumi:providers:gcp", "pulumi:pulumi:Stack"}
    state["deployment"]["resources"] = [
        {
            key: value
            for key, value in one.items()
            if key not in ("dependencies", "propertyDependencies", "parent")
        }
        for one in state["deployment"]["resources"]
        if one["type"] in keep
    ]
    exported.write_text(json.dumps(state), "utf-8")
    assert archive.pulumi("stack", "import", "--file", str(exported), "--stack", STACK).code == 0
    refused = archive.pulumi("destroy", "--yes", "--skip-preview", "--continue-on-error", "--stack", STACK)
    assert refused.code != 0
    assert "deletion" in refused.text.lower()
    assert held(archive) == {INSTANCE, SECRET}, "the cloud refuses"


def held(engine: Engine) -> set[str]:
    """The types of what is stateful in the cloud and belongs to the service."""
    return {
        one.type
        for one in engine.cloud.store.resources()
        if one.type in {INSTANCE, SECRET} and "invoice" in one.id
    }
