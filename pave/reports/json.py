"""The report as JSON, for programs. Its shape is versioned by `apiVersion` and described in the README."""

import msgspec

from pave.check import Report
from pave.terminal import Page


def render(report: Report, page: Page) -> str:  # noqa: ARG001 (every format takes a page)
    """The whole report, two spaces deep, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
