"""Only new findings block: what a baseline already has is counted and shown, so that an old catalog can
adopt the gate without mending everything first. What got worse since is new.

A finding is worse that blocks and didn't there (its waiver has ended, what was undecided is known, the
service is held to more); one on a service of which more is at stake; one in whose words something stands
that didn't; one whose value is further from what would be right. Where nobody says what would be right, other
figures are shown beside those of the baseline: which of them are better, only their rule knows."""

import re
from collections import Counter
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
    would be right; whether it `blocks`, or was excused already, a service with that target level, and what is
    at stake there (`Finding.because`). What was permitted, by a waiver that `has_lapsed`, isn't excused."""

    document: str
    message: str
    expected: Any = None
    blocks: bool = True
    target_level: int = 0
    because: str = ""
    has_lapsed: bool = False


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
            yield one.fingerprint, _known(one, decision.target_level)
    for problem in found.problems:
        yield problem.fingerprint, EarlierFinding(problem.document, problem.message)


def compared(verdicts: Verdicts, known: KnownFindings | None) -> tuple[Verdicts, Baseline | None]:
    """The verdicts in which nothing known blocks, and how they compare; without a baseline as they are. Files
    that can't be used at all are never excused."""
    if known is None:
        return verdicts, None
    now, before = dict(wrong_in(verdicts)), known.found
    same = {name for name, one in now.items() if name in before and not is_worse(before[name], one)}
    was = {name: before[name].message for name in same if before[name].message != now[name].message}
    asked = {name for name, one in before.items() if known.only is None or one.document in known.only}
    problems = [msgspec.structs.replace(p, is_known=p.fingerprint in same) for p in verdicts.problems]
    decisions = [_excused(decision, same, was) for decision in verdicts.decisions]
    counted = Baseline(known.source, len(now.keys() - same), len(same), len(asked - now.keys()), len(was))
    return msgspec.structs.replace(verdicts, decisions=decisions, problems=problems), counted


def is_worse(before: EarlierFinding, now: EarlierFinding) -> bool:
    """Whether a finding is about more than it was, or about something else."""
    if now.blocks and (not before.blocks or before.has_lapsed or _is_more_at_stake(before, now)):
        return True
    old, new, wanted = before.message, now.message, now.expected
    if old == new:
        return False
    if wanted is None:
        return bool(_words(new) - _words(old))
    is_number = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    if not is_number or NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return True
    pairs = zip(map(float, NUMBER.findall(old)), map(float, NUMBER.findall(new)), strict=True)
    return any(abs(wanted - after) > abs(wanted - earlier) for earlier, after in pairs)


def _is_more_at_stake(before: EarlierFinding, now: EarlierFinding) -> bool:
    """Whether more rules bind the service by now, or this one binds it for one more reason."""
    return now.target_level > before.target_level or bool(
        before.because and _words(now.because) - _words(before.because)
    )


def _words(text: str) -> Counter[str]:
    """How often each word stands in a text; all figures are one word."""
    return Counter(NUMBER.sub("#", text).replace(",", " ").rstrip(".").split())


def _known(finding: Finding, target_level: int) -> EarlierFinding:
    expected = None if finding.expected is msgspec.UNSET else finding.expected
    blocks = finding.blocking or (finding.is_known and finding.waiver is None and finding.status == "failed")
    said = (finding.document, finding.message, expected, blocks, target_level, finding.because)
    return EarlierFinding(*said, has_lapsed=finding.lapsed is not None)


def _excused(decision: Decision, known: Set[str], was: Mapping[str, str]) -> Decision:
    findings = [
        msgspec.structs.replace(finding, blocking=False, is_known=True, was=was.get(finding.fingerprint, ""))
        if finding.fingerprint in known
        else finding
        for finding in decision.findings
    ]
    blocking = sum(finding.blocking for finding in findings)
    excused = decision.counts.blocking - blocking
    counts = msgspec.structs.replace(decision.counts, blocking=blocking, known=excused)
    return msgspec.structs.replace(decision, findings=findings, counts=counts, allowed=blocking == 0)
