"""The report as JSON, for programs. Its shape is versioned by `apiVersion`; pave/README.md describes it."""

import msgspec

from pave.reports.model import Report
from pave.terminal import Page

FILES = ("*.json",)


def render(report: Report, _page: Page) -> str:
    """The whole report, two spaces deep, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
