"""What a change costs: each adds files to a copy of the project, edits none, and is there at once.

A test here fails when a new list, table or registry has to be kept beside the folders.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.house.added import (
    COMMAND,
    COMPOSED,
    KIND,
    KIND_COMPONENT,
    KIND_RULE,
    REPORT,
    RING,
    RULE,
    SCHEMA,
    SERVICE,
    WAIVER,
)
from tests.project import copied

pytestmark = pytest.mark.slow

HOME = Path(__file__).resolve().parents[2]
TODAY = "2026-11-21"

Pave = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path / "copy")


@pytest.fixture
def python(copy: Path, tmp_path: Path) -> Pave:
    """Run a module of the copy, with the tools of this checkout and without old verdicts."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "NO_COLOR": "1",
            "PATH": f"{HOME / '.tools'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)

    return run


def contents(copy: Path) -> dict[str, bytes]:
    return {
        path.relative_to(copy).as_posix(): path.read_bytes() for path in copy.rglob("*") if path.is_file()
    }


def add(copy: Path, path: str, text: str) -> None:
    """A new file; what is there already is no new file."""
    file = copy / path
    assert not file.exists()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def service(owner: str = "workplace", environment: str = "staging", vendor: str = "mailgun") -> str:
    return SERVICE.replace("OWNER", owner).replace("ENVIRONMENT", environment).replace("VENDOR", vendor)


def renamed(file: str, name: str, changes: Mapping[str, str] | None = None) -> str:
    """The text of a shipped document under another name."""
    path = HOME / "catalog" / file
    text = path.read_text("utf-8").replace(f"name: {path.stem}\n", f"name: {name}\n", 1)
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text


