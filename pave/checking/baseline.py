"""Only new findings block: what a baseline already has is counted and shown, so that an old catalog can
adopt the gate without mending everything first."""

from collections.abc import Callable, Set
from pathlib import Path
from typing import NamedTuple

import msgspec

from pave.git import checked_out
from pave.refused import Refused
from pave.reports.model import Baseline, CheckReport, Verdicts
from policies.decision import Decision


class KnownFindings(NamedTuple):
    """The fingerprints of what a baseline has, and how it was named."""

    source: str
    fingerprints: Set[str]


def known_at(source: str, catalog: Path, judged: Callable[[Path], Verdicts]) -> KnownFindings:
    """What a baseline has: a file that `pave check --format json` wrote, or a git revision whose catalog is
    `judged` by today's rules. Raises Refused."""
    file = Path(source)
    if file.is_file():
        try:
            report = msgspec.json.decode(file.read_bytes(), type=CheckReport)
        except msgspec.MsgspecError as error:
            raise Refused(f"{source} is no report of `pave check --format json`: {error}.") from error
        return KnownFindings(source, fingerprints(report))
    with checked_out(source, catalog) as (_, earlier):
        return KnownFindings(source, fingerprints(judged(earlier)) if earlier.is_dir() else set())


def fingerprints(found: CheckReport | Verdicts) -> set[str]:
    """The fingerprints of all that is wrong: findings that block or are excused, and schema problems."""
    findings = {finding.fingerprint for decision in found.decisions for finding in decision.findings}
    return findings | {problem.fingerprint for problem in found.problems}


def compared(verdicts: Verdicts, known: KnownFindings | None) -> tuple[Verdicts, Baseline | None]:
    """The verdicts in which nothing known blocks, and how they compare; without a baseline as they are. Files
    that can't be used at all are never excused."""
    if known is None:
        return verdicts, None
    now, before = fingerprints(verdicts), known.fingerprints
    problems = [msgspec.structs.replace(p, is_known=p.fingerprint in before) for p in verdicts.problems]
    decisions = [_excused(decision, before) for decision in verdicts.decisions]
    counted = Baseline(known.source, len(now - before), len(now & before), len(before - now))
    return msgspec.structs.replace(verdicts, decisions=decisions, problems=problems), counted


def _excused(decision: Decision, known: Set[str]) -> Decision:
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
