"""A secret that stands in a spec, or in the environment of the command, is in no report, in whatever form."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pulumi
import pytest
from click.testing import CliRunner

from catalog.loader import load
from pave.commands.check import command as check
from pave.commands.fix import command as fix
from pave.commands.input import command as input_
from pave.commands.new import command as new
from pave.commands.plan import command as plan
from pave.commands.preview import command as preview
from pave.options import formats
from policies.engines.answer import EngineError
from policies.engines.embedded import EmbeddedEngine
from stacks.gate.gate import run_gated
from stacks.recording.recorder import record

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


@pytest.mark.parametrize("stage", ["spec", "plan"])
@pytest.mark.parametrize("written", PLANTED.values(), ids=PLANTED)
def test_a_secret_of_a_spec_is_left_out_of_what_a_rule_sees(root: Path, written: str, stage: str) -> None:
    path = root / SPEC
    path.write_text(path.read_text("utf-8").replace(BEFORE, BEFORE + written), "utf-8")
    words = ["invoice-archive", "--stage", stage, "--catalog", str(root), "--today", "2026-11-21"]
    done = CliRunner().invoke(input_, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "[secret]" in done.stdout
    assert json.loads(done.stdout)["spec"]["service"]["metadata"]["name"] == "invoice-archive"
    assert done.stderr == "pave: 1 secret left out of it, as `[secret]`.\n"
    assert "canary" not in done.stdout.casefold()


def test_what_a_rule_sees_is_printed_as_it_is_where_nothing_is_secret(root: Path) -> None:
    words = ["invoice-archive", "--catalog", str(root), "--today", "2026-11-21"]
    done = CliRunner().invoke(input_, words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "[secret]" not in done.stdout


def test_nothing_is_printed_when_nobody_can_tell_what_is_secret(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EngineError("no answer")

    monkeypatch.setattr(EmbeddedEngine, "evaluate", fail)
    done = CliRunner().invoke(input_, ["invoice-archive", "--catalog", str(root)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "pave: What of it is secret can't be told, so nothing is printed: no answer.\n"


WRONG = {
    "a field that does not exist": "        - {name: DB_PASSWORD, valu: canary-Zq81xYpL0sVt7Kw2}\n",
    "a wrong field beside a secret": "        - {name: DB_PASSWORD, value: canary-Zq81xYpL0sVt7Kw2, x: 1}\n",
    "a number": "        - {name: DB_PASSWORD, value: 837492837492}\n",
    "a list": "        - {name: A, value: [sk_live_canary0Zq81xYpL0sVt7Kw2]}\n",
    "a key in a block": f"        - name: A\n          valu: |\n            {KEY}          x: 1\n",
    "a value that is cut": f"        - {{name: A_TOKEN, value: {{x: canary-{'Zq81xYpL' * 30}}}}}\n",
    "a variable of another tool's list": """      env:
        - {name: DB_PASSWORD, value: canary-Zq81xYpL0sVt7Kw2}
""",
    "one variable in the place of a list": """      helpers:
        - name: a
          environment: {name: DB_PASSWORD, value: canary-Zq81xYpL0sVt7Kw2}
""",
    "words of a command line": """      args: run --password=canary81 --to mysql://root:canary83749@db/shop
""",
    "a command line in a list": """      command: ["run --password=canary81x --to mysql://root:canary83749@db/shop"]
