"""Real reports to print: the shipped catalog, the example of today, a broken catalog, and a small sample."""

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from catalog.loader import Catalog
from pave.checking.baseline import KnownFindings, compared, wrong_in
from pave.checking.check import collected
from pave.checking.judge import Judge, judge_documents
from pave.planning.decide import NoVerdict, stack_named
from pave.reports.model import CheckReport, GateChange, Report, Verdicts, reported_failure
from pave.reports.output import render
from pave.terminal import Page
from pave.workspace import Workspace
from policies.decision import Decision, Finding
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle

REPORTS = [
    "shipped_report",
    "today_report",
    "broken_report",
    "sample_report",
    "baseline_report",
    "unplanned_report",
]
"""The fixtures below, for what holds of every report."""

KEPT = {
    "reliability/database-is-regional": {},
    "reliability/no-single-machine": {"status": "undecided", "blocking": False},
    "reliability/store-is-managed": {"blocking": False, "waiver": "redis-moves-in-december"},
    "reliability/failover-is-rehearsed": {},
    "security/machines-have-no-public-address": {},
}
"""Rules whose findings the sample keeps, and what it makes of them."""

HALF_WRITTEN = """\
apiVersion: pave/v1
kind: Service
metadata:
\tname: half-written
"""
HOSTILE = """\
apiVersion: pave/v1
kind: Service
metadata: {name: hostile, owner: workplace, nmae: x}
spec:
  tier: "<img>|@all [x](javascript:y) `z` *s* {0} &lt; #1"
  workloads:
    - name: web
    - replicas: {min: 1, max: 2}
"""
LONELY = """\
apiVersion: pave/v1
kind: Service
metadata: {name: lonely, owner: nobody}
spec:
  tier: internal
  stage: beta
  environments: [{name: nowhere}, {name: staging}]
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/lonely/app@sha256:DIGEST
""".replace("DIGEST", "0f1e2d3c4b5a6978" * 4)


class Made(NamedTuple):
    """A report, and the page to print it on."""

    report: Report
    page: Page

    def to(self, format_: str) -> str:
        """The report in a format."""
        return render(format_, self.report, self.page)


def reported(verdicts: Verdicts, today: date) -> CheckReport:
    """A report that adds nothing to what was judged."""
    return CheckReport(
        today=today.isoformat(),
        revision="0" * 64,
        allowed=not (verdicts.problems or verdicts.unusable)
        and all(decision.allowed for decision in verdicts.decisions),
        decisions=verdicts.decisions,
        problems=verdicts.problems,
        unusable=verdicts.unusable,
    )


@pytest.fixture(scope="session")
def judged(bundle: Bundle, today: date) -> Callable[..., Made]:
    """Checks a catalog, or some files of it, as `pave check` does; `order` sorts the files that are read."""

    def run(root: Path, *files: Path, order: Callable[[list[Path]], Iterable[Path]] = sorted) -> Made:
        work = Workspace(root, today)
        catalog = Catalog(root)
        for path in order([*root.glob("[!.]*/*.yaml"), *(f for f in files if not f.is_relative_to(root))]):
            if path.parent.name != "examples" or path in files:
                catalog.add(path)
        only = {catalog.shown(path) for path in files} or None
        documents = [d for kind in ("Service", "Environment") for d in catalog.documents[kind].values()]
        selected = [d for d in documents if only is None or d.path in only]
        judge = Judge(catalog, lambda: EmbeddedEngine(bundle), bundle.rules, today)
        decisions, problems = judge_documents(catalog, selected, None, judge)
        made = reported(collected(catalog, decisions, problems, only), today)
        page = Page(work.lines, root, colour=False, rules=bundle.rules, unjudged=work.quoting.lines)
        return Made(made, page)

    return run


@pytest.fixture(scope="session")
def shipped_report(judged: Callable[..., Made], shipped: Path) -> Made:
    return judged(shipped)


@pytest.fixture(scope="session")
def today_report(judged: Callable[..., Made], shipped: Path) -> Made:
    return judged(shipped, shipped / "examples" / "customersdot-today.yaml")


@pytest.fixture(scope="session")
def broken_catalog(tmp_path_factory: pytest.TempPathFactory, shipped: Path) -> Path:
    root = tmp_path_factory.mktemp("broken") / "catalog"
    for folder in ("environments", "teams", "vendors"):
        shutil.copytree(shipped / folder, root / folder)
    (root / "services").mkdir()
    for name, text in (("half-written", HALF_WRITTEN), ("hostile", HOSTILE), ("lonely", LONELY)):
        (root / "services" / f"{name}.yaml").write_text(text, "utf-8")
    return root


@pytest.fixture(scope="session")
def broken_report(judged: Callable[..., Made], broken_catalog: Path) -> Made:
    return judged(broken_catalog, *sorted((broken_catalog / "services").iterdir()))


@pytest.fixture(scope="session")
def unplanned_report(broken_catalog: Path, broken_report: Made, today: date) -> Made:
    """Of a stack that can't be planned, for more reasons than one stack has at once."""
    work = Workspace(broken_catalog, today)
    with pytest.raises(NoVerdict) as raised:
        stack_named(work, "service.hostile.production", None)
    failure = reported_failure(
        "hostile", "services/hostile.yaml", "The program uses `transforms` [x](y) {0}."
    )
    whole = msgspec.structs.replace(
        raised.value.report(work), revision="0" * 64, failure=failure, unusable=broken_report.report.unusable
    )
    return Made(whole, broken_report.page)


@pytest.fixture(scope="session")
def sample_report(today_report: Made) -> Made:
    """A few findings of the example of today, one of them undecided, one waived: small enough to review."""
    whole = today_report.report
    assert isinstance(whole, CheckReport)
    decisions = [_sampled(decision) for decision in whole.decisions]
    rules = {name: rule for name, rule in today_report.page.rules.items() if name in KEPT}
    page = today_report.page
    page = Page(page.lines, page.root, colour=False, rules=rules, unjudged=page.unjudged)
    return Made(msgspec.structs.replace(whole, decisions=decisions), page)


@pytest.fixture(scope="session")
def baseline_report(sample_report: Made, broken_report: Made) -> Made:
    """The sample and the broken catalog's problems against a baseline that has all but two of them."""
    sample, broken = sample_report.report, broken_report.report
    assert isinstance(sample, CheckReport)
    rest = [problem for problem in broken.problems if problem.document == "services/hostile.yaml"]
    whole = msgspec.structs.replace(
        sample, problems=rest, gate_changes=[GateChange("the rules", "policies/rules")]
    )
    left_out = {sample.decisions[0].findings[0].fingerprint, rest[0].fingerprint}
    known = {name: one for name, one in wrong_in(whole) if name not in left_out}
    verdicts = Verdicts(decisions=whole.decisions, problems=rest, unusable=whole.unusable)
    counted, baseline = compared(verdicts, KnownFindings("origin/main", known))
    made = msgspec.structs.replace(
        whole, decisions=counted.decisions, problems=counted.problems, baseline=baseline
    )
    return sample_report._replace(report=made)


def _sampled(decision: Decision) -> Decision:
    findings = [_changed(finding) for finding in decision.findings if finding.rule in KEPT]
    blocking = sum(finding.blocking for finding in findings)
    counts = msgspec.structs.replace(
        decision.counts, rules=5, passed=0, blocking=blocking, next_steps=1, undecided=1, waived=1
    )
    return msgspec.structs.replace(decision, findings=findings, counts=counts)


def _changed(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, **KEPT[finding.rule])
