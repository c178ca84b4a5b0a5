"""SARIF 2.1.0: every object as the standard has it, and every region on the text that it is about."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import msgspec
import pytest

from catalog.document import pointer_of
from catalog.editing.edit import put
from catalog.yaml.text import parse
from tests.reports.conftest import REPORTS

HERE = Path(__file__).parent
Word = Annotated[str, msgspec.Meta(min_length=1)]
Number = Annotated[int, msgspec.Meta(ge=1)]
Level = Literal["none", "note", "warning", "error"]


class Strict(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """An object of the standard, with the properties that pave writes and no others."""


class Message(Strict):
    text: Word
    markdown: Word | msgspec.UnsetType = msgspec.UNSET


class Base(Strict):
    description: Message


class Region(Strict):
    start_line: Number
    start_column: Number
    end_line: Number
    end_column: Number


class ArtifactLocation(Strict):
    uri: Annotated[str, msgspec.Meta(pattern=r"^[!-~]+$")]
    uri_base_id: Literal["%SRCROOT%"]


class PhysicalLocation(Strict):
    artifact_location: ArtifactLocation
    region: Region


class LogicalLocation(Strict):
    fully_qualified_name: Word
    kind: Literal["property", "resource"]
    name: Word | msgspec.UnsetType = msgspec.UNSET


class Location(Strict):
    physical_location: PhysicalLocation
    logical_locations: Annotated[list[LogicalLocation], msgspec.Meta(min_length=1)] | msgspec.UnsetType = (
        msgspec.UNSET
    )


class Suppression(Strict):
    kind: Literal["inSource", "external"]
    justification: Word


class Content(Strict):
    text: str


class Edit(Strict):
    deleted_region: Region
    inserted_content: Content


class Change(Strict):
    artifact_location: ArtifactLocation
    replacements: Annotated[list[Edit], msgspec.Meta(min_length=1, max_length=1)]


class Fix(Strict):
    description: Message
    artifact_changes: Annotated[list[Change], msgspec.Meta(min_length=1, max_length=1)]


class Result(Strict):
    rule_id: Word
    rule_index: Annotated[int, msgspec.Meta(ge=0)]
    kind: Literal["pass", "open", "informational", "notApplicable", "review", "fail"]
    level: Level
    message: Message
    locations: Annotated[list[Location], msgspec.Meta(min_length=1, max_length=1)]
    partial_fingerprints: dict[str, Word]
    properties: dict[str, str]
    suppressions: list[Suppression] | None = None
    fixes: Annotated[list[Fix], msgspec.Meta(min_length=1, max_length=1)] | msgspec.UnsetType = msgspec.UNSET
    baseline_state: Literal["new", "unchanged"] | None = None


class Configuration(Strict):
    level: Level


class Tags(Strict):
    tags: list[Word]


class Rule(Strict):
    id: Word
    short_description: Message
    full_description: Message
    help: Message
    default_configuration: Configuration
    properties: Tags
    help_uri: Annotated[str, msgspec.Meta(pattern="^https://")] | msgspec.UnsetType = msgspec.UNSET


class Driver(Strict):
    name: Literal["pave"]
    version: Word
    rules: list[Rule]


class Tool(Strict):
    driver: Driver


class Automation(Strict):
    id: Annotated[str, msgspec.Meta(pattern="/$")]


class Invocation(Strict):
    execution_successful: bool
    exit_code: int
    exit_code_description: Word


class Run(Strict):
    tool: Tool
    automation_details: Automation
    invocations: Annotated[list[Invocation], msgspec.Meta(min_length=1, max_length=1)]
    original_uri_base_ids: dict[Literal["%SRCROOT%"], Base]
    default_encoding: Literal["utf-8"]
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    results: list[Result]
    properties: dict[Literal["declared"], list[str]]


class Log(Strict):
    schema: str = msgspec.field(name="$schema")
    version: Literal["2.1.0"]
    runs: Annotated[list[Run], msgspec.Meta(min_length=1, max_length=1)]


def read(made: Any) -> Run:
    """The one run of a report, which must be as the standard has it."""
    return msgspec.json.decode(made.to("sarif"), type=Log).runs[0]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_sarif(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    run = read(made)
    rules = [rule.id for rule in run.tool.driver.rules]
    assert rules == sorted(set(rules)) == sorted({result.rule_id for result in run.results})
    assert [rules[result.rule_index] for result in run.results] == [r.rule_id for r in run.results]
    prints = [result.partial_fingerprints["pave/v1"] for result in run.results]
    assert len(prints) == len(set(prints)) > 0
    assert [result.level for result in run.results if result.kind != "fail"] == [
        "none" for result in run.results if result.kind != "fail"
    ]
    assert len({result.suppressions is None for result in run.results}) == 1, "all have them, or none has"
    assert run.invocations[0].exit_code == made.report.exit_code
    assert run.invocations[0].execution_successful is (made.report.exit_code != 2)


@pytest.mark.parametrize("name", ["sample_report", "broken_report"])
def test_the_results_of_a_report(
    name: str, request: pytest.FixtureRequest, golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "golden" / f"{name}.sarif", request.getfixturevalue(name).to("sarif"))


def test_a_region_is_the_text_that_the_finding_is_about(home: Path, today_report: Any) -> None:
    written = {f.fingerprint: f for f in today_report.report.decisions[0].findings}
    shown = {}
    for result in read(today_report).results:
        place = result.locations[0].physical_location
        text = (home / unquote(place.artifact_location.uri)).read_text("utf-8").splitlines()
        region = place.region
        assert region.start_line == region.end_line
        said = text[region.start_line - 1][region.start_column - 1 : region.end_column - 1]
        finding = written[result.partial_fingerprints["pave/v1"]]
        shown[result.rule_id] = said
        assert said == said.strip()
        assert said or not finding.written or finding.pointer.rpartition("/")[2].isdecimal()
    assert shown["reliability/database-is-regional"] == "zonal"


def test_a_fix_writes_what_its_finding_expects_and_nothing_else(home: Path, today_report: Any) -> None:
    written = {f.fingerprint: f for f in today_report.report.decisions[0].findings}
    fixed = []
    for result in read(today_report).results:
        finding = written[result.partial_fingerprints["pave/v1"]]
        if isinstance(result.fixes, msgspec.UnsetType):
            continue
        [change] = result.fixes[0].artifact_changes
        path = home / unquote(change.artifact_location.uri)
        text = path.read_bytes()
        changed = applied(text.decode(), change.replacements[0])
        before = parse(text, "").data
        assert parse(changed.encode(), "").data == put(
            before, pointer_of(finding.pointer, before), finding.expected
        )
        fixed.append(result.rule_id)
    with_a_value = {f.rule for f in written.values() if f.expected is not msgspec.UNSET}
    assert "reliability/database-is-regional" in fixed
    assert with_a_value - set(fixed) == {
        "operations/owner-can-be-reached",
        "operations/rollback-is-automatic",
        "operations/rollout-is-progressive",
        "reliability/alerts-can-fire",
        "reliability/billing-runs-once",
        "reliability/dependencies-allow-the-target",
        "reliability/dependencies-have-a-way-out",
        "reliability/probes-differ",
    }, "what only the owner can make true"


def test_what_is_undecided_or_on_a_resource_has_no_fix(sample_report: Any) -> None:
    fixes = {result.rule_id: result.fixes for result in read(sample_report).results}
    assert fixes["reliability/no-single-machine"] is msgspec.UNSET
    found = fixes["reliability/database-is-regional"]
    assert not isinstance(found, msgspec.UnsetType)
    [fix] = found
    assert fix.description.text == "Write `regional` as spec.stores[db].availability."


def applied(text: str, edit: Edit) -> str:
    """A text in which a region is replaced."""
    lines = text.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + column - 1

    region = edit.deleted_region
    start = offset(region.start_line, region.start_column)
    end = offset(region.end_line, region.end_column)
    return text[:start] + edit.inserted_content.text + text[end:]


def test_an_error_is_what_blocks_and_what_is_undecided_is_open(sample_report: Any) -> None:
    found = {result.rule_id: result for result in read(sample_report).results}
    assert {
        name: (result.kind, result.level, len(result.suppressions or [])) for name, result in found.items()
    } == {
        "reliability/database-is-regional": ("fail", "error", 0),
        "security/machines-have-no-public-address": ("fail", "error", 0),
        "reliability/failover-is-rehearsed": ("fail", "warning", 0),
        "reliability/no-single-machine": ("open", "none", 0),
        "reliability/store-is-managed": ("fail", "error", 1),
    }
    waived = found["reliability/store-is-managed"].suppressions
    assert waived is not None
    assert waived[0].justification == "Waived by redis-moves-in-december."


def test_a_baseline_gives_every_result_a_state(baseline_report: Any) -> None:
    found = read(baseline_report).results
    states = {result.rule_id: (result.level, result.baseline_state) for result in found}
    assert states["schema/enum"] == ("warning", "unchanged")
    assert states["reliability/database-is-regional"] == ("warning", "unchanged")
    assert states["security/machines-have-no-public-address"] == ("error", "new")
    assert {result.baseline_state for result in found} == {"new", "unchanged"}


def test_unusable_files_and_schema_problems_are_results(broken_report: Any) -> None:
    run = read(broken_report)
    places = {
        (result.rule_id, result.locations[0].physical_location.artifact_location.uri)
        for result in run.results
    }
    assert ("catalog/unusable", "catalog/services/half-written.yaml") in places
    assert ("schema/enum", "catalog/services/hostile.yaml") in places
    assert ("catalog/reference", "catalog/services/lonely.yaml") in places
    assert run.invocations[0].exit_code_description == "unusable"


def test_no_owner_writes_placeholders_or_links_into_a_message(broken_report: Any) -> None:
    text = json.dumps([result.message.text for result in read(broken_report).results])
    assert "{{0}}" in text
    assert "](javascript" not in text
