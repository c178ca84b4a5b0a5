"""`pave new`: what it writes passes its check; what would be blocked or is taken, it doesn't write."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.loader import load
from catalog.validation import SCHEMAS, is_valid
from catalog.yaml.text import data_of
from pave.cli import pave
from pave.commands.new import STAGES, TIERS
from pave.drafting.catalog import drafts
from pave.drafting.saving import save
from pave.drafting.service import NO_DIGEST
from pave.refused import Refused
from pave.workspace import Workspace
from tests.conftest import HOME

Run = Callable[..., Result]
SHIPPED = sorted(load(HOME / "catalog").documents["Service"])
TODAY = ("--today", "2026-11-21")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command beside a copy of the shipped catalog."""
    shutil.copytree(
        HOME / "catalog", tmp_path / "catalog", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(pave, [*words, *TODAY], catch_exceptions=False)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


TOO_EARLY = ("critical", "experiment")
"""What the business can't do without is no experiment: operations/experiments-stay-small."""


@pytest.mark.parametrize(("tier", "stage"), sorted({*product(TIERS, [*STAGES, None])} - {TOO_EARLY}, key=str))
def test_a_new_service_of_any_tier_and_stage_passes_its_check(run: Run, tier: str, stage: str | None) -> None:
    options = ("--owner", "fulfillment-platform", "--tier", tier, *(("--stage", stage) if stage else ()))
    made = run("new", "service", "tea-kitchen", *options)
    assert made.exit_code == 0, made.output
    checked = run("check", "catalog/services/tea-kitchen.yaml")
    assert checked.exit_code == 0, checked.output
    assert "ALLOWED  tea-kitchen · production: 0 block" in checked.output


@pytest.mark.parametrize("model", SHIPPED)
def test_a_new_service_like_any_that_is_shipped_passes_its_check(run: Run, model: str) -> None:
    made = run("new", "service", "tea-kitchen", "--like", model)
    assert made.exit_code == 0, made.output
    checked = run("check")
    assert checked.exit_code == 0, checked.output
    assert "ALLOWED  tea-kitchen · production: 0 block" in checked.output
    assert model not in Path("catalog/services/tea-kitchen.yaml").read_text()


def test_it_says_what_to_fill_in_what_to_commit_and_what_happens_then(run: Run) -> None:
    made = run("new", "service", "refunds", "--like", "customersdot").output
    for line in (
        "Written, and allowed by `pave check`: catalog/services/refunds.yaml",
        "pave check catalog/services/refunds.yaml",
        "git add catalog/services/refunds.yaml ",
        "service.refunds.production  https://refunds.acme.example",
        "service.refunds.staging     https://refunds.staging.acme.example",
        "pave secrets set service.refunds.staging jwt-signing-key --cloud gcp",
        "the firewall's exceptions",
    ):
        assert line in made


@pytest.mark.parametrize(
    "words",
    [
        ("service", "tea", "--owner", "fulfillment-platform", "--tier", "critical", "--stage", "ga"),
        ("service", "tea", "--like", "customersdot"),
        ("catalog", "ours"),
    ],
)
def test_each_place_to_fill_in_is_where_it_says_and_says_what_is_wanted(
    run: Run, words: tuple[str, ...]
) -> None:
    made = run("new", *words).output
    places = re.findall(r"^  (\S+\.yaml):(\d+) +\S+$", made, re.MULTILINE)
    files = {path: Path(path).read_text().splitlines() for path, _ in places}
    for path, line in places:
        assert "# Fill in: " in files[path][int(line) - 2]
    asked = re.findall("# Fill in: ", "\n".join(line for lines in files.values() for line in lines))
    assert len(asked) == len(places) > 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("Tea Kitchen",),
            "is no name: up to 40 small letters, digits and hyphens, a letter first. Write `tea-kitchen`.",
        ),
        (("1-2",), "Write it like `lunch-menu`."),
        (("../../tea", "--owner", "platform"), "Write `tea`."),
        (
            ("lunch-menu", "--owner", "platform"),
            "lunch-menu.yaml is there already. Choose another name, or edit it.",
        ),
        (("tea",), "Say who owns it: --owner TEAM. Teams: fulfillment-platform, platform, workplace."),
        (("tea", "--owner", "workplac"), "There is no team `workplac` in catalog. Did you mean `workplace`?"),
        (("tea", "--owner", "nobody"), "Teams: fulfillment-platform, platform, workplace."),
        (
            ("tea", "--like", "customerdot"),
            "There is no service `customerdot` in catalog. Did you mean `customersdot`?",
        ),
        (("tea", "--like", "lunch-menu", "--owner", "workplac"), "Did you mean `workplace`?"),
        (
            ("kube-tea", "--owner", "platform"),
            "catalog/reserved-name: `kube-tea` is a namespace of the cluster's own",
        ),
        (
            ("tea", "--owner", "workplace", "--stage", "ga"),
            "operations/owner-can-be-reached: On-call for team workplace",
        ),
        (
            ("tea", "--owner", "platform", "--tier", TOO_EARLY[0], "--stage", TOO_EARLY[1]),
            "operations/experiments-stay-small: tea is an experiment in production, but its tier",
        ),
        (
            ("tea", "--like", "customersdot", "--stage", "ga"),
            "reliability/recovery-is-tested: `recovery.restoreTestedOn`",
        ),
        (("tea", "--like", "catalog/examples/customersdot-today.yaml"), "… and "),
        (
            ("customers", "--owner", "platform"),
            "catalog/unique-host: The host `customers.acme.example` is also claimed",
        ),
        (
            ("tea", "--owner", "platform", "--catalog", "nowhere"),
            "There is no catalog at nowhere. Make one: pave new catalog nowhere",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    run: Run, words: tuple[str, ...], message: str
) -> None:
    before = contents(Path())
    made = run("new", "service", *words)
    assert made.exit_code == 2
    assert made.output.startswith("pave: ")
    assert message in made.output
    assert {p: t for p, t in contents(Path()).items() if p.parts[0] != "cache"} == before


