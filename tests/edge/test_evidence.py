"""Whether a replay that was kept speaks for the rules as they are now."""

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from catalog.kinds.preview import Preview
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.edge.request_rules import security_policies
from components.design.service import designed
from pave.edge import core_rules
from tests.built import require_built
from tests.command import pave
from tests.edge.september import log as september

WORDS = ("edge", "evidence", "usage-api")
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def line(day: float, path: str = "/v1/usage", status: int = 200) -> str:
    when = (BEGIN + timedelta(days=day)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'198.51.100.7 - - [{when}] "GET {path} HTTP/1.1" {status} 5 "-" "Mozilla/5.0"\n'


def kept(home: Path, folder: Path, *lines: str) -> Path:
    """A replay of a log with these lines."""
    require_built(core_rules.BUILT, "python tools/build.py core-rules")
    (folder / "access.log").write_text("".join(lines))
    words = ("--log", str(folder / "access.log"), "--save", str(folder / "replay.json"))
    run = pave(home, "edge", "replay", "usage-api", "--env", "production", *words)
    assert (folder / "replay.json").is_file(), run.stderr
    return folder / "replay.json"


def says(home: Path, file: Path) -> tuple[int, list[str]]:
    run = pave(home, *WORDS, str(file), "--env", "production", "--format", "json")
    return run.exit_code, [each["says"] for each in json.loads(run.stdout)["policies"]]


@pytest.mark.edge
def test_a_quiet_week_is_evidence(home: Path, tmp_path: Path) -> None:
    lines = [line(day, path) for day in range(8) for path in paths_of(home)]
    assert says(home, kept(home, tmp_path, *lines)) == (0, ["evidence"] * policies_of(home))


@pytest.mark.edge
def test_two_lines_that_are_weeks_apart_are_no_week(home: Path, tmp_path: Path) -> None:
    lines = [line(day, path) for day in (0, 30) for path in paths_of(home)]
    assert says(home, kept(home, tmp_path, *lines)) == (3, ["short"] * policies_of(home))


@pytest.mark.edge
def test_a_quiet_day_is_none_yet(home: Path, tmp_path: Path) -> None:
    found = says(home, kept(home, tmp_path, *(line(day, path) for day in (0, 1) for path in paths_of(home))))
    assert found == (3, ["short"] * policies_of(home))


@pytest.mark.edge
def test_somebody_who_was_answered_and_would_be_turned_away_speaks_against_it(
    home: Path, tmp_path: Path
) -> None:
    attack = f"{paths_of(home)[0]}?id=1%27%20OR%20%271%27=%271"
    code, found = says(home, kept(home, tmp_path, line(0), line(8, attack)))
    assert code == 1
    assert "alarms" in found


@pytest.mark.edge
def test_what_has_changed_since_has_to_be_replayed(home: Path, tmp_path: Path) -> None:
    file = kept(home, tmp_path, line(0), line(8))
    report = json.loads(file.read_text())
    for policy in report["policies"]:
        policy["digest"] = "0" * 64
    file.write_text(json.dumps(report))
    assert says(home, file) == (3, ["changed"] * policies_of(home))


@pytest.mark.edge
def test_a_replay_of_another_host_is_refused(home: Path, tmp_path: Path) -> None:
    file = kept(home, tmp_path, line(0))
    run = pave(home, "edge", "evidence", "lunch-menu", str(file))
    assert run.exit_code == 2
    assert "is of usage-api.acme.example in production" in run.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "EdgeReport"}'])
def test_another_file_is_no_replay(home: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    run = pave(home, *WORDS, str(tmp_path / "other.json"))
    assert run.exit_code == 2
    assert "is no replay" in run.stderr


def shown(home: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(
        pave(home, "edge", "show", "usage-api", "--env", "production", "--format", "json").stdout
    )
    return found


def paths_of(home: Path) -> list[str]:
    return [each["path"].replace("*", "x") for each in shown(home)["routes"]]


def policies_of(home: Path) -> int:
    return len(shown(home)["policies"])


@pytest.mark.edge
def test_what_is_kept_as_a_preview_is_what_the_rule_asks_for_and_no_other_rules(
    home: Path, tmp_path: Path
) -> None:
    """The digests that a replay writes are the ones that the design has: the rule compares these."""
    replay = kept(home, tmp_path, *(line(day, path) for day in range(8) for path in paths_of(home)))
    run = pave(home, *WORDS, str(replay), "--env", "production", "--to", str(tmp_path / "usage.yaml"))
    assert run.exit_code == 0, run.output
    catalog = load(home / "catalog", [tmp_path / "usage.yaml"])
    assert catalog.problems == []
    preview = catalog.find(Preview, "usage")
    service = service_at(catalog, "usage-api", "production")
    assert preview is not None
    assert isinstance(service, Service)
    design = designed(catalog, service)
    wanted = {each for policy in design.security_policies for each in policy.digests.values()}
    assert {each.digest for each in preview.spec.journeys} == wanted
    assert all(each.requests and not each.answered and not each.undecided for each in preview.spec.journeys)
    enforced = [msgspec.structs.replace(each, rate_limit=None) for each in design.endpoints]
    changed = {each for one in security_policies(design.edge, enforced) for each in one.digests.values()}
    assert changed.isdisjoint(wanted)


def test_the_shipped_preview_is_of_the_log_that_stands_beside_this_test(home: Path) -> None:
    preview = load(home / "catalog").find(Preview, "customersdot")
    assert preview is not None
    assert preview.spec.log_digest == hashlib.sha256(september().encode()).hexdigest()
    assert sum(each.requests for each in preview.spec.journeys) == len(september().splitlines())


@pytest.mark.edge
def test_whoever_replays_that_log_gets_the_shipped_preview_to_the_byte(home: Path, tmp_path: Path) -> None:
    require_built(core_rules.BUILT, "python tools/build.py core-rules")
    (tmp_path / "september.log").write_text(september())
    replay, again = str(tmp_path / "replay.json"), tmp_path / "customersdot.yaml"
    words = ("--log", str(tmp_path / "september.log"), "--save", replay)
    assert pave(home, "edge", "replay", "customersdot", *words).exit_code == 0
    run = pave(home, "edge", "evidence", "customersdot", replay, "--to", str(again))
    assert run.exit_code == 0, run.output
    assert again.read_bytes() == (home / "catalog" / "previews" / "customersdot.yaml").read_bytes()


def test_a_day_of_preview_is_only_declared_until_a_replay_proves_it(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "catalog", tmp_path / "catalog")
    spec = tmp_path / "catalog" / "services" / "customersdot.yaml"
    assert "security/enforcement-follows-preview" not in declared(home, spec)
    spec.write_text(spec.read_text().replace("    evidence: customersdot\n", ""))
    assert "security/enforcement-follows-preview" in declared(home, spec)


def declared(home: Path, spec: Path) -> list[str]:
    words = ("--catalog", str(spec.parents[1]), "--env", "production", "--today", "2026-11-21")
    run = pave(home, "check", str(spec), *words, "--format", "json")
    (decision,) = json.loads(run.stdout)["decisions"]
    return list(decision["declared"])