def judged(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The report of `pave check --format json`, which must be about usable input."""
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.opa
@pytest.mark.skipif(
    not (HOME / ".tools" / "opa").exists() and shutil.which("opa") is None, reason="no opa: make tools"
)
def test_a_rule_costs_its_folder(copy: Path, python: Pave) -> None:
    add(copy, "policies/rules/operations/names_are_short/names_are_short.rego", RULE)
    before = contents(copy)
    built = python("policies.building", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    after = contents(copy)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"policies/bundle/policy.wasm", "policies/bundle/rules.json"}

    done = python("pave", "check", "catalog/services/customersdot.yaml", "--format", "json", "--today", TODAY)
    assert "operations/names-are-short" in json.dumps(judged(done))
    assert "CustomersDot is" not in done.stdout
    assert "customersdot is too long a name." in done.stdout
    explained = python("pave", "explain", "operations/names-are-short")
    assert explained.returncode == 0
    assert "A name that nobody can remember" in explained.stdout


def test_a_service_costs_its_file(copy: Path, python: Pave) -> None:
    add(copy, "catalog/services/tea-kitchen.yaml", service())
    assert "tea-kitchen" in json.dumps(judged(python("pave", "check", "--format", "json", "--today", TODAY)))
    planned = python("pave", "plan", "tea-kitchen", "--today", TODAY)
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "service.tea-kitchen.staging" in planned.stdout


def test_a_team_costs_its_file(copy: Path, python: Pave) -> None:
    add(copy, "catalog/services/tea-kitchen.yaml", service(owner="kitchen"))
    file = "catalog/services/tea-kitchen.yaml"
    assert python("pave", "check", file).returncode != 0
    add(copy, "catalog/teams/kitchen.yaml", renamed("teams/workplace.yaml", "kitchen"))
    assert python("pave", "check", file).returncode == 0


def test_a_vendor_costs_its_file(copy: Path, python: Pave) -> None:
    add(copy, "catalog/services/tea-kitchen.yaml", service(vendor="samovar"))
    file = "catalog/services/tea-kitchen.yaml"
    assert python("pave", "check", file).returncode != 0
    add(copy, "catalog/vendors/samovar.yaml", renamed("vendors/mailgun.yaml", "samovar"))
    assert python("pave", "check", file).returncode == 0


def test_an_environment_costs_its_file(copy: Path, python: Pave) -> None:
    add(copy, "catalog/services/tea-kitchen.yaml", service(environment="rehearsal"))
    assert python("pave", "check", "catalog/services/tea-kitchen.yaml").returncode != 0
    changes = {"acme-subscriptions-stg": "acme-subscriptions-reh", "staging.acme": "rehearsal.acme"}
    add(
        copy,
        "catalog/environments/rehearsal.yaml",
        renamed("environments/staging.yaml", "rehearsal", changes),
    )
    assert python("pave", "check", "catalog/services/tea-kitchen.yaml").returncode == 0
    planned = python("pave", "plan", "foundation.rehearsal", "--today", TODAY)
    assert planned.returncode == 0, planned.stdout + planned.stderr


def test_a_waiver_costs_its_file(copy: Path, python: Pave) -> None:
    spec = copy / "catalog" / "services" / "customersdot.yaml"
    spec.write_text(spec.read_text("utf-8").replace("pointInTime: true", "pointInTime: false", 1), "utf-8")
    check = ("pave", "check", "catalog/services/customersdot.yaml", "--today", TODAY)
    found = [
        (finding["rule"], finding["path"], decision["environment"])
        for decision in judged(python(*check, "--format", "json"))["decisions"]
        for finding in decision["findings"]
        if finding["blocking"]
    ]
    assert {rule for rule, _, _ in found} == {
        "reliability/point-in-time-recovery-is-on",
        "reliability/recovery-fits-the-topology",
    }
    for number, (rule, path, environment) in enumerate(found):
        waiver = WAIVER.format(number=number, rule=rule, path=path, environment=environment)
        add(copy, f"catalog/waivers/recovery-{number}.yaml", waiver)
    done = python(*check)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_kind_of_spec_costs_its_schema_and_its_folder(copy: Path, python: Pave) -> None:
    add(copy, "catalog/rings/own-people.yaml", RING)
    add(copy, "catalog/schema/ring.schema.json", json.dumps(SCHEMA))
    done = python("pave", "check", "--format", "json", "--today", TODAY)
    assert "own-people" not in json.dumps(judged(done))
    shown = json.loads(python("pave", "input", "lunch-menu", "--today", TODAY).stdout)
    assert shown["spec"]["catalog"]["rings"] == [
        {"name": "own-people", "spec": {"percent": 1, "minutes": 30}}
    ]
    add(
        copy,
        "catalog/rings/other-people.yaml",
        RING.replace("own-people", "other-people").replace("percent", "precent"),
    )
    assert "rings/other-people.yaml:5:3" in python("pave", "check", "--today", TODAY).stdout


@pytest.mark.opa
@pytest.mark.skipif(
    not (HOME / ".tools" / "opa").exists() and shutil.which("opa") is None, reason="no opa: make tools"
)
def test_a_kind_that_a_rule_reads_and_a_component_uses_costs_its_module_too(copy: Path, python: Pave) -> None:
    before = contents(copy)
    add(copy, "catalog/rings/own-people.yaml", RING)
    add(copy, "catalog/schema/ring.schema.json", json.dumps(SCHEMA))
    add(copy, "catalog/kinds/ring.py", KIND)
    add(copy, "policies/rules/operations/rings_are_small/rings_are_small.rego", KIND_RULE)
    add(copy, "components/ring_flags.py", KIND_COMPONENT)
    program = copy / "stacks" / "programs" / "service.py"
    line = "    for name, value in _outputs(decided, made).items():\n"
    program.write_text(program.read_text("utf-8").replace(line, COMPOSED + line), "utf-8")
    for module, action in (("policies.building", "build"), ("pave.portal.reference", "write")):
        made = python(module, action)
        assert made.returncode == 0, made.stdout + made.stderr
    after = contents(copy)
    edited = {path for path in before if before[path] != after[path]}
    generated = {"policies/bundle/policy.wasm", "policies/bundle/rules.json", "policies/RULES.md"}
    assert edited - generated == {"policies/schema/input.schema.json", "stacks/programs/service.py"}
    schema = json.loads(after["policies/schema/input.schema.json"])
    assert {"name", "percent", "minutes"} == schema["$defs"]["NamedRing"]["properties"].keys()

    check = ("pave", "check", "catalog/services/lunch-menu.yaml", "--format", "json", "--today", TODAY)
    found = [
        finding["message"] for each in judged(python(*check))["decisions"] for finding in each["findings"]
    ]
    assert "own-people is too long a name." in found
    planned = python("pave", "plan", "lunch-menu", "--format", "json", "--today", TODAY)
    [flags] = [
        each
        for each in json.loads(planned.stdout)["plan"]["resources"]
        if each["name"] == "lunch-menu-rings" and each["custom"]
    ]
    assert flags["inputs"]["data"] == {"own-people": "1 % for 30 min"}
    assert flags["origin"]["document"] == "rings/own-people.yaml"

    (copy / "catalog" / "rings" / "own-people.yaml").write_text(f"{RING}  minutes: 5\n", "utf-8")
    found = [
        finding["message"] for each in judged(python(*check))["decisions"] for finding in each["findings"]
    ]
    assert "own-people is too long a name." not in found, "an edit of the kind has the service judged again"


def test_a_command_costs_its_module(copy: Path, python: Pave) -> None:
    add(copy, "pave/commands/hello.py", COMMAND)
    assert python("pave", "hello").stdout == "hello\n"
    assert "hello" in python("pave", "--help").stdout


def test_a_report_format_costs_its_module(copy: Path, python: Pave) -> None:
    add(copy, "pave/reports/formats/names.py", REPORT)
    assert "names" in python("pave", "check", "--help").stdout
    done = python("pave", "check", "--format", "names", "--today", TODAY)
    assert "customersdot\n" in done.stdout
    done = python("pave", "plan", "lunch-menu", "--output", "reports/lunch.names", "--today", TODAY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (copy / "reports" / "lunch.names").read_text() == "lunch-menu\n"
