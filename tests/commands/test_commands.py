"""The command as its users meet it: exit codes, words and speed of the way in."""

import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from catalog.stores.registry import store_kinds
from pave.cli import COMMANDS
from pave.options import LongCommand
from tests.command import pave

SPEC = "catalog/services/customersdot.yaml"
TODAY = "catalog/examples/customersdot-today.yaml"


def test_the_highly_available_spec_is_allowed(home: Path) -> None:
    run = pave(home, "check", SPEC, "--env", "production", "--today", "2026-11-21")
    assert run.exit_code == 0, run.stdout
    assert run.stdout.startswith("ALLOWED  customersdot · production: 0 block")


def test_the_spec_of_today_is_blocked_with_a_code_frame(home: Path) -> None:
    run = pave(home, "check", TODAY, "--today", "2026-11-21")
    assert run.exit_code == 1
    assert "reliability/alerts-can-fire" in run.stdout
    assert f"{'examples/customersdot-today.yaml'}:" in run.stdout
    assert "^" in run.stdout


def test_the_shipped_catalog_is_allowed(home: Path) -> None:
    run = pave(home, "check", "--today", "2026-11-21")
    assert run.exit_code == 0, run.stdout


def test_the_contract_names_every_variable_that_a_store_or_a_service_is_told_by(home: Path) -> None:
    said = pave(home, "explain", "contract").stdout
    told = {f"DB_{fact}" for kind in store_kinds().values() for fact in kind.FACTS}
    assert told
    assert {name for name in told | {"PRICES_ADDRESS", "PRICES_URL"} if name not in said} == set()


def test_a_service_can_be_tried_on_ones_own_machine(home: Path) -> None:
    run = pave(home, "run", "receipt-scanner", "--today", "2026-11-21")
    assert run.exit_code == 0, run.stderr
    assert run.stdout.startswith(
        "# usage is usage-api, which has a file of its own: pave run usage-api\nname: "
    )


def test_what_runs_on_machines_only_has_nothing_to_try(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "catalog", tmp_path / "catalog")
    (tmp_path / "catalog/services/old.yaml").write_text(
        "{apiVersion: pave/v1, kind: Service, metadata: {name: old, owner: platform},"
        " spec: {tier: standard, stage: ga, workloads: [{name: web, runtime: vm, vm: {}}]}}"
    )
    run = pave(tmp_path, "run", "old")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "there is no image to try" in run.stderr


@pytest.mark.slow
def test_a_piped_report_has_no_colour(home: Path) -> None:
    environment = {**os.environ, "FORCE_COLOR": "", "TERM": "xterm-256color"}
    for words in (["check"], ["demo"], ["availability", "customersdot"]):
        command = [sys.executable, "-m", "pave", *words]
        run = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
        assert run.stdout
        assert b"\x1b" not in run.stdout


