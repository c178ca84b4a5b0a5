"""GitLab's Code Quality report: findings in the merge request's widget and beside its changed lines.

GitLab takes a bare JSON array, stops without a word at the first entry that it does not like, and keeps one
entry of those with the same fingerprint (https://docs.gitlab.com/ci/testing/code_quality/).
"""

import msgspec

from pave.reports.model import Entry, Report, Weight, entries
from pave.terminal import Page

FILES = ("*.codequality.json", "gl-code-quality-report.json")

SEVERITIES: dict[Weight, str] = {
    "blocking": "blocker",
    "error": "major",
    "warning": "minor",
    "info": "info",
    "undecided": "info",
    "known": "major",
    "waived": "info",
}
"""How much something counts, in GitLab's words: info, minor, major, critical, blocker."""


class Lines(msgspec.Struct, frozen=True):
    """Where something begins, from 1."""

    begin: int


class Location(msgspec.Struct, frozen=True):
    """A file by its path from the repository's root, without `./`, and the line."""

    path: str
    lines: Lines


class CodeQualityEntry(msgspec.Struct, frozen=True):
    """What GitLab calls one entry."""

    description: str
    check_name: str
    fingerprint: str
    severity: str
    location: Location


def render(report: Report, page: Page) -> str:
    """One entry for everything that the report says."""
    found = [_degradation(entry, page) for entry in entries(report)]
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _degradation(entry: Entry, page: Page) -> CodeQualityEntry:
    said = f"{entry.message} {entry.fix}".rstrip()
    return CodeQualityEntry(
        description=" ".join((f"{entry.subject}: {said}" if entry.subject else said).split()),
        check_name=entry.rule,
        fingerprint=entry.fingerprint,
        severity=SEVERITIES[entry.weight],
        location=Location(page.in_repository(entry.document), Lines(entry.line)),
    )
