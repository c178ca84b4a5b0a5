"""Specs that try to get something past the gate, each named for its trick, and who stops it.

A file says in its head why it is hostile and what it is `Caught by`: `unusable` (it is no YAML that two
readers read alike), a problem of the schema or the catalog, a rule, or `the recorder`. A new file is a new
test.
"""

import functools
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from catalog.loader import Catalog, load
from pave.checking.check import collected
from pave.checking.judge import Judge, judge_documents
from policies.engines.embedded import EmbeddedEngine
from policies.rule import PILLARS, Bundle
from stacks.plan import record_stack
from stacks.recording.model import RecordingError
from stacks.stack import stacks
from tests.shipped import NAMED_BY_SERVICES

HERE = Path(__file__).parent
HOME = HERE.parents[1]
HARMLESS = {"Service": "harmless.yaml", "Environment": "harmless-environment.yaml"}
EDITS = "edits.yaml"
"""Of `test_edits.py`."""
SPECS = sorted(path.name for path in HERE.glob("*.yaml") if path.name != EDITS)
TODAY = date(2026, 11, 21)

FINDINGS = ("waivers/", *(f"{pillar}/" for pillar in PILLARS))
"""How the ids of rules begin; all others are of problems."""

Caught = dict[str, str]
"""What a document is caught by, and in which words."""


def head(name: str, pattern: str) -> str | None:
    found = re.search(rf"^# {pattern}: (.+)$", (HERE / name).read_text("utf-8"), re.MULTILINE)
    return found[1] if found else None


HOSTILE = [name for name in SPECS if name not in HARMLESS.values()]
CAUGHT = [name for name in HOSTILE if head(name, "Caught by") not in (None, "the recorder")]
UNRECORDED = [name for name in HOSTILE if head(name, "Caught by") == "the recorder"]


@pytest.fixture(scope="session")
def caught(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Caught]:
    """All that a check finds wrong with one of these files, among the shipped catalog."""

    @functools.cache
    def find(name: str) -> Caught:
        catalog, path = with_file(name, tmp_path_factory.mktemp("hostile"))
        judged = [document for named in catalog.documents.values() for document in named.values()]
        if not path.startswith("waivers/"):
            judged = [document for document in judged if document.path == path]
        judge = Judge(catalog, lambda: EmbeddedEngine(bundle), bundle.rules, TODAY)
        decisions, problems = judge_documents(catalog, judged, None, judge)
        made = collected(catalog, decisions, problems, {path})
        findings = [
            finding
            for decision in decisions
            for finding in decision.findings
            if finding.status == "failed" and path in (finding.document, f"services/{decision.service}.yaml")
        ]
        said = [(finding.rule, finding.message) for finding in findings]
        said += [(problem.rule, problem.message) for problem in made.problems]
        said += [("unusable", broken.message) for broken in made.unusable]
        return dict(said)

    return find


def with_file(name: str, folder: Path) -> tuple[Catalog, str]:
    """The shipped catalog with one of these files in it, and the file's path there."""
    text = (HERE / name).read_text("utf-8")
    kind = re.search(r"^kind: (\w+)$", text, re.MULTILINE)
    called = re.search(r"^metadata:\s.*?\bname: ([\w-]+)", text, re.MULTILINE | re.DOTALL)
    assert kind is not None
    assert called is not None
    root = folder / "catalog"
    for part in (*NAMED_BY_SERVICES, "services", "waivers"):
        shutil.copytree(HOME / "catalog" / part, root / part, dirs_exist_ok=True)
    path = f"{kind[1].lower()}s/{called[1]}.yaml"
    shutil.copyfile(HERE / name, root / path)
    return load(root), path


@pytest.mark.parametrize("name", HARMLESS.values())
def test_without_a_trick_there_is_no_problem(name: str, caught: Callable[[str], Caught]) -> None:
    assert [rule for rule in caught(name) if not rule.startswith(FINDINGS)] == []


@pytest.mark.parametrize("name", CAUGHT)
def test_a_trick_is_caught_by_what_its_file_says(
    name: str, caught: Callable[[str], Caught], bundle: Bundle
) -> None:
    by = head(name, "Caught by")
    found = caught(name)
    assert by in found
    assert by not in caught(HARMLESS["Service"]), "it is not the trick that this rule stops"
    if by not in bundle.rules:
        assert {rule for rule in found if not rule.startswith(FINDINGS)} <= {by}, found


@pytest.mark.parametrize("name", UNRECORDED)
def test_a_trick_on_names_is_caught_when_the_plan_is_recorded(name: str, tmp_path: Path) -> None:
    catalog, path = with_file(name, tmp_path)
    [stack] = [stack for stack in stacks(catalog) if stack.service == Path(path).stem]
    with pytest.raises(RecordingError, match="Two resources"):
        record_stack(catalog, stack)


def test_every_file_says_what_stops_it() -> None:
    assert sorted([*CAUGHT, *UNRECORDED]) == sorted(HOSTILE)
    for name in SPECS:
        assert (HERE / name).read_text("utf-8").startswith("# "), name
