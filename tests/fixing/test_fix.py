"""`pave fix`: what rules ask for is written where it belongs, holds, and is all that changes."""

import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from catalog.document import pointer_of
from catalog.loader import Catalog, load
from catalog.owners_word import owners_word
from catalog.yaml.text import parse
from pave.checking.judge import subjects
from pave.commands.fix import command
from pave.fixing.mender import Mender
from pave.fixing.rejudging import StandingJudge
from pave.fixing.rewriting import unified_diff
from policies.decision import Finding
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from tests.conftest import HOME
from tests.shipped import NAMED_BY_SERVICES

FOLDERS = sorted(path.parent for path in (HOME / "policies" / "rules").glob("*/*/failing.yaml"))
EXAMPLE = "examples/customersdot-today.yaml"
SERVICE = """\
apiVersion: pave/v1
kind: Service
metadata: {name: portal, owner: fulfillment-platform}
spec:
  tier: standard
  stage: ga
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/portal@sha256:DIGEST
""".replace("DIGEST", "0f1e2d3c4b5a6978" * 4)


@pytest.fixture(scope="module")
def judge(bundle: Bundle, today: date, tmp_path_factory: pytest.TempPathFactory) -> StandingJudge:
    cache = tmp_path_factory.mktemp("cache")
    cache.chmod(0o700)
    return StandingJudge(lambda: EmbeddedEngine(bundle, cache_dir=cache), bundle.rules, today)


@pytest.fixture
def catalog(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped catalog."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for folder in (*NAMED_BY_SERVICES, "services", "examples"):
        shutil.copytree(shipped / folder, tmp_path / "catalog" / folder)
    return tmp_path / "catalog"


@pytest.fixture
def fix(catalog: Path) -> Callable[..., Result]:
    """Runs `pave fix` on the copy."""

    def run(*arguments: object) -> Result:
        words = ["--catalog", str(catalog), "--today", "2026-11-21", *map(str, arguments)]
        wide = {"COLUMNS": "1000"}  # a path of the tests is a long word
        return CliRunner(env=wide).invoke(command, words, catch_exceptions=False)

    return run


def portal(catalog: Path, more: str) -> Path:
    path = catalog / "services" / "portal.yaml"
    path.write_bytes((SERVICE + more).encode())
    return path


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-2:]))
def test_what_a_rule_expects_mends_its_failing_document(
    folder: Path, judge: StandingJudge, tmp_path: Path
) -> None:
    paths = []
    for fixture in sorted(folder.glob("*.yaml")):
        if fixture.name != "passing.yaml":
            name = parse(fixture.read_bytes(), fixture.name).data["metadata"]["name"]
            paths.append(Path(shutil.copy(fixture, tmp_path / f"{name}.yaml")))
    catalog = load(HOME / "catalog", paths)
    rule = f"{folder.parent.name}/{folder.name.replace('_', '-')}"
    named = [
        path for path in map(catalog.shown, paths) if catalog.file(path).kind in ("Service", "Environment")
    ]
    verdicts = judge.judge_all(catalog, subjects(catalog, map(catalog.file, named), None)).values()
    expected = [
        f for one in verdicts for f in one.findings if f.rule == rule and f.expected is not msgspec.UNSET
    ]
    done = Mender(catalog, judge, named, {rule}).mend(None)
    asked = [left for left in done.left if left.finding.expected is not msgspec.UNSET]
    assert [left for left in asked if not left.reason.startswith("Only you can make ")] == []
    assert [left for left in asked if not is_owners_word(catalog, left.finding)] == []
    assert bool(done.fixes) == any(not is_owners_word(catalog, finding) for finding in expected)
    assert set(done.documents) == {one.finding.document for one in done.fixes}
    for path, document in done.documents.items():
        before = catalog.file(path).text.decode().splitlines()
        after = document.text.decode().splitlines()
        changed = [line for line in before if line not in after]
        assert len(changed) <= len(done.fixes)


