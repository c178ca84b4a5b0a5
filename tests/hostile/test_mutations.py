"""Whatever stands in a file of a catalog, a check answers: with a report, and never with a traceback.

`make mutations` tries a hundred thousand."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from catalog.loader import Catalog, load
from catalog.yaml.parsed import Unusable
from pave.checking.check import collected
from pave.checking.judge import Judge, judge_documents
from pave.reports.model import CheckReport
from pave.reports.output import render
from pave.terminal import Page
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from tests.command import pave
from tests.hostile.edited import world
from tests.hostile.mutated import Dice, extremes, mutant, originals
from tests.laws import tries

SEED = 20261121
BATCHES = 20
ALL = int(os.environ.get("MUTATIONS", tries(20_000)))
TODAY = date(2026, 11, 21)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load(world(tmp_path_factory.mktemp("mutations")))


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


def report(catalog: Catalog, path: str, text: bytes, engine: EmbeddedEngine, bundle: Bundle) -> CheckReport:
    """What a check of the catalog says when a file of it holds this text."""
    try:
        changed = catalog.with_text(path, text)
    except Unusable as error:
        changed = Catalog(catalog.root)
        changed.unusable.append(error)
    judged = [each for named in changed.documents.values() for each in named.values() if each.path == path]
    judge = Judge(changed, lambda: engine, bundle.rules, TODAY)
    decisions, problems = judge_documents(changed, judged, None, judge)
    verdicts = collected(changed, decisions, problems, None)
    return CheckReport(
        today=TODAY.isoformat(),
        revision=bundle.revision,
        allowed=not verdicts.problems and all(one.allowed for one in decisions),
        decisions=verdicts.decisions,
        problems=verdicts.problems,
        unusable=verdicts.unusable,
        undecided=verdicts.undecided,
    )


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_changed_document_gets_a_report(
    batch: int, catalog: Catalog, engine: EmbeddedEngine, bundle: Bundle
) -> None:
    known = originals()
    page = Page(lambda _: [], catalog.root, colour=False, rules=bundle.rules)
    for number in range(batch, ALL, BATCHES):
        path, text = mutant(Dice(f"{SEED}-{number}"), known)
        try:
            found = report(catalog, path, text, engine, bundle)
            assert found.exit_code in {0, 1, 2}
            json.loads(render("json", found, page))
        except Exception as error:
            raise AssertionError(f"mutation {number} of {path}:\n{text!r}") from error


@pytest.mark.parametrize("number", [1e308, -1e308, 5e-324, 2**53, "9" * 400])
def test_any_number_of_any_kind_at_its_extreme_gets_a_report(
    number: float | str, catalog: Catalog, engine: EmbeddedEngine, bundle: Bundle
) -> None:
    for path, text in extremes(number):
        try:
            assert report(catalog, path, text, engine, bundle).exit_code in {0, 1, 2}
        except Exception as error:
            raise AssertionError(f"{path}:\n{text!r}") from error


@pytest.mark.parametrize("batch", range(4))
def test_a_command_answers_it_with_json_and_an_exit_code_of_the_table(batch: int, tmp_path: Path) -> None:
    known = originals()
    root = world(tmp_path)
    for number in range(batch, tries(160), 4):
        path, text = mutant(Dice(f"{SEED}-command-{number}"), known)
        before = (root / path).read_bytes() if (root / path).exists() else None
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(text)
        done = pave(tmp_path, "check", f"catalog/{path}", "--today", TODAY.isoformat(), "--format", "json")
        assert done.exit_code in {0, 1, 2}, (number, done.stderr)
        assert json.loads(done.stdout)["kind"] in {"CheckReport", "ErrorReport"}
        assert "Traceback" not in done.stderr
        (root / path).unlink() if before is None else (root / path).write_bytes(before)