def test_a_broken_file_of_that_name_is_not_written_over(run: Run) -> None:
    place = Path("catalog/services/tea.yaml")
    place.write_text("kind: [")
    assert "is there already" in run("new", "service", "tea", "--owner", "platform").output
    assert place.read_text() == "kind: ["


def test_a_file_that_appears_meanwhile_is_not_written_over(tmp_path: Path, today: date) -> None:
    work = Workspace(tmp_path, today)
    save(work, drafts(None, None))
    before = contents(tmp_path)
    with pytest.raises(Refused, match=r"production\.yaml can't be written: File exists\."):
        save(work, drafts("another-project", None))
    assert contents(tmp_path) == before


def test_an_empty_repository_starts_with_one_command(run: Run) -> None:
    made = run("new", "catalog", "ours", "--project", "acme-prod", "--domain", "acme.example")
    assert made.exit_code == 0, made.output
    assert "foundation.production\n" in made.output
    assert "service.hello.production  https://hello.acme.example" in made.output
    checked = run("check", "--catalog", "ours")
    assert checked.exit_code == 0, checked.output
    assert "ALLOWED  foundation · production: 0 block" in checked.output
    assert "ALLOWED  hello · production: 0 block" in checked.output
    second = run("new", "service", "tea", "--catalog", "ours")  # there is only one team
    assert second.exit_code == 0, second.output
    assert "pave check ours/services/tea.yaml --catalog ours" in second.output


def test_what_has_no_image_yet_is_planned_and_blocked_until_it_has(run: Run) -> None:
    run("new", "service", "tea", "--owner", "platform")
    early = run("plan", "tea")
    assert early.exit_code == 1, early.output
    assert early.output.count("✗ ") == 1
    assert "✗ operations/images-are-built  (level 1, error)" in early.output
    assert re.search(r"catalog/services/tea\.yaml:\d+", early.output)
    spec = Path("catalog/services/tea.yaml")
    spec.write_text(spec.read_text().replace(NO_DIGEST, f"sha256:{'5f' * 32}"))
    late = run("plan", "tea")
    assert late.exit_code == 0, late.output


def test_a_catalog_that_is_there_is_not_written_over(run: Run) -> None:
    before = contents(Path("catalog"))
    made = run("new", "catalog", "catalog")
    assert made.exit_code == 2
    assert "There is a catalog at catalog already: catalog/environments/production.yaml." in made.output
    assert contents(Path("catalog")) == before


def test_a_project_that_cannot_be_leaves_no_folder_behind(run: Run) -> None:
    made = run("new", "catalog", "ours", "--project", "A")
    assert made.exit_code == 2
    assert "schema/pattern: `project`" in made.output
    assert not Path("ours").exists()


def test_a_catalog_without_a_team_or_an_environment_says_how_to_get_one(run: Run) -> None:
    for kind in ("environments", "teams"):
        Path("ours", kind).mkdir(parents=True)
    asked = ("new", "service", "tea", "--catalog", "ours")
    both = "ours has no environment and no team that can be used. A service needs both. "
    assert both + "Make the first ones: pave new catalog ours" in run(*asked).output
    Path("ours/environments/production.yaml").write_text("kind: [")
    assert both + "Some files are wrong: pave check --catalog ours" in run(*asked).output
    shutil.copy("catalog/environments/production.yaml", "ours/environments")
    alone = run(*asked).output
    assert "ours has no team that can be used." in alone
    assert f"Write one like those in {HOME / 'catalog' / 'teams'}." in alone


def test_an_editor_is_told_of_the_schema_which_is_there(run: Run) -> None:
    run("new", "service", "tea", "--owner", "platform")
    head = "# yaml-language-server: $schema=../schema/service.schema.json\n"
    assert Path("catalog/services/tea.yaml").read_text().startswith(head)
    run("new", "catalog", "ours")
    run("new", "vendor", "twilio", "--catalog", "ours")
    made = sorted(Path("ours").rglob("*.yaml"))
    assert [path.stem for path in made] == ["production", "hello", "platform", "twilio"]
    for path in made:
        first = path.read_text("utf-8").splitlines()[0]
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        kind = schema.name.removesuffix(".schema.json").capitalize()
        assert schema.read_bytes() == (SCHEMAS / schema.name).read_bytes()
        assert is_valid(kind, data_of(path.read_bytes(), path.name))


def test_without_production_it_starts_in_the_first_environment(run: Run) -> None:
    Path("catalog/environments/production.yaml").unlink()
    for path in Path("catalog/services").glob("*.yaml"):
        path.unlink()
    made = run("new", "service", "tea", "--owner", "platform")
    assert "service.tea.staging  https://tea.staging.acme.example" in made.output
    assert run("check", "catalog/services/tea.yaml").exit_code == 0