def test_the_example_of_today_as_far_as_it_can_be_mended(
    fix: Callable[..., Result], catalog: Path, golden: Callable[[Path, str], None]
) -> None:
    before = (catalog / EXAMPLE).read_bytes()
    shown = fix(catalog / EXAMPLE, "--diff")
    assert shown.exit_code == 1
    assert (catalog / EXAMPLE).read_bytes() == before
    diff = shown.stdout.replace(str(catalog).lstrip("/"), "catalog")
    golden(HOME / "tests" / "golden" / "customersdot-today" / "fix.diff", diff)
    done = fix(catalog / EXAMPLE)
    assert done.exit_code == 1
    assert "✓ spec.stores[redis].runtime: vm → managed" in done.stdout
    assert (
        unified_diff(str(catalog / EXAMPLE), before, (catalog / EXAMPLE).read_bytes()).decode()
        == shown.stdout
    )
    again = fix(catalog / EXAMPLE, "--diff")
    assert again.stdout == ""


def test_nothing_but_the_value_changes_in_a_file_of_any_style(
    fix: Callable[..., Result], catalog: Path
) -> None:
    text = SERVICE + "  stores:\n    - {name: db, kind: postgres, backup: {retained: 3}}  # a comment  "
    text = "\ufeff" + text.replace("\n", "\r\n")
    path = catalog / "services" / "portal.yaml"
    path.write_bytes(text.encode())
    fix(path, "--rule", "reliability/backups-are-kept")
    assert path.read_bytes() == text.replace("retained: 3", "retained: 7").encode()


def test_a_finding_of_one_environment_is_mended_in_its_override(
    fix: Callable[..., Result], catalog: Path
) -> None:
    more = """\
  stores:
    - {name: db, kind: postgres, edition: enterprise-plus}  # for production
  environments:
    - name: production
    - name: staging  # smaller
"""
    path = portal(catalog, more)
    done = fix(path, "--rule", "cost/staging-is-smaller")
    assert "✓ spec.stores[db].edition: enterprise-plus → enterprise, in staging" in done.stdout
    assert path.read_text("utf-8") == SERVICE + more + (
        "      override: {stores: [{name: db, edition: enterprise}]}\n"
    )


def test_an_override_that_is_there_is_mended_where_it_stands(
    fix: Callable[..., Result], catalog: Path
) -> None:
    more = """\
  stores:
    - {name: db, kind: postgres, size: small}
  environments:
    - name: production
    - name: staging
      override:
        stores:
          - name: db
            backup: {retained: 2}  # enough for us
"""
    path = portal(catalog, more)
    fix(path, "--rule", "reliability/backups-are-kept")
    assert path.read_text("utf-8") == SERVICE + more.replace("retained: 2", "retained: 7")


def test_a_finding_of_all_environments_is_mended_once(fix: Callable[..., Result], catalog: Path) -> None:
    more = "  stores: [{name: db, kind: postgres, backup: {retained: 2}}]\n"
    ends = "  environments: [{name: production}, {name: staging}]\n"
    path = portal(catalog, more + ends)
    done = fix(path, "--rule", "reliability/backups-are-kept")
    assert done.stdout.count("✓") == 1
    assert path.read_text("utf-8") == SERVICE + more.replace("2", "7") + ends


def test_a_file_that_was_not_named_is_left_alone(fix: Callable[..., Result], catalog: Path) -> None:
    path = portal(catalog, "")
    environment = catalog / "environments" / "production.yaml"
    text = environment.read_text("utf-8").replace("domain: acme", "ttlSeconds: 3600\n    domain: acme")
    environment.write_text(text, "utf-8")
    done = fix(path, "--rule", "reliability/dns-ttl-is-short")
    assert "Not mended: It stands in environments/production.yaml, which was not named." in words(done)
    assert environment.read_text("utf-8") == text
    fix("--rule", "reliability/dns-ttl-is-short")
    assert environment.read_text("utf-8") == text.replace("3600", "300")


