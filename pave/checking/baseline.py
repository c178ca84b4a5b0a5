"""Only new findings block: what a baseline already has is counted and shown, so that an old catalog can
adopt the gate without mending everything first."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from pave.git import checked_out
from pave.refused import Refused
from pave.reports.model import Baseline, CheckReport
from policies.decision import Decision


def known_at(source: str, catalog: Path, check: Callable[[Path], CheckReport]) -> set[str]:
    """The fingerprints of a baseline: a file that `pave check --format json` wrote, or a git revision whose
    catalog `check` judges by today's rules. Raises Refused."""
    file = Path(source)
    if file.is_file():
        try:
            return fingerprints(msgspec.json.decode(file.read_bytes(), type=CheckReport))
        except msgspec.MsgspecError as error:
            raise Refused(f"{source} is no report of `pave check --format json`: {error}.") from error
    with checked_out(source, catalog) as (_, earlier):
        return fingerprints(check(earlier)) if earlier.is_dir() else set()


def fingerprints(report: CheckReport) -> set[str]:
    """The fingerprints of all that is wrong: findings that block or are excused, and schema problems."""
    findings = {f.fingerprint for d in report.decisions for f in d.findings}
    return findings | {problem.fingerprint for problem in report.problems}


def apply_baseline(report: CheckReport, source: str, known: set[str]) -> CheckReport:
    """The report in which nothing known blocks. Files that can't be used at all are never excused."""
    decisions = [_excuse(decision, known) for decision in report.decisions]
    now = fingerprints(report)
    problems = [msgspec.structs.replace(p, is_known=p.fingerprint in known) for p in report.problems]
    is_clean = all(problem.is_known for problem in problems) and not report.unusable
    allowed = is_clean and all(decision.allowed for decision in decisions)
    counted = Baseline(source, len(now - known), len(now & known), len(known - now))
    return msgspec.structs.replace(
        report, decisions=decisions, problems=problems, allowed=allowed, baseline=counted
    )


def _excuse(decision: Decision, known: set[str]) -> Decision:
    findings = [
        msgspec.structs.replace(finding, blocking=False, is_known=True)
        if finding.fingerprint in known
        else finding
        for finding in decision.findings
    ]
    blocking = sum(finding.blocking for finding in findings)
    excused = decision.counts.blocking - blocking
    counts = msgspec.structs.replace(decision.counts, blocking=blocking, known=excused)
    return msgspec.structs.replace(decision, findings=findings, counts=counts, allowed=blocking == 0)
