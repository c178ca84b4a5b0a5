"""Every rule against documents in its owner's language, through the real loader, design and engine.

A rule's folder is its registration: a new one is tested here without an edit. `failing.yaml` must make the
rule fire at each of its stages, `passing.yaml` at none; other YAML files of the folder belong to the catalog
of both.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.document import Document
from catalog.loader import load
from catalog.model import Environment, Service
from catalog.neighbourhood import neighbourhood
from catalog.text import parse
from components.design import design
from policies.decision import Subject, decide
from policies.engine import EmbeddedEngine, RawFinding
from policies.rule import Bundle, Rule, load_bundle
from stacks.plan import Plan, record_stack
from stacks.policy_input import foundation_input, service_input
from stacks.stack import foundation_stack, stack_of

HOME = Path(__file__).resolve().parents[2]
RULES = HOME / "policies" / "rules"
FOLDERS = sorted(path.parent for path in RULES.glob("*/*/*.rego") if not path.name.endswith("_test.rego"))
TODAY = date(2026, 11, 21)

every_rule = pytest.mark.parametrize(
    "folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}"
)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(HOME / "policies" / "bundle")


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


@every_rule
def test_a_rule_has_a_test_and_both_fixtures_beside_it(folder: Path) -> None:
    assert {f"{folder.name}.rego", f"{folder.name}_test.rego", "failing.yaml", "passing.yaml"} <= {
        path.name for path in folder.iterdir()
    }


@every_rule
def test_the_failing_document_makes_the_rule_fire_at_each_of_its_stages(
    folder: Path, tmp_path: Path, bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = Case(folder, "failing.yaml", tmp_path)
    for stage in rule.stages:
        found = case.findings(rule, stage, engine)
        assert found, f"{rule.id} doesn't fire at the stage {stage}"
        assert all(finding.status == "failed" for finding in found)


@every_rule
def test_the_passing_document_makes_it_fire_at_none(
    folder: Path, tmp_path: Path, bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = Case(folder, "passing.yaml", tmp_path)
    for stage in rule.stages:
        assert case.findings(rule, stage, engine) == []


@every_rule
def test_what_the_owner_reads_is_complete_and_points_into_a_file(
    folder: Path, tmp_path: Path, bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = Case(folder, "failing.yaml", tmp_path)
    for stage in rule.stages:
        found = case.findings(rule, stage, engine)
        for finding in decide(case.subject(stage), found, bundle.rules, ["spec", "plan"]).findings:
            assert "{" not in finding.message + finding.remediation
            assert finding.document in {case.document.path, *case.beside}
            assert (finding.line, finding.column) >= (1, 1)


@every_rule
def test_the_expected_value_at_the_path_removes_the_finding(
    folder: Path, tmp_path: Path, bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = Case(folder, "failing.yaml", tmp_path)
    for finding in case.findings(rule, "spec", engine):
        if "expected" in finding.params:
            mended = case.with_value(finding.path, finding.params["expected"])
            assert finding.path not in [left.path for left in mended.findings(rule, "spec", engine)]


def rule_of(folder: Path, bundle: Bundle) -> Rule:
    return bundle.rules[f"{folder.parent.name}/{folder.name.replace('_', '-')}"]


class Case:
    """One fixture in the shipped catalog, as a file of the name that its document has."""

    def __init__(self, folder: Path, name: str, scratch: Path, changed: Any = None) -> None:
        self._folder, self._name, self._scratch = folder, name, scratch
        beside = sorted(set(folder.glob("*.yaml")) - {folder / "failing.yaml", folder / "passing.yaml"})
        self.catalog = load(HOME / "catalog", [self._named(path.read_bytes()) for path in beside])
        self.beside = [self.catalog.shown(path) for path in scratch.iterdir()]
        text = (folder / name).read_bytes() if changed is None else json.dumps(changed).encode()
        document = self.catalog.add(self._named(text))
        assert document is not None, [*map(str, self.catalog.problems), *map(str, self.catalog.unusable)]
        self.document: Document = document

    def _named(self, text: bytes) -> Path:
        path = self._scratch / f"{parse(text, self._name).data['metadata']['name']}.yaml"
        path.write_bytes(text)
        return path

    @property
    def effective(self) -> Service | Environment:
        if self.document.kind == "Environment":
            environment = self.catalog.environment(self.document.name)
            assert environment is not None
            return environment
        service = self.catalog.service(
            self.document.name, self.catalog.service_environments(self.document.name)[0]
        )
        assert isinstance(service, Service), [str(problem) for problem in service]
        return service

    def plan(self) -> Plan:
        judged = self.effective
        stack = stack_of(judged) if isinstance(judged, Service) else foundation_stack(judged.name)
        return record_stack(self.catalog, stack)

    def subject(self, stage: str) -> Subject:
        judged, origins = self.effective, self.plan().origins if stage == "plan" else None
        if isinstance(judged, Service):
            return Subject(judged, judged.environment, self.catalog.file, origins)
        return Subject(None, judged, self.catalog.file, origins)

    def findings(self, rule: Rule, stage: str, engine: EmbeddedEngine) -> list[RawFinding]:
        judged, plan = self.effective, self.plan() if stage == "plan" else None
        if isinstance(judged, Service):
            around = neighbourhood(self.catalog, judged)
            document = service_input(judged, around, design(judged, around), TODAY, plan)
        else:
            document = foundation_input(judged, TODAY, plan)
        return [
            finding
            for finding in engine.evaluate(document)
            if finding.rule == rule.id and (finding.path[0] == "plan") == (stage == "plan")
        ]

    def with_value(self, path: tuple[str | int, ...], value: Any) -> "Case":
        """The same case with one value changed in the document that the path leads into."""
        changed = json.loads(json.dumps(self.document.data))
        *steps, last = self.effective.source(path[1:])
        place = changed
        for step in steps:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        place[last] = value
        return Case(self._folder, self._name, self._scratch, changed)
