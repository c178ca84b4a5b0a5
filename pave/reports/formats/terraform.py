"""How many resources a plan creates, updates and deletes: what GitLab shows in a merge request
(https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsterraform).
"""

import json
from collections import Counter

from pave.reports.model import PlanReport, Report
from pave.terminal import Page

FILES = ("*tfplan.json",)
ACTIONS = ("create", "update", "delete")


def render(report: Report, _page: Page) -> str:
    """The counts against the revision that was compared with, else against nothing; a check changes nothing.

    Where that isn't known there are none, which GitLab says of such a report."""
    counts: Counter[str] = Counter()
    if isinstance(report, PlanReport):
        if report.plan is None or report.incomparable is not None:
            return "{}\n"
        if report.differences is None:
            counts["create"] = sum(report.counts.values())
        counts.update(difference.action for difference in report.differences or ())
    return json.dumps({action: counts[action] for action in ACTIONS}) + "\n"
