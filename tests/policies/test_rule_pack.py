"""Every rule against documents in its owner's language, through the real loader, design and engine.

A rule's folder is its registration: a new one is tested here without an edit. `failing.yaml` must make the
rule fire at each of its stages, `passing.yaml` at none; a folder's other YAML files belong to both catalogs.
"""

import functools
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.document import Document
from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import load
from catalog.yaml.text import parse
from policies.decision import decide
from policies.engines.answer import RawFinding
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle, Rule
from policies.subject import Subject
from stacks.plan import Plan, record_stack
from stacks.policy_input import input_on
from stacks.stack import foundation_stack, global_stack, stack_of, unit_stack

HOME = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path for path in (HOME / "policies" / "rules").glob("*/*") if path.is_dir())
TODAY = date(2026, 11, 21)

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")
every_rule = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-2:]))


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


@pytest.fixture(scope="module")
def case_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], "Case"]:
    """A fixture of a folder, by its file's name; what was planned for one test is there for the next."""
    return functools.cache(
        lambda folder, name: Case(
            texts_of(folder, name), tmp_path_factory.mktemp(folder.name), state_of(folder, name)
        )
    )


@every_rule
def test_a_rule_has_its_test_and_both_fixtures_beside_it(folder: Path) -> None:
    wanted = {f"{folder.name}.rego", f"{folder.name}_test.rego", "failing.yaml", "passing.yaml"}
    assert wanted <= {path.name for path in folder.iterdir()}


