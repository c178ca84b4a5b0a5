"""SARIF 2.1.0, for code scanning and editors
(https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html).

GitLab drops a result without a rule or a place, and fails the report when it drops more than half of them
(https://gitlab.com/gitlab-org/gitlab/-/work_items/599284), so every result has both.
"""

from urllib.parse import quote

import msgspec

from catalog.document import Json
from catalog.editing.spelling import spell
from pave.exit_code import MEANINGS, ExitCode
from pave.reports.model import CheckReport, Entry, PlanReport, Report, Weight, entries
from pave.reports.remedy import Remedies, Replacement
from pave.terminal import Page
from policies.decision import resource_of

FILES = ("*.sarif", "*.sarif.json")

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
LEVELS: dict[Weight, str] = {
    "blocking": "error",
    "error": "warning",
    "warning": "warning",
    "info": "note",
    "known": "warning",
}
"""A result is an error if and only if it blocks. What can't be decided has no level: its kind is `open`."""
DEFAULT_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report, page: Page) -> str:
    """One run, with the rules that found something."""
    found = list(entries(report))
    described = {entry.rule: entry for entry in reversed(found)}
    rules = sorted(described)
    results = [{**_result(entry, page), "ruleIndex": rules.index(entry.rule)} for entry in found]
    remedies = Remedies(page.root)
    for entry, result in zip(found, results, strict=True):
        if fixes := _fixes(entry, remedies, page):
            result["fixes"] = fixes
    if any(entry.weight == "waived" for entry in found):  # all results have suppressions, or none has
        for entry, result in zip(found, results, strict=True):
            result["suppressions"] = _suppressions(entry)
    if isinstance(report, CheckReport) and report.baseline is not None:
        for entry, result in zip(found, results, strict=True):
            result["baselineState"] = "unchanged" if entry.is_known else "new"
    run = {
        "tool": {
            "driver": {
                "name": "pave",
                "version": report.revision,
                "rules": [_rule(described[rule]) for rule in rules],
            }
        },
        "automationDetails": {"id": f"pave/{_what(report)}/"},
        "invocations": [
            {
                "executionSuccessful": report.exit_code in (0, 1),
                "exitCode": report.exit_code,
                "exitCodeDescription": MEANINGS[ExitCode(report.exit_code)][0],
            }
        ],
        "originalUriBaseIds": {BASE: {"description": {"text": "The root of the catalog's repository."}}},
        "defaultEncoding": "utf-8",
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "declared": sorted({rule for decision in report.decisions for rule in decision.declared})
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _what(report: Report) -> str:
    return f"plan/{report.stack}" if isinstance(report, PlanReport) else "check"


def _rule(entry: Entry) -> Json:
    """A rule in the words that every finding of it has."""
    finding = entry.finding
    why = entry.title if finding is None else finding.why
    rule: Json = {
        "id": entry.rule,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": why},
        "help": {"text": why},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [entry.rule.split("/")[0]]},
    }
    if finding is not None:
        links = "".join(f"\n- <{url}>" for url in finding.references)
        rule["help"] = {
            "text": "\n".join((why, *finding.references)),
            "markdown": f"{why}\n\nRead more:\n{links}",
        }
        rule["helpUri"] = finding.references[0]
        rule["defaultConfiguration"] = {"level": DEFAULT_LEVELS[finding.severity]}
        rule["properties"] = {"tags": [finding.pillar, f"level-{finding.level}"]}
    return rule


def _result(entry: Entry, page: Page) -> Json:
    result: Json = {
        "ruleId": entry.rule,
        "kind": "open" if entry.weight == "undecided" else "fail",
        "level": _level(entry),
        "message": {"text": _plain(f"{entry.message} {entry.fix}".rstrip())},
        "locations": [_location(entry, page)],
        "partialFingerprints": {"pave/v1": entry.fingerprint},
        "properties": {"weight": entry.weight},
    }
    if entry.subject:
        result["properties"]["subject"] = entry.subject
    return result


def _suppressions(entry: Entry) -> list[Json]:
    """A waiver's, which is in force. Two editions of the schema disagree on the name of its status."""
    if entry.finding is None or entry.finding.waiver is None:
        return []
    return [{"kind": "external", "justification": f"Waived by {entry.finding.waiver}."}]


def _fixes(entry: Entry, remedies: Remedies, page: Page) -> list[Json]:
    """The edit that writes what a finding expects, where that can be written without a person's judgement."""
    edit = None if entry.finding is None else remedies.of(entry.finding)
    if entry.finding is None or edit is None:
        return []
    replacement = {"deletedRegion": _region(edit), "insertedContent": {"text": edit.text}}
    change = {"artifactLocation": _artifact(entry, page), "replacements": [replacement]}
    what = f"Write `{spell(entry.finding.expected)}` as {entry.path}."
    return [{"description": {"text": _plain(what)}, "artifactChanges": [change]}]


def _plain(text: str) -> str:
    """A text as a message, in which braces would be placeholders and `[text](place)` a link."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _level(entry: Entry) -> str:
    if entry.weight == "waived" and entry.finding is not None:
        return DEFAULT_LEVELS[entry.finding.severity]
    return LEVELS.get(entry.weight, "none")


def _location(entry: Entry, page: Page) -> Json:
    names: list[Json] = []
    if entry.path:
        names.append({"fullyQualifiedName": entry.path, "kind": "property"})
    if entry.finding is not None and entry.finding.resource is not None:
        _, name = resource_of(entry.finding)
        names.append({"name": name, "fullyQualifiedName": entry.finding.resource, "kind": "resource"})
    location: Json = {
        "physicalLocation": {"artifactLocation": _artifact(entry, page), "region": _region(entry)}
    }
    return {**location, "logicalLocations": names} if names else location


def _region(place: Entry | Replacement) -> Json:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(entry: Entry, page: Page) -> Json:
    return {"uri": quote(page.in_repository(entry.document)), "uriBaseId": BASE}