""",
    "as a shell writes it": "        - DB_PASSWORD=canary-Zq81xYpL0sVt7Kw2\n",
    "quotes": "        - {name: DB_PASSWORD, value: ['canary\"Zq81''xYpL0s']}\n",
}


@pytest.mark.parametrize("written", WRONG.values(), ids=WRONG)
def test_a_secret_of_a_spec_that_no_rule_can_judge_is_in_no_report(
    root: Path, tmp_path: Path, written: str
) -> None:
    path = root / SPEC
    path.write_text(path.read_text("utf-8").replace(BEFORE, BEFORE + written), "utf-8")
    catalog = ["--catalog", str(root), "--today", "2026-11-21"]
    said = {}
    for name, command, code, words in (
        ("check", check, 1, [str(path)]),
        ("plan", plan, 1, ["invoice-archive"]),
    ):
        every = [word for form in formats() for word in ("--output", f"{form}={tmp_path / name / form}")]
        done = CliRunner().invoke(command, [*words, *catalog, *every])
        assert done.exit_code == code, done.output
        said[name] = done.output
        said |= {f"{name} {form}": (tmp_path / name / form).read_text("utf-8") for form in formats()}
    said["fix"] = CliRunner().invoke(fix, [str(path), *catalog, "--diff"]).output
    assert "schema problem" in said["fix"]
    for name, command in (("preview", preview), ("input", input_)):
        done = CliRunner().invoke(command, ["invoice-archive", *catalog])
        assert done.exit_code == 1
        said[name] = done.output
    stack = "service.invoice-archive.production"

    def gated() -> None:
        run_gated(load(root), root, stack, datetime(2026, 11, 21, 12, tzinfo=UTC))

    with pytest.raises(pulumi.RunError, match="pave can't judge") as error:
        record(gated, project="pave", stack=stack)
    said["the gate"] = str(error.value)
    assert " | " in said["check"], "there are frames"
    leaking = [name for name, text in said.items() if "canary" in text.casefold() or "8374928" in text]
    assert leaking == []


def test_a_new_service_takes_no_secret_over_from_another(root: Path) -> None:
    path = root / SPEC
    text = path.read_text("utf-8")
    words = ["service", "tea-kitchen", "--like", "invoice-archive", "--catalog", str(root)]
    words += ["--today", "2026-11-21"]
    path.write_text(text.replace(BEFORE, BEFORE + PLANTED["plain"] + PLANTED["block"]), "utf-8")
    done = CliRunner().invoke(new, words)
    assert done.exit_code == 0, done.output
    made = (root / "services/tea-kitchen.yaml").read_text("utf-8")
    assert "canary" not in made + done.output
    assert "ZUORA_CLIENT_SECRET" in made
    assert "variable DB_PASSWORD, which holds a secret in plain text" in " ".join(done.output.split())


def with_password(home: Path, value: str) -> str:
    """A service that is all right but for a password, two lines above what may be mended."""
    text = (home / "tests/mistakes/base/service.yaml").read_text("utf-8")
    cron = '      schedule: "0 4 * * *"\n'
    variable = f'      environment:\n        - {{name: DB_PASSWORD, value: "{value}"}}\n'
    return text.replace(cron, cron + variable)


def test_a_diff_quotes_no_secret_beside_what_is_mended(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    mendable = with_password(home, "hunter2").replace(
        'version: "16"', 'version: "16", backup: {enabled: false}'
    )
    path.write_text(mendable, "utf-8")
    words = [str(path), "--catalog", str(home / "catalog"), "--today", "2026-11-28", "--diff"]
    done = CliRunner().invoke(fix, words)
    assert "+    - {name: db, kind: postgres" in done.stdout
    assert "   stores:" in done.stdout, "a line around it"
    assert "hunter2" not in done.output


@pytest.mark.parametrize("secret", ["postgres", "redis", "postgres://app:hunter22@db/app", "true-or-false"])
def test_a_secret_that_is_an_everyday_word_destroys_no_message_about_other_lines(
    home: Path, tmp_path: Path, secret: str
) -> None:
    catalog = ["--catalog", str(home / "catalog"), "--today", "2026-11-28"]
    path = tmp_path / "shop.yaml"
    for right, wrong in (
        ("kind: redis", "kind: redsi"),
        ("kind: postgres", "kind: postgrse"),
        ('version: "16"', 'version: "16.1"'),
    ):
        said = []
        for value in ("production", secret):
            path.write_text(with_password(home, value).replace(right, wrong), "utf-8")
            report = json.loads(CliRunner().invoke(check, [str(path), *catalog, "--format", "json"]).stdout)
            said.append([(each["message"], each["fix"]) for each in report["problems"]])
        assert said[0] == said[1] != []


def test_a_value_that_is_a_secret_is_left_out_of_what_is_said_of_it_and_the_rest_stays(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(with_password(home, "x").replace('value: "x"', "value: 837492837492"), "utf-8")
    catalog = ["--catalog", str(home / "catalog"), "--today", "2026-11-28"]
    (problem,) = json.loads(CliRunner().invoke(check, [str(path), *catalog, "--format", "json"]).stdout)[
        "problems"
    ]
    assert problem["message"] == "`value` is [secret], a number."
    assert problem["fix"].startswith("Write a string")
