"""The report as JSON, for programs. Its shape is versioned by `apiVersion`; pave/README.md describes it."""

from pave.plain import json_text
from pave.reports.model import Report
from pave.terminal import Page

FILES = ("*.json",)


def render(report: Report, _page: Page) -> str:
    """The whole report, two spaces deep, with a final newline."""
    return json_text(report)