def test_json_has_a_versioned_shape(home: Path) -> None:
    report = json.loads(pave(home, "check", TODAY, "--format", "json", "--today", "2026-11-21").stdout)
    assert (report["apiVersion"], report["kind"], report["allowed"]) == ("pave/v1", "CheckReport", False)
    finding = report["decisions"][0]["findings"][0]
    assert {
        "rule",
        "message",
        "why",
        "remediation",
        "document",
        "line",
        "column",
        "blocking",
    } <= finding.keys()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere.yaml"], "nowhere.yaml"),
        (["check", "--catalog", "nowhere"], "There is no catalog at nowhere"),
        (["check", "--env", "prodution"], "There is no environment `prodution`"),
        (["chekc"], "Did you mean `check`?"),
        (["check", "--environment", "production"], "Did you mean '--env'?"),
        (["dns", "show", "--enviroment", "production"], "Did you mean '--env'?"),
        (["check", "--formt", "json"], "Did you mean '--format'?"),
        (["check", "--nonsense"], "No such option '--nonsense'.\n"),
        (["dns", "show", "production"], "Did you mean `--env production`?"),
        (["dns", "show", "customers"], "Did you mean `customers.acme.example`?"),
        (["check", "--today", "tomorrow"], "tomorrow"),
        (["plan", "service.customersdot.prod"], "Did you mean `service.customersdot.production`?"),
        (["plan", "custmersdot"], "Did you mean `customersdot`?"),
        (["explain", "reliability/alert-can-fire"], "Did you mean `reliability/alerts-can-fire`?"),
        (["explain", "alerts-can-fier"], "Did you mean `reliability/alerts-can-fire`?"),
        (["explain", "autoscaling"], "Rules about it: `performance/autoscaling-has-room`."),
        (["explain", "replicas"], "Rules about it: `cost/replicas-fit-the-peak`."),
        (["explain", "singleLeader"], "a field: `spec.workloads[].singleLeader` of a Service"),
        (["destroy", "portal", "--yes"], "--confirm service.NAME.ENVIRONMENT"),
        (
            ["availability", "customersdot", "--what-if", "spec.stores[rediz].need=soft"],
            "there is no `[rediz]`",
        ),
        (["availability", "customersdot", "--what-if", "spec.tier=high"], "Write one of critical"),
        (["availability", "customersdot", "--what-if", "nonsense"], "is no change"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_usage_is_one_clear_message_and_exit_2(home: Path, arguments: list[str], message: str) -> None:
    run = pave(home, *arguments)
    assert run.exit_code == 2, run.stdout
    assert message in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_every_command_shows_a_real_example(home: Path) -> None:
    for path in sorted((home / "pave" / "commands").glob("[a-z]*.py")):
        run = pave(home, path.stem, "--help")
        assert run.exit_code == 0
        assert f"pave {path.stem}" in run.stdout.split("Example", 1)[1]


def test_a_check_imports_no_pulumi(home: Path) -> None:
    code = (
        "import sys\nfrom pave.cli import pave\n"
        "try:\n    pave(['check', '--format', 'json'])\nexcept SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('pulumi')), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"


def test_a_what_if_changes_the_figure_and_not_the_file(home: Path) -> None:
    before = (home / SPEC).read_bytes()
    run = pave(
        home, "availability", "customersdot", "--what-if", "spec.stores[redis].need=hard", "--format", "json"
    )
    report = json.loads(run.stdout)
    assert report["availability"]["designed"] < report["availability"]["promised"]
    assert report["improvements"][0]["path"] == "spec.stores[redis].need"
    assert (home / SPEC).read_bytes() == before


def test_the_input_is_what_a_rule_sees(home: Path) -> None:
    document = json.loads(pave(home, "input", "customersdot", "--today", "2026-11-21").stdout)
    assert document.keys() == {"spec"}
    assert document["spec"]["today"] == 20778
    assert document["spec"]["service"]["spec"]["stores"][0]["backup"]["startHour"] == 1


def test_maturity_is_not_claimed_for_what_is_not_measured(home: Path) -> None:
    found = json.loads(pave(home, "maturity", "customersdot", "--format", "json").stdout)["services"][0]
    assert found["levelNumber"] == 3
    results = {c["name"]: c["result"] for level in found["details"] for c in level["criteria"]}
    assert results["Metrics on downstream service usage"] == "unimplemented"
    assert results["Long-term forecasting utilization and usage"] == "failed"


@pytest.mark.parametrize(
    "words", [["check"], ["check", "--format", "json"], ["availability", "customersdot"]]
)
def test_a_full_disk_is_no_verdict(home: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = subprocess.run(
            [sys.executable, "-m", "pave", *words], cwd=home, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert run.returncode == 2
    assert run.stderr == b"pave: No space left on device. That is no verdict.\n"


def test_who_has_read_enough_is_told_nothing(home: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run(
        [sys.executable, "-m", "pave", "explain"], cwd=home, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (run.returncode, run.stderr) == (141, b"")


def test_a_services_name_stands_for_its_file(home: Path) -> None:
    by_name, by_file = (pave(home, "check", spec, "--today", "2026-11-21") for spec in ("customersdot", SPEC))
    assert (by_name.exit_code, by_name.stdout) == (by_file.exit_code, by_file.stdout)


def test_a_foundation_stands_for_its_environments_file_and_a_services_stack_is_told_how(home: Path) -> None:
    by_stack, by_file = (
        pave(home, "check", spec, "--today", "2026-11-21")
        for spec in ("foundation.staging", "catalog/environments/staging.yaml")
    )
    assert (by_stack.exit_code, by_stack.stdout) == (0, by_file.stdout)
    told = pave(home, "check", "service.usage-api.staging")
    assert (told.exit_code, "`pave check usage-api --env staging`" in told.stderr) == (2, True)
    for said, meant in (("usage-ap", "usage-api"), ("foundation.stagin", "foundation.staging")):
        unknown = pave(home, "check", said)
        assert (unknown.exit_code, f"Did you mean `{meant}`?" in unknown.stderr) == (2, True)


def test_no_verdict_says_allowed_of_a_file_that_claims_what_another_has(home: Path, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog"
    shutil.copytree(home / "catalog", catalog)
    spec = (catalog / "services" / "lunch-menu.yaml").read_text("utf-8").replace("lunch-menu", "tea", 1)
    spec = spec.replace("spec:\n", "spec:\n  edge: {host: customers.acme.example}\n", 1)
    (catalog / "services" / "tea.yaml").write_text(spec, "utf-8")
    run = pave(home, "check", "--catalog", str(catalog), "--today", "2026-11-21", "--format", "json")
    report = json.loads(run.stdout)
    assert (run.exit_code, report["allowed"]) == (1, False)
    wrong = {each["document"] for each in report["problems"] if each["rule"] == "catalog/unique-host"}
    assert wrong == {"services/customersdot.yaml", "services/tea.yaml"}
    for decision in report["decisions"]:
        assert decision["allowed"] is (decision["document"] not in wrong), decision["service"]
    text = pave(home, "check", "--catalog", str(catalog), "--today", "2026-11-21").stdout
    assert "BLOCKED  tea · production: 0 block, " in text
    assert " of its file\n" in text


def test_a_stack_in_another_environment_than_was_said_is_refused(home: Path) -> None:
    run = pave(home, "plan", "service.customersdot.staging", "--env", "production")
    assert run.exit_code == 2
    assert "service.customersdot.staging is in staging, not in production" in run.stderr


COLLECTING = """
import gc, sys
from importlib import import_module
from pave.cli import main
asked = import_module(f"pave.commands.{sys.argv[1]}").command
if len(sys.argv) > 2 and sys.argv[2] in getattr(asked, "commands", {}):
    asked = asked.commands[sys.argv[2]]
asked.callback = lambda **_: print(gc.isenabled())
main()
"""


@pytest.mark.parametrize(
    ("words", "is_long"),
    [
        *(((name, "portal"), True) for name in ("up", "preview", "destroy", "recover")),
        *((words, True) for words in (("drift",), ("demo",), ("cloud", "start"))),
        *((words, False) for words in (("check",), ("plan", "portal"), ("fix",), ("cloud", "ls"))),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_garbage_is_collected_only_in_commands_that_run_long(
    home: Path, words: tuple[str, ...], is_long: bool
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", COLLECTING, *words], cwd=home, capture_output=True, text=True, check=True
    )
    assert run.stdout == f"{is_long}\n"


@pytest.mark.parametrize("path", sorted(COMMANDS.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_every_command_that_works_with_the_engine_may_run_long(path: Path) -> None:
    command = import_module(f"pave.commands.{path.stem}").command
    if "cloud" in {parameter.name for parameter in command.params}:
        assert isinstance(command, LongCommand)


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["fix", "--diff"],
        ["plan", "customersdot"],
        ["plan", "service.customersdot.staging"],
        ["preview", "customersdot"],
        ["up", "foundation.staging"],
        ["availability", "customersdot"],
        ["input", "customersdot"],
    ],
    ids=" ".join,
)
def test_every_command_answers_an_unknown_environment_in_the_same_words(
    home: Path, command: list[str]
) -> None:
    unknown = "pave: There is no environment `{}` in catalog. {}\n"
    for name, hint in (
        ("prodution", "Did you mean `production`?"),
        ("jupiter", "Known: production, staging, staging.load-test."),
    ):
        run = pave(home, *command, "--env", name)
        assert (run.exit_code, run.stderr) == (2, unknown.format(name, hint))


def test_a_misspelled_stack_is_told_what_was_meant(home: Path) -> None:
    run = pave(home, "plan", "foundatoin.staging")
    assert run.exit_code == 2
    assert "Did you mean `foundation.staging`?" in run.stderr
