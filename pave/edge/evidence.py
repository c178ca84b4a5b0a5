"""Whether a replay that somebody has kept is evidence for the rules as they are now."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from catalog.editing.writing import write
from components.design.edge.host import HostEdge
from pave.edge.replayed import EdgeReplayReport, ReplayedPolicy, policy_digest
from pave.exit_code import ExitCode
from pave.layout import in_columns
from pave.refused import Refused
from pave.terminal import styled
from policies.wording import Line

SCHEMA = "# yaml-language-server: $schema=../schema/preview.schema.json\n"
"""The line by which an editor knows what may stand in the file."""

LEAST_DAYS = 7.0
"""As long as a rule is in preview before it is enforced, by the handbook:
https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/"""

SAYS = {
    "evidence": "nobody was turned away who had been answered",
    "alarms": "turned away {answered} who had been answered",
    "changed": "its rules or paths have changed since; replay again",
    "new": "wasn't there; replay again",
    "short": "the log has {days:.1f} days of requests, and {least:.0f} are wanted",
    "undecided": "of {undecided} requests it isn't known; ask core rules, and use a log that names clients",
    "unused": "no request in the log was for it",
}


class PolicyEvidence(msgspec.Struct, frozen=True, rename="camel"):
    """What a replay is worth for a policy: it `says` `evidence`, `alarms` (false ones, likely), or why it is
    none, and `words` say it to people."""

    policy: str
    says: str
    words: str


class EdgeEvidenceReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave edge evidence --format json` prints: of each policy of a host what a replay of so many
    `days` is worth. `log_digest` is the SHA-256 of the log."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["EdgeEvidenceReport"] = "EdgeEvidenceReport"
    host: str
    environment: str
    days: float
    log_digest: str
    policies: list[PolicyEvidence]

    @property
    def exit_code(self) -> ExitCode:
        """Ok where it is evidence for each policy; no where it speaks against one."""
        said = {each.says for each in self.policies}
        if "alarms" in said:
            return ExitCode.NO
        return ExitCode.OK if said <= {"evidence"} else ExitCode.WAITS


def evidence_report(edge: HostEdge, path: Path) -> EdgeEvidenceReport:
    """What a file that `pave edge replay --save` has written is worth now. Raises Refused for another file,
    and for a replay of another host."""
    replay = _read(path)
    if (replay.host, replay.environment) != (edge.host, edge.environment):
        where = f"{replay.host} in {replay.environment}"
        raise Refused(f"{path} is of {where}, and not of {edge.host} in {edge.environment}.")
    return EdgeEvidenceReport(
        host=edge.host,
        environment=edge.environment,
        days=replay.days,
        log_digest=replay.log_digest,
        policies=list(_policies(edge, {each.name: each for each in replay.policies}, replay.days)),
    )


def _read(path: Path) -> EdgeReplayReport:
    try:
        return msgspec.json.decode(path.read_bytes(), type=EdgeReplayReport)
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror or error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path} is no replay that `pave edge replay --save` has written: {error}.") from error


def as_preview(edge: HostEdge, path: Path, name: str) -> str:
    """The replay in a file as a `kind: Preview` of the catalog, in YAML. Raises as `evidence_report`."""
    report, replay = evidence_report(edge, path), _read(path)
    if not replay.journeys:
        raise Refused(
            f"{path} doesn't say what became of each journey, as an older pave wrote it. Replay again."
        )
    spec = {
        "host": report.host,
        "environment": report.environment,
        "logDigest": report.log_digest,
        "days": report.days,
        "journeys": [msgspec.to_builtins(each) for each in replay.journeys],
    }
    document = {"apiVersion": "pave/v1", "kind": "Preview", "metadata": {"name": name}, "spec": spec}
    return SCHEMA + write(document)


def _policies(edge: HostEdge, kept: dict[str, ReplayedPolicy], days: float) -> Iterator[PolicyEvidence]:
    by_digest = {each.digest: each for each in kept.values()}
    for policy in edge.policies:
        digest = policy_digest(edge, policy)
        was = by_digest.get(digest) or kept.get(policy.name)
        says = "new" if was is None else _says(was, digest, days)
        words = SAYS[says].format(
            answered=0 if was is None else was.answered,
            undecided=0 if was is None else was.undecided,
            days=days,
            least=LEAST_DAYS,
        )
        yield PolicyEvidence(policy.name, says, words)


def _says(was: ReplayedPolicy, digest: str, days: float) -> str:
    if was.digest != digest:
        return "changed"
    if was.answered:
        return "alarms"
    if was.undecided:
        return "undecided"
    if not was.requests:
        return "unused"
    return "short" if days < LEAST_DAYS else "evidence"


def as_text(report: EdgeEvidenceReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: EdgeEvidenceReport, width: int) -> Iterator[Line]:
    good = sum(each.says == "evidence" for each in report.policies)
    style: Literal["good", "bad", "plain"] = "plain"
    if report.exit_code != ExitCode.WAITS:
        style = "good" if report.exit_code == ExitCode.OK else "bad"
    yield Line(style, f"Evidence for {good} of {len(report.policies)} policies at {report.host}.")
    yield Line("plain", "")
    rows = [(each.policy, each.words) for each in report.policies]
    for row in in_columns(rows, width):
        yield Line("plain", row)
