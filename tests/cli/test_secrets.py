"""A secret that stands in a spec, or in the environment of the command, is in no report, in whatever form."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pave.commands.check import command as check
from pave.commands.fix import command as fix
from pave.commands.plan import command as plan
from pave.options import formats

SPEC = "services/invoice-archive.yaml"
BEFORE = "        - {name: ZUORA_CLIENT_SECRET, secret: zuora-client-secret}\n"
KEY = "-----BEGIN PRIVATE KEY-----\n            MIIEvQcanary0Zq81xYpL\n            0sVt7canary1\n"
PLANTED = {
    "plain": "        - {name: DB_PASSWORD, value: canary-Zq81xYpL0sVt7Kw2}\n",
    "quoted": '        - {name: DB_PASSWORD, value: "canary-\\x5aq81\\"xYpL0sVt7"}\n',
    "long": f"        - {{name: DB_PASSWORD, value: canary-{'Zq81xYpL' * 30}}}\n",
    "block": f"        - name: KEY\n          value: |\n            {KEY}",
}


@pytest.fixture
def root(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable in ("DATABASE_PASSWORD", "GOOGLE_CREDENTIALS", "PAVE_OPA_TOKEN"):
        monkeypatch.setenv(variable, "canary-of-the-environment")
    shutil.copytree(shipped, tmp_path / "catalog", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "catalog"


@pytest.mark.parametrize("written", PLANTED.values(), ids=PLANTED)
def test_a_secret_of_a_spec_is_in_no_report(root: Path, tmp_path: Path, written: str) -> None:
    path = root / SPEC
    path.write_text(path.read_text("utf-8").replace(BEFORE, BEFORE + written), "utf-8")
    catalog = ["--catalog", str(root), "--today", "2026-11-21"]
    every = [word for name in formats() for word in ("--output", f"{name}={tmp_path / 'reports' / name}")]
    runs = {
        "check": CliRunner().invoke(check, [str(path), *catalog, *every]),
        "check json": CliRunner().invoke(check, [str(path), *catalog, "--format", "json"]),
        "fix": CliRunner().invoke(fix, [str(path), *catalog, "--diff"]),
    }
    for name, run in runs.items():
        assert run.exit_code == 1, f"{name}: {run.output}"
        assert "security/no-secret-in-the-spec" in run.output, name
    made = {name: (tmp_path / "reports" / name).read_text("utf-8") for name in formats()}
    every = [word.replace("/reports/", "/plans/") for word in every]
    planned = CliRunner().invoke(plan, ["invoice-archive", *catalog, *every])
    assert planned.exit_code == 1, planned.output
    made |= {f"plan {name}": (tmp_path / "plans" / name).read_text("utf-8") for name in formats()}
    recorded = json.loads(made["plan json"])["plan"]["resources"]
    assert "[secret]" in json.dumps(recorded), "what would be registered, without it"
    said = {name: run.output for name, run in runs.items()} | {"plan": planned.output} | made
    leaking = [name for name, text in said.items() if "canary" in text.casefold()]
    assert leaking == []
