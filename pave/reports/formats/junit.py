"""JUnit XML, as GitLab reads it: a suite for each decision, a test case for each rule that was asked.

GitLab tells test cases apart by class and name and keeps one of those that are equal; of a failure it shows
the text and not the attributes (https://docs.gitlab.com/ci/testing/unit_test_reports/).
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple
from xml.etree import ElementTree as ET

from pave.reports.model import UNJUDGED, UNUSABLE, Entry, Report, entries, subject
from pave.terminal import Page
from policies.decision import Decision, rules_asked

FILES = ("*.junit.xml", "junit.xml")

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even escaped (https://www.w3.org/TR/xml/#charsets)."""

TestOutcome = Literal["failure", "error", "skipped", "passed"]


DECLARED = "Declared: its owner says so, and no plan proves it."


class TestCase(NamedTuple):
    """A test case: a rule, and what it found."""

    name: str
    file: str
    found: list[Entry]
    is_declared: bool = False

    @property
    def outcome(self) -> TestOutcome:
        """A rule fails when it blocks, and is skipped when what it found does not or words are all it has."""
        if any(entry.rule in {UNUSABLE, UNJUDGED} for entry in self.found):
            return "error"
        if any(entry.weight == "blocking" for entry in self.found):
            return "failure"
        return "skipped" if self.found or self.is_declared else "passed"


def render(report: Report, page: Page) -> str:
    """Suites of what is wrong with documents, one for each, then of the decisions."""
    root = ET.Element("testsuites", name="pave")
    for name, cases in _suites(report, page):
        _suite(root, name, cases, page)
    _count(root, root.iter("testcase"))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suites(report: Report, page: Page) -> Iterator[tuple[str, list[TestCase]]]:
    found = list(entries(report))
    wrong = sorted((entry for entry in found if not entry.subject), key=lambda entry: entry.document)
    for document, said in groupby(wrong, lambda entry: entry.document):
        file = page.in_repository(document)
        by_name: dict[str, list[Entry]] = {}
        for entry in said:
            by_name.setdefault(f"{entry.rule} {entry.path}".rstrip(), []).append(entry)
        yield file, [TestCase(name, file, by_name[name]) for name in by_name]
    for decision in report.decisions:
        on = subject(decision)
        yield on, list(_cases(decision, [entry for entry in found if entry.subject == on], page))


def _cases(decision: Decision, found: list[Entry], page: Page) -> Iterator[TestCase]:
    by_rule: dict[str, list[Entry]] = {rule: [] for rule in sorted(rules_asked(page.rules, decision.stages))}
    for entry in found:
        by_rule.setdefault(entry.rule, []).append(entry)
    for rule, said in by_rule.items():
        file = page.in_repository(said[0].document if said else decision.document)
        yield TestCase(rule, file, said, rule in decision.declared)


def _suite(root: ET.Element, name: str, cases: list[TestCase], page: Page) -> None:
    suite = ET.SubElement(root, "testsuite", name=_xml(name))
    for case in cases:
        element = ET.SubElement(
            suite, "testcase", classname=_xml(name), name=_xml(case.name), file=_xml(case.file), time="0"
        )
        if case.outcome != "passed":
            message = case.found[0].message if case.found else DECLARED
            said = ET.SubElement(element, case.outcome, message=_xml(message))
            said.text = _xml("\n\n".join(_words(entry, page) for entry in case.found) or message)
    _count(suite, suite)


def _words(entry: Entry, page: Page) -> str:
    """What an entry says, for somebody who sees nothing else."""
    note = {
        "blocking": "Blocks",
        "undecided": "Undecided",
        "known": "In the baseline",
        "waived": f"Waived by {entry.finding.waiver}" if entry.finding is not None else "Waived",
    }.get(entry.weight, "Next step")
    place = f"{page.in_repository(entry.document)}:{entry.line}:{entry.column}"
    lines = [f"{note}: {entry.title}", f"{place}: {entry.message}", entry.why, entry.fix]
    return "\n".join(" ".join(line.split()) for line in lines if line)


def _count(element: ET.Element, cases: Iterable[ET.Element]) -> None:
    outcomes = [case[0].tag if len(case) else "passed" for case in cases]
    element.set("tests", str(len(outcomes)))
    for attribute, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(outcomes.count(outcome)))
    element.set("time", "0")


def _xml(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
