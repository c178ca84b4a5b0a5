"""Which stacks a change affects: none too few, and none for nothing."""

import functools
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import pytest

from catalog.kinds.environment import Environment
from catalog.kinds.service import service_at
from catalog.kinds.service_dependencies import dependents
from catalog.loader import Catalog, load
from pave.planning.changed import NEVER, changes_since, compare, reaches_every_stack
from pave.refused import Refused
from pave.reports.changes import ChangeReport
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from stacks.gate.gate import Unjudged, judge_stack
from stacks.stack import Stack, stacks
from tests.command import pave
from tests.laws import tries
from tests.policies.generated import Generator, rule_input
from tests.repository import commit, committed, git
from tests.shipped import NAMED_BY_SERVICES

HOME = Path(__file__).resolve().parents[2]
KINDS = (*NAMED_BY_SERVICES, "services", "waivers", "zones")
HERE = PurePosixPath("catalog")
CUSTOMERSDOT = ["service.customersdot.production", "service.customersdot.staging"]
COPY = "service.usage-api.staging.load-test"
IN_STAGING = ["foundation.staging", "service.customersdot.staging", "service.usage-api.staging", COPY]
WAIVER = """\
apiVersion: pave/v1
kind: Waiver
metadata: {name: one}
spec:
  rule: reliability/database-is-regional
  service: customersdot
  environment: staging
  path: spec.stores[db].availability
  reason: The move waits for the vendor's window.
  owner: platform
  ticket: https://example.com/1
  requestedBy: ada
  approvedBy: grace
  granted: "2026-11-01"
  expires: "2026-12-01"
"""