def test_a_fix_that_makes_another_rule_block_is_taken_back(fix: Callable[..., Result], catalog: Path) -> None:
    more = """\
      replicas: {min: 3, max: 3}
      connections: 12
  stores: [{name: db, kind: postgres, maxConnections: 100}]
"""
    path = portal(catalog, more)
    path.write_text(path.read_text("utf-8").replace("tier: standard", "tier: critical"), "utf-8")
    before = path.read_bytes()
    done = fix(path, "--rule", "performance/autoscaling-has-room")
    assert done.exit_code == 1
    assert (
        "Not mended: With 4, reliability/connection-pools-fit blocks portal in production: "
        "Database db is safe with 80 connections; all copies together may open 84."
    ) in words(done)
    assert path.read_bytes() == before


def test_values_that_depend_on_each_other_are_mended_one_after_the_other(
    fix: Callable[..., Result], catalog: Path
) -> None:
    more = """\
      replicas: {min: 3, max: 3}
      capacity: {peakPerSecond: 300, perReplicaPerSecond: 30}
      connections: 20
  stores: [{name: db, kind: postgres}]
"""
    path = portal(catalog, more)
    path.write_text(path.read_text("utf-8").replace("tier: standard", "tier: critical"), "utf-8")
    before = path.read_text("utf-8")
    fix(path)
    mended = before.replace("min: 3, max: 3", "min: 15, max: 20").replace(
        "postgres}", "postgres, size: large}"
    )
    assert path.read_text("utf-8") == mended


def test_a_fix_that_is_outside_the_schema_is_taken_back(fix: Callable[..., Result], catalog: Path) -> None:
    path = portal(catalog, "  stores: [{name: db, kind: postgres, backup: {retained: 2}}]\n")
    broken = path.read_text("utf-8").replace("  tier: standard\n", "  tier: standrad\n")
    path.write_text(broken, "utf-8")
    done = fix(path)
    assert done.exit_code == 1
    assert '`tier` is "standrad".' in words(done)
    assert path.read_text("utf-8") == broken


def test_what_only_the_owner_can_make_true_is_left_to_them_with_the_reason(
    fix: Callable[..., Result], catalog: Path
) -> None:
    promise = "  availability: {target: 99.95}\n"
    path = portal(catalog, promise + "  dependencies: [{name: zuora, vendor: zuora, need: hard}]\n")
    before = path.read_bytes()
    done = fix(path, "--rule", "reliability/dependencies-allow-the-target")
    assert (
        "Not mended: Only you can make `need: soft` true: it says whether the service works without this "
        "dependency. Make it so, then write it."
    ) in words(done)
    assert path.read_bytes() == before
    assert done.exit_code == 1


def test_the_whole_catalog_is_said_to_be_mended_and_each_file_that_changes_is_named(
    fix: Callable[..., Result], catalog: Path
) -> None:
    portal(catalog, "  stores: [{name: db, kind: postgres, backup: {retained: 2}}]\n")
    environment = catalog / "environments" / "production.yaml"
    text = environment.read_text("utf-8").replace("domain: acme", "ttlSeconds: 3600\n    domain: acme")
    environment.write_text(text, "utf-8")
    looked_at = len([*catalog.glob("services/*.yaml"), *catalog.glob("environments/*.yaml")])
    rules = ("--rule", "reliability/dns-ttl-is-short", "--rule", "reliability/backups-are-kept")
    shown = fix(*rules, "--diff")
    files = f"{looked_at} service and environment files"
    assert shown.stderr.splitlines()[0] == f"No PATH was given: the whole catalog would be mended, {files}."
    done = fix(*rules)
    said = done.stdout.splitlines()
    assert said[0] == f"No PATH was given: the whole catalog is mended, {files}."
    mended = [
        f"{path.as_posix()}: 1 finding mended" for path in (environment, catalog / "services/portal.yaml")
    ]
    told = " ".join(done.stdout.split())  # a screen may be narrower than a path
    assert f"{' '.join(mended)} 2 findings mended in 2 files; " in told


