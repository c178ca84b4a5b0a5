"""Only new findings block: what a baseline already has is counted and shown, so that an old catalog can
adopt the gate without mending everything first. What got worse since is new."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pave.git import checked_out
from pave.refused import Refused
from pave.reports.model import Baseline, CheckReport, Verdicts
from policies.decision import Decision, Finding

NUMBER = re.compile(r"\d+(?:\.\d+)?")


class EarlierFinding(NamedTuple):
    """What a baseline says of one thing that is wrong: in which document, in which words, and which value
    would be right."""

    document: str
    message: str
    expected: Any = None


class KnownFindings(NamedTuple):
    """What a baseline has, by fingerprint, and how it was named. Where some documents were asked about,
    `only` these can have had something mended."""

    source: str
    found: Mapping[str, EarlierFinding]
    only: Set[str] | None = None


def known_at(
    source: str, catalog: Path, judged: Callable[[Path], Verdicts], only: Set[str] | None = None
) -> KnownFindings:
    """What a baseline has: a file that `pave check --format json` wrote, or a git revision whose catalog is
    `judged` by today's rules. Raises Refused."""
    file = Path(source)
    if file.is_file():
        try:
            report = msgspec.json.decode(file.read_bytes(), type=CheckReport)
        except msgspec.MsgspecError as error:
            raise Refused(f"{source} is no report of `pave check --format json`: {error}.") from error
        return KnownFindings(source, dict(wrong_in(report)), only)
    with checked_out(source, catalog) as (_, earlier):
        found = dict(wrong_in(judged(earlier))) if earlier.is_dir() else {}
        return KnownFindings(source, found, only)


def wrong_in(found: CheckReport | Verdicts) -> Iterator[tuple[str, EarlierFinding]]:
    """All that is wrong, by fingerprint: findings that block or are excused, and schema problems."""
    for decision in found.decisions:
        for one in decision.findings:
            yield one.fingerprint, _known(one)
    for problem in found.problems:
        yield problem.fingerprint, EarlierFinding(problem.document, "")


def compared(verdicts: Verdicts, known: KnownFindings | None) -> tuple[Verdicts, Baseline | None]:
    """The verdicts in which nothing known blocks, and how they compare; without a baseline as they are. Files
    that can't be used at all are never excused."""
    if known is None:
        return verdicts, None
    now, before = dict(wrong_in(verdicts)), known.found
    same = {name for name, one in now.items() if name in before and not is_worse(before[name], one)}
    asked = {name for name, one in before.items() if known.only is None or one.document in known.only}
    problems = [msgspec.structs.replace(p, is_known=p.fingerprint in same) for p in verdicts.problems]
    decisions = [_excused(decision, same) for decision in verdicts.decisions]
    counted = Baseline(known.source, len(now.keys() - same), len(same), len(asked - now.keys()))
    return msgspec.structs.replace(verdicts, decisions=decisions, problems=problems), counted


def is_worse(before: EarlierFinding, now: EarlierFinding) -> bool:
    """Whether a value that was wrong is another now that is no nearer to the one that would be right. A
    finding that names none is about what is computed of many; what made that worse has findings too."""
    if now.expected is None or before.message == now.message:
        return False
    old, new, wanted = before.message, now.message, now.expected
    is_number = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    if not is_number or NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return True
    pairs = zip(map(float, NUMBER.findall(old)), map(float, NUMBER.findall(new)), strict=True)
    return any(abs(wanted - after) > abs(wanted - earlier) for earlier, after in pairs)


def _known(finding: Finding) -> EarlierFinding:
    expected = None if finding.expected is msgspec.UNSET else finding.expected
    return EarlierFinding(finding.document, finding.message, expected)


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