@pytest.fixture
def repository(tmp_path: Path, shipped: Path) -> Path:
    """A repository with the shipped catalog, as it was committed."""
    for kind in KINDS:
        shutil.copytree(shipped / kind, tmp_path / "catalog" / kind)
    for path in ("README.md", "components/cache.py", "requirements.lock"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("as it was\n")
    return committed(tmp_path)


def replace(repository: Path, path: str, old: str, new: str) -> None:
    file = repository / "catalog" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def rewrite(repository: Path, path: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edits the data of a document, and writes it as JSON, which is YAML too."""
    data = msgspec.json.decode(msgspec.json.encode(load(repository / "catalog").file(path).data))
    edit(data)
    (repository / "catalog" / path).write_bytes(msgspec.json.encode(data))


def since_then(repository: Path) -> ChangeReport:
    return changes_since("HEAD", repository / "catalog")


def affected(repository: Path) -> list[str]:
    return [one.stack for one in since_then(repository).stacks]


def test_nothing_changed_affects_nothing(repository: Path) -> None:
    assert affected(repository) == []


def test_a_services_file_affects_its_stacks(repository: Path) -> None:
    replace(repository, "services/customersdot.yaml", "tier: critical", "tier: standard")
    report = since_then(repository)
    assert [one.stack for one in report.stacks if one.service == "customersdot"] == CUSTOMERSDOT
    assert report.stacks[0].because == ["catalog/services/customersdot.yaml"]


def test_an_override_of_one_environment_affects_no_other(repository: Path) -> None:
    def override(data: dict[str, Any]) -> None:
        (entry,) = (one for one in data["spec"]["environments"] if one["name"] == "staging")
        entry.setdefault("override", {})["availability"] = {"target": 99.0}

    rewrite(repository, "services/customersdot.yaml", override)
    assert affected(repository) == ["service.customersdot.staging"]


def test_a_comment_and_moved_lines_affect_nothing(repository: Path) -> None:
    for path in (repository / "catalog").rglob("*.yaml"):
        path.write_text(f"# A comment\n\n{path.read_text('utf-8')}# and another\n", "utf-8")
    assert affected(repository) == []


def test_an_environment_affects_its_foundation_first_and_then_all_that_stands_on_it(repository: Path) -> None:
    replace(repository, "environments/staging.yaml", "max: 3", "max: 4")
    assert affected(repository) == IN_STAGING


def test_a_team_affects_the_services_that_refer_to_it(repository: Path) -> None:
    replace(repository, "teams/workplace.yaml", "coverage: business-hours", "coverage: 24x7")
    found = affected(repository)
    assert "service.lunch-menu.production" in found
    assert not set(found) & {*CUSTOMERSDOT, "foundation.production", "foundation.staging"}


def test_a_vendor_affects_the_services_that_depend_on_it(repository: Path) -> None:
    replace(repository, "vendors/mailgun.yaml", "availability: 99.", "availability: 98.")
    report = since_then(repository)
    assert "service.lunch-menu.production" in [one.stack for one in report.stacks]
    assert {path for one in report.stacks for path in one.because} == {"catalog/vendors/mailgun.yaml"}


def test_what_a_zone_puts_in_front_of_all_services_affects_each_and_a_record_only_its_foundation(
    repository: Path,
) -> None:
    replace(repository, "zones/production.yaml", "10 mx1.mail", "20 mx1.mail")
    assert affected(repository) == ["foundation.production"]
    replace(repository, "zones/production.yaml", "sensitivity: 1", "sensitivity: 2")
    found = affected(repository)
    assert {"service.customersdot.production", "service.lunch-menu.production"} < {*found}
    assert not any(".staging" in stack for stack in found)


def test_a_waiver_affects_the_stack_that_it_is_for(repository: Path) -> None:
    (repository / "catalog" / "waivers" / "one.yaml").write_text(WAIVER)
    assert affected(repository) == ["service.customersdot.staging"]


def test_a_service_affects_those_whose_design_depends_on_it(repository: Path) -> None:
    rewrite(
        repository,
        "services/usage-api.yaml",
        lambda data: data["spec"].update(availability={"target": 97.0}),
    )
    assert dependents(load(repository / "catalog"), "usage-api") == ["receipt-scanner"]
    assert {one.service for one in since_then(repository).stacks} == {"receipt-scanner", "usage-api"}


@pytest.mark.parametrize(
    "path", ["components/cache.py", "requirements.lock", ".gitlab-ci.yml", "catalog/x.txt"]
)
def test_whatever_is_not_known_to_be_harmless_affects_every_stack(repository: Path, path: str) -> None:
    (repository / path).write_text("as it is now\n")
    report = since_then(repository)
    assert report.everywhere == [path]
    assert [one.stack for one in report.stacks] == [
        str(stack) for stack in stacks(load(repository / "catalog"))
    ]


@pytest.mark.parametrize(
    "path", ["README.md", "docs/new.md", "tests/test_new.py", "catalog/examples/new.yaml"]
)
def test_what_nothing_reads_affects_nothing(repository: Path, path: str) -> None:
    (repository / path).parent.mkdir(exist_ok=True)
    (repository / path).write_text("as it is now\n")
    assert affected(repository) == []


def test_a_document_of_a_kind_that_is_not_compared_affects_every_stack() -> None:
    assert not reaches_every_stack("catalog/services/portal.yaml", HERE)
    assert reaches_every_stack("catalog/recipes/portal.yaml", HERE)
    assert reaches_every_stack("catalog/services/portal.json", HERE)
    assert reaches_every_stack("elsewhere/services/portal.yaml", HERE)


def test_a_file_that_a_spec_links_to_is_missed(repository: Path) -> None:
    link = {"title": "Guide", "url": "/README.md", "kind": "runbook"}
    rewrite(repository, "services/lunch-menu.yaml", lambda data: data["metadata"].update(links=[link]))
    commit(repository)
    assert affected(repository) == []
    (repository / "README.md").unlink()
    # It can't be used any more, so its environment has fewer to carry.
    assert affected(repository) == ["foundation.production", "service.lunch-menu.production"]


def test_a_new_service_is_affected_and_a_deleted_one_is_gone(repository: Path) -> None:
    path = repository / "catalog/services/lunch-menu.yaml"
    text = path.read_text().replace("name: lunch-menu,", "name: tea-menu,")
    path.rename(path.with_name("tea-menu.yaml")).write_text(text)
    report = since_then(repository)
    assert [one.stack for one in report.stacks] == ["foundation.production", "service.tea-menu.production"]
    assert [(one.stack, one.because) for one in report.gone] == [
        ("service.lunch-menu.production", ["catalog/services/lunch-menu.yaml"])
    ]


def test_a_service_that_leaves_an_environment_is_gone_from_there(repository: Path) -> None:
    def leave(data: dict[str, Any]) -> None:
        data["spec"]["environments"] = [e for e in data["spec"]["environments"] if e["name"] != "staging"]

    rewrite(repository, "services/usage-api.yaml", leave)
    report = since_then(repository)
    assert [one.stack for one in report.gone] == ["service.usage-api.staging", COPY]
    assert "service.usage-api.production" not in [one.stack for one in report.stacks]


@pytest.mark.parametrize("broken", ["kind: [", "kind: Service\n", "apiVersion: pave/v1\nkind: Nothing\n"])
def test_a_file_that_broke_is_affected_and_not_gone(repository: Path, broken: str) -> None:
    (repository / "catalog/services/lunch-menu.yaml").write_text(broken)
    (repository / "catalog/environments/staging.yaml").write_text(broken)
    report = since_then(repository)
    foundation, customersdot, *usage_api = IN_STAGING
    above, lunch_menu = "foundation.production", "service.lunch-menu.production"  # delegates to staging
    assert [one.stack for one in report.stacks] == [above, foundation, customersdot, lunch_menu, *usage_api]
    assert report.gone == []
    assert report.stacks[1].purpose is None


def test_without_an_earlier_commit_every_stack_is_affected(repository: Path) -> None:
    report = changes_since(NEVER, repository / "catalog")
    assert report.commit is None
    assert [one.stack for one in report.stacks] == [
        str(stack) for stack in stacks(load(repository / "catalog"))
    ]


def test_a_catalog_that_was_not_there_is_all_new(repository: Path) -> None:
    (repository / "catalog").rename(repository / "specs")
    report = changes_since("HEAD", repository / "specs")
    assert [one.stack for one in report.stacks] == [
        str(stack) for stack in stacks(load(repository / "specs"))
    ]


def test_a_revision_that_there_is_none_of_is_refused_by_name(repository: Path) -> None:
    with pytest.raises(Refused, match="`no-such-branch`"):
        changes_since("no-such-branch", repository / "catalog")


# What is not listed has the same plan and the same decision as before.


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


def outcome(catalog: Catalog, stack: Stack, engine: EmbeddedEngine, bundle: Bundle, today: date) -> Any:
    """The plan and the decision, but for where in their files the lines of the findings stand."""
    try:
        plan, decision = judge_stack(catalog, stack, engine, bundle.rules, today)
    except Unjudged as error:
        return sorted((p.rule, p.document, p.path, p.message) for p in error.problems)
    said = msgspec.to_builtins(decision)
    for finding in said["findings"]:
        for name in ("line", "column", "endLine", "endColumn"):
            del finding[name]
    return msgspec.json.encode(plan), said


def edits(seed: int, root: Path, scratch: Path) -> None:
    """A few edits of a catalog by chance: fields of services and environments, a team, a file that goes."""
    generator = Generator(seed, scratch, [])
    dice = generator.dice
    for kind in dice.sample(["services", "environments", "teams", "gone"], dice.choice([1, 1, 2])):
        path = dice.choice(sorted((root / (kind if kind != "gone" else "services")).glob("*.yaml")))
        if kind == "gone":
            path.unlink()
        elif kind == "teams":
            path.write_text(path.read_text().replace("24x7", "business-hours"))
        else:
            document = load(root).file(path.relative_to(root).as_posix())
            path.write_bytes(msgspec.json.encode(generator._edited(document.data)))


def unlisted(seed: int, shipped: Path, tmp_path: Path) -> tuple[Catalog, Catalog, list[Stack]]:
    """(the shipped catalog, the same after some edits, the stacks of it that are not affected)."""
    root = tmp_path / str(seed) / "catalog"
    for kind in (*KINDS, "units"):
        shutil.copytree(shipped / kind, root / kind)
    edits(seed, root, tmp_path)
    then, now = load(shipped), load(root)
    listed = {one.stack for one in compare(then, now, HERE)[0]}
    return then, now, [stack for stack in stacks(now) if str(stack) not in listed]


@pytest.fixture(scope="module")
def before(shipped: Path, engine: EmbeddedEngine, bundle: Bundle, today: date) -> Callable[[Stack], Any]:
    """The outcome of a stack of the shipped catalog, the same for all edits of it."""
    return functools.cache(lambda stack: outcome(load(shipped), stack, engine, bundle, today))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(tries(8)))
def test_a_stack_that_is_not_listed_has_the_same_plan_and_decision(
    seed: int,
    tmp_path: Path,
    shipped: Path,
    before: Callable[[Stack], Any],
    engine: EmbeddedEngine,
    bundle: Bundle,
    today: date,
) -> None:
    _, now, rest = unlisted(seed, shipped, tmp_path)
    for stack in rest:
        assert before(stack) == outcome(now, stack, engine, bundle, today), stack


def test_a_stack_that_is_not_listed_gives_the_rules_the_same_to_see(tmp_path: Path, shipped: Path) -> None:
    """Many more edits, for what costs little: the rule input on the spec, without the plan."""
    seen = 0
    for seed in range(100, 100 + tries(40)):
        then, now, rest = unlisted(seed, shipped, tmp_path)
        for stack in rest:
            before, after = (effective(catalog, stack) for catalog in (then, now))
            assert before == after, (seed, stack)
            seen += 1
    assert seen > tries(100), "the edits affect nearly everything: nothing is tried"


def effective(catalog: Catalog, stack: Stack) -> Any:
    if stack.service is None:
        found: Any = catalog.find(Environment, stack.environment)
    else:
        found = service_at(catalog, stack.service, stack.environment)
    return [problem.message for problem in found] if isinstance(found, list) else rule_input(catalog, found)


# The command.


def test_the_command_says_what_why_and_what_to_do(repository: Path) -> None:
    replace(repository, "environments/staging.yaml", "max: 3", "max: 4")
    (repository / "catalog/services/lunch-menu.yaml").unlink()
    done = pave(repository, "changed", "--since", "HEAD")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == (
        "5 stacks are affected by what changed since HEAD.\n"
        "  foundation.production                catalog/services/lunch-menu.yaml\n"
        "  foundation.staging                   catalog/environments/staging.yaml\n"
        "  service.customersdot.staging         catalog/environments/staging.yaml\n"
        "  service.usage-api.staging            catalog/environments/staging.yaml\n"
        "  service.usage-api.staging.load-test  catalog/environments/staging.yaml\n"
        "\n"
        "Gone from the catalog; what they have stays until somebody destroys it:\n"
        "  service.lunch-menu.production  pave destroy service.lunch-menu.production\n"
    )


def test_programs_get_json(repository: Path) -> None:
    replace(repository, "environments/staging.yaml", "max: 3", "max: 4")
    report = json.loads(pave(repository, "changed", "--since", "HEAD", "--format", "json").stdout)
    assert (report["apiVersion"], report["kind"]) == ("pave/v1", "ChangeReport")
    assert report["commit"] == git(repository, "rev-parse", "HEAD")
    assert report["stacks"][0] == {
        "stack": "foundation.staging",
        "service": None,
        "environment": "staging",
        "instance": None,
        "purpose": "staging",
        "because": ["catalog/environments/staging.yaml"],
        "movedTo": None,
    }


def test_the_note_shows_a_files_name_as_it_is(repository: Path) -> None:
    (repository / "<!-- `x`\nmerge").write_text("")
    said = pave(repository, "changed", "--since", "HEAD", "--format", "markdown").stdout
    first, _, rest = said.partition("\n\n")
    assert first == "Every stack is affected by what changed since HEAD: `<!-- 'x' merge`."
    assert rest.startswith("- `foundation.production`\n")


def test_a_wrong_revision_is_exit_2_and_one_line(repository: Path) -> None:
    done = pave(repository, "changed", "--since", "HEAD~7")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "HEAD~7" in done.stderr


def test_what_an_instance_says_affects_no_other_stack_of_its_service(repository: Path) -> None:
    replace(repository, "services/usage-api.yaml", "max: 12", "max: 9")
    assert [one.stack for one in since_then(repository).stacks] == ["foundation.staging", COPY]