@every_rule
def test_the_failing_document_makes_the_rule_fire_at_each_of_its_stages(
    folder: Path, case_of: Callable[[Path, str], "Case"], bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = case_of(folder, "failing.yaml")
    for stage in rule.stages:
        found = case.findings(rule, stage, engine)
        assert found, f"{rule.id} doesn't fire at the stage {stage}"
        assert {finding.status for finding in found} == {"failed"}


@every_rule
def test_the_passing_document_makes_it_fire_at_none(
    folder: Path, case_of: Callable[[Path, str], "Case"], bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = case_of(folder, "passing.yaml")
    for stage in rule.stages:
        assert case.findings(rule, stage, engine) == []


@every_rule
def test_what_its_owner_reads_is_complete_and_points_into_a_fixture(
    folder: Path, case_of: Callable[[Path, str], "Case"], bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = case_of(folder, "failing.yaml")
    found = [finding for stage in rule.stages for finding in case.findings(rule, stage, engine)]
    decision = decide(case.subject("plan" in rule.stages), found, bundle.rules, rule.stages, TODAY)
    assert decision.findings
    for finding in decision.findings:
        assert "{" not in finding.message + finding.remediation
        assert finding.document in case.documents


@every_rule
def test_the_expected_value_at_its_path_removes_the_finding(
    folder: Path,
    case_of: Callable[[Path, str], "Case"],
    bundle: Bundle,
    engine: EmbeddedEngine,
    tmp_path: Path,
) -> None:
    rule = rule_of(folder, bundle)
    case = case_of(folder, "failing.yaml")
    for finding in case.findings(rule, "spec", engine):
        if "expected" in finding.params:
            mended = Case(case.with_value(finding.path, finding.params["expected"]), tmp_path)
            assert finding.path not in [left.path for left in mended.findings(rule, "spec", engine)]


@every_rule
def test_who_waives_what_a_check_finds_is_stopped_by_no_plan_of_the_same(
    folder: Path, case_of: Callable[[Path, str], "Case"], bundle: Bundle, engine: EmbeddedEngine
) -> None:
    rule = rule_of(folder, bundle)
    case = case_of(folder, "failing.yaml")
    if rule.stages == ("spec", "plan"):
        found = [one for stage in rule.stages for one in case.findings(rule, stage, engine)]
        decided = decide(case.subject(is_planned=True), found, bundle.rules, rule.stages, TODAY)
        in_spec = {one.path for one in decided.findings if one.resource is None}
        later = {one.path for one in decided.findings if one.resource is not None} - in_spec
        assert not later, f"a check says {in_spec}, and only a plan says {later}"


def rule_of(folder: Path, bundle: Bundle) -> Rule:
    return bundle.rules[f"{folder.parent.name}/{folder.name.replace('_', '-')}"]


def texts_of(folder: Path, judged: str) -> dict[str, Any]:
    """The documents of a case by their files' names, what is judged first."""
    fixtures = {"failing.yaml", "passing.yaml"}
    others = sorted(path.name for path in folder.glob("*.yaml") if path.name not in fixtures)
    return {name: parse((folder / name).read_bytes(), name).data for name in (judged, *others)}


def state_of(folder: Path, judged: str) -> Any | None:
    """What is known of a case besides, `failing.state.json` of `failing.yaml`; None where nothing is."""
    path = folder / f"{judged.removesuffix('.yaml')}.state.json"
    return json.loads(path.read_bytes()) if path.is_file() else None


class Case:
    """Documents in the shipped catalog, each as a file of the name that it has; the first is judged, with
    what is known of it besides.

    They are written as JSON, which YAML 1.2 contains."""

    def __init__(self, texts: Mapping[str, Any], scratch: Path, state: Any | None = None) -> None:
        self._texts = texts
        self._state = state
        paths = [scratch / data["kind"] / f"{data['metadata']['name']}.yaml" for data in texts.values()]
        for path, data in zip(paths, texts.values(), strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(data))
        self.catalog = load(HOME / "catalog", paths[1:])
        document = self.catalog.add(paths[0])
        assert document is not None, [*map(str, self.catalog.problems), *map(str, self.catalog.unusable)]
        self._document: Document = document
        self.documents = {self.catalog.shown(path) for path in paths}

    @functools.cached_property
    def judged(self) -> Service | Environment:
        name = self._document.name
        if self._document.kind != "Service":  # judged with the environment that it is called like
            environment = self.catalog.find(Environment, name)
            assert environment is not None
            return environment
        service = service_at(self.catalog, name, places_of(self.catalog, name)[0])
        assert isinstance(service, Service), list(map(str, service))
        return service

    @functools.cached_property
    def plan(self) -> Plan:
        judged = self.judged
        if isinstance(judged, Service):
            return record_stack(self.catalog, stack_of(judged))
        of_kind = {"ObservabilityUnit": unit_stack, "ObservabilityGlobal": global_stack}
        return record_stack(self.catalog, of_kind.get(self._document.kind, foundation_stack)(judged.name))

    def subject(self, is_planned: bool) -> Subject:
        judged, origins = self.judged, self.plan.origins if is_planned else None
        if isinstance(judged, Service):
            return Subject(judged, judged.environment, self.catalog.file, origins)
        unit = self.catalog.find(ObservabilityUnit, judged.name)
        hub = self.catalog.find(ObservabilityGlobal, judged.name)
        return Subject(None, judged, self.catalog.file, origins, unit=unit, hub=hub)

    def rule_input(self, stage: str) -> bytes:
        """What rules see of the case at a stage."""
        plan = self.plan if stage == "plan" else None
        state = self._state if stage == "state" else None
        return input_on(self.catalog, self.judged, TODAY, plan, state)

    def findings(self, rule: Rule, stage: str, engine: EmbeddedEngine) -> list[RawFinding]:
        """What the rule finds in the documents that are new at a stage."""
        document = self.rule_input(stage)
        return [
            finding
            for finding in engine.evaluate(document)
            if finding.rule == rule.id and (finding.path[0] == "plan") == (stage == "plan")
        ]

    def with_value(self, path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
        """The case's documents with one value changed, in the one that a finding's path leads into."""
        judged = self.judged
        owner = judged.environment if path[0] == "environment" and isinstance(judged, Service) else judged
        texts: dict[str, Any] = json.loads(json.dumps(self._texts))
        place = next(data for data in texts.values() if data["metadata"]["name"] == owner.name)
        *steps, last = owner.source(path[1:])
        for step in steps:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        place[last] = value
        return texts