def test_what_is_waived_is_not_mended(fix: Callable[..., Result], catalog: Path) -> None:
    path = portal(
        catalog,
        "  traffic: {peakHours: [4]}\n"
        "  stores: [{name: db, kind: postgres, maintenance: {day: 7, hour: 4}}]\n",
    )
    before = path.read_bytes()
    waiver = """\
apiVersion: pave/v1
kind: Waiver
metadata: {name: odd-hour}
spec:
  rule: reliability/maintenance-avoids-the-peak
  path: spec.stores[db].maintenance.hour
  service: portal
  environment: production
  owner: fulfillment-platform
  ticket: https://example.com/tickets/7
  reason: Nobody buys anything at that hour.
  requestedBy: ada
  approvedBy: grace
  granted: 2026-11-01
  expires: 2027-01-01
"""
    (catalog / "waivers").mkdir()
    (catalog / "waivers" / "odd-hour.yaml").write_text(waiver, "utf-8")
    fix(path, "--rule", "reliability/maintenance-avoids-the-peak")
    assert path.read_bytes() == before
    (catalog / "waivers" / "odd-hour.yaml").unlink()
    fix(path, "--rule", "reliability/maintenance-avoids-the-peak")
    assert path.read_bytes() == before.replace(b"hour: 4", b"hour: 6")


def test_exit_0_when_nothing_is_left_that_blocks(fix: Callable[..., Result], catalog: Path) -> None:
    path = portal(
        catalog, "  dataClass: green\n  stores: [{name: db, kind: postgres, backup: {retained: 2}}]\n"
    )
    others = fix("--rule", "reliability/backups-are-kept", "--diff", path)
    assert "left that block" in others.stderr
    path = catalog / "services" / "customersdot.yaml"
    text = path.read_text("utf-8").replace("target: 99.95", "target: 99.6")
    path.write_text(text.replace("retained: 30", "retained: 3"), "utf-8")
    done = fix(path)
    assert done.exit_code == 0, done.stdout
    assert path.read_text("utf-8") == text.replace("retained: 30", "retained: 7")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rule", "reliability/backup-are-kept"], "Did you mean `reliability/backups-are-kept`?"),
        (["--env", "prodution"], "Did you mean `production`?"),
        (["nowhere.yaml"], "nowhere.yaml\n  does not exist"),
    ],
)
def test_input_that_cannot_be_used_is_exit_2(
    fix: Callable[..., Result], arguments: list[str], said: str
) -> None:
    done = fix(*arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(fix: Callable[..., Result], catalog: Path) -> None:
    path = portal(catalog, "  stores: [{name: db, kind: postgres, backup: {retained: 2}}]\n")
    real = path.rename(catalog / "portal.yaml")
    real.chmod(0o640)
    path.symlink_to(real)
    fix(path)
    assert path.is_symlink()
    assert b"retained: 7" in real.read_bytes()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [each.name for each in catalog.iterdir() if each.is_file()] == ["portal.yaml"]


def test_a_file_that_can_not_be_written_is_said(
    fix: Callable[..., Result], catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = portal(catalog, "  stores: [{name: db, kind: postgres, backup: {retained: 2}}]\n")
    before = path.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.chmod", refuse)
    done = fix(path)
    assert done.exit_code == 2
    assert f"{path} can't be written: Permission denied." in done.stderr
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []


def is_owners_word(catalog: Catalog, finding: Finding) -> bool:
    """Whether only the owner can make true what a finding expects."""
    written = catalog.file(finding.document).data
    return owners_word(written, pointer_of(finding.pointer, written), finding.expected) is not None


def words(result: Result) -> str:
    """What was said, as if on one line."""
    return " ".join(result.stdout.split())
