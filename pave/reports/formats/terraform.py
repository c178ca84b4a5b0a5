"""How many resources a plan creates, updates and deletes: what GitLab shows in a merge request
(https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsterraform).
"""

import json

from pave.reports.model import PlanReport, Report
from pave.reviewing.changes import counted
from pave.terminal import Page

FILES = ("*tfplan.json",)


def render(report: Report, _page: Page) -> str:
    """The counts against the revision that was compared with, else against nothing; a check changes nothing.

    Where that isn't known there are none, which GitLab says of such a report."""
    found = counted([])
    if isinstance(report, PlanReport):
        if report.plan is None or report.incomparable is not None:
            return "{}\n"
        found = counted(report.differences or ())
        if report.differences is None:
            found["create"] = sum(report.counts.values())
    return json.dumps(found) + "\n"
