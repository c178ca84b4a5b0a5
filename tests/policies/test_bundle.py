import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from policies.building.build import build
from policies.building.capabilities import capabilities
from policies.building.cli import main
from policies.building.opa import BuildError, MissingOpaError, find_opa
from policies.engines.embedded import EmbeddedEngine
from policies.rule import OPA, BundleError, Manifest, load_bundle, placeholders
from tests.policies import scratch
from tests.policies.opa_servers import POLICIES
from tests.policies.scratch import bundle_of, path_of, policies, text_of, write

EXAMPLE = path_of(scratch.EXAMPLE)
RULE = text_of()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The policies with the example as their only rule, not yet compiled."""
    return policies(tmp_path / "policies", {scratch.EXAMPLE: RULE})


@pytest.fixture
def built(root: Path, opa: Path) -> Path:
    (root / "bundle").mkdir()
    for name, content in build(root, opa).items():
        (root / "bundle" / name).write_bytes(content)
    return root


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _add_rule(root: Path, rule: str) -> Path:
    """A copy of the example as another rule."""
    return write(root, rule, text_of(rule))


@pytest.mark.opa
def test_the_same_sources_give_the_same_bytes_wherever_they_lie(
    root: Path, opa: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere" / "folder"
    shutil.copytree(root, elsewhere)
    assert build(root, opa) == build(elsewhere, opa) == build(root, opa)


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_the_committed_bundle_is_the_one_that_its_sources_give() -> None:
    assert main(["check"]) == 0


@pytest.mark.opa
def test_the_committed_capabilities_are_those_of_this_opa_in_webassembly(opa: Path) -> None:
    text = capabilities(opa)
    assert (POLICIES / "capabilities.json").read_bytes() == text
    names = {builtin["name"] for builtin in msgspec.json.decode(text)["builtins"]}
    assert {"concat", "regex.match", "glob.match", "net.cidr_contains", "rego.metadata.chain", "eq"} <= names
    assert (
        not {"sprintf", "time.now_ns", "semver.compare", "http.send", "regex.replace", "print", "any"} & names
    )


@pytest.mark.opa
def test_metadata_becomes_the_rule_and_its_folder_the_id(built: Path) -> None:
    bundle = load_bundle(built / "bundle")
    assert list(bundle.rules) == ["reliability/database-is-regional"]
    rule = bundle.rules["reliability/database-is-regional"]
    assert (rule.id, rule.pillar, rule.level, rule.severity) == (
        "reliability/database-is-regional",
        "reliability",
        2,
        "error",
    )
    assert rule.title == "Databases survive the loss of a zone"
    assert rule.description == "A zonal database is gone for as long as its zone is, and its service with it."
    assert rule.stages == ("spec",)
    assert rule.message == "Database {store} runs in one zone."
    assert rule.references == ("https://cloud.google.com/sql/docs/postgres/high-availability",)


@pytest.mark.opa
def test_rules_are_listed_in_the_order_of_their_ids(root: Path, opa: Path) -> None:
    for folder in ("security/b", "cost/z", "security/a-b"):
        _add_rule(root, folder)
    manifest = msgspec.json.decode(build(root, opa)["rules.json"], type=Manifest)
    ids = [rule.id for rule in manifest.rules]
    assert ids == ["cost/z", "reliability/database-is-regional", "security/a-b", "security/b"]
    assert manifest.opa == OPA


@pytest.mark.opa
def test_a_rule_in_a_new_folder_is_found_with_no_edit(root: Path, opa: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    _add_rule(root, "security/a-new-rule")
    engine = EmbeddedEngine(bundle_of(root, opa))
    store = {"name": "orders", "kind": "postgres", "family": "database", "availability": "zonal"}
    document = msgspec.json.encode({"spec": {"service": {"spec": {"stores": [store]}}}})
    found = [finding.rule for finding in engine.evaluate(document)]
    assert found == ["reliability/database-is-regional", "security/a-new-rule"]
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.opa
def test_tests_and_fixtures_are_no_part_of_the_bundle(root: Path, opa: Path) -> None:
    before = build(root, opa)
    folder = (root / EXAMPLE).parent
    (folder / "database_is_regional_test.rego").write_text("package rules.reliability.x_test\n\ndeny := 1\n")
    (folder / "fixtures").mkdir()
    (folder / "fixtures" / "zonal.yaml").write_text("deny: true\n")
    (folder / "data.json").write_text('{"rules": 1}\n')
    (folder / ".#database_is_regional.rego").write_text("half of an edit")
    assert build(root, opa) == before


@pytest.mark.opa
@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("level: 2", "level: 6", 7, "custom.level must be a maturity level from 1 to 5, not 6"),
        ("level: 2", "level: high", 7, "custom.level must be a maturity level from 1 to 5, not 'high'"),
        (
            "severity: error",
            "severity: fatal",
            8,
            "custom.severity must be error, warning or info, not 'fatal'",
        ),
        ("stages: [spec]", "stages: []", 9, "custom.stages must be a list of spec, plan and state, not []"),
        ("stages: [spec]", "stages: [sate]", 9, "custom.stages must be spec, plan or state, not 'sate'"),
        ("stages: [spec]", "stages: [plan]", 21, "a rule of stages plan judges plan, not service"),
        ("title: Databases survive the loss of a zone", 'title: ""', 1, "'title' is a required property"),
        ("remediation:", "remedy:", 6, "'remediation' is a required property"),
        ("remediation:", "remedy:", 6, "('remedy' was unexpected)"),
        ("https://cloud", "http://cloud", 12, "custom.references must be an https URL, not 'http://cloud"),
        ("{store} runs", "{stroe} runs", 10, "custom.message has {stroe}, which the rule gives no finding"),
        ("{store} runs", "{ store } runs", 10, "encloses no parameter's name"),
        ("on store {store}", "on store {name}", 11, "custom.remediation has {name}"),
        ("# METADATA", "# METDATA", 13, "the rule has no `# METADATA` right above its package"),
        ("# title: Databases", "# title: [Databases", 4, "yaml"),
        (
            "package rules.reliability.",
            "package rules.security.",
            13,
            "rules.reliability.database_is_regional",
        ),
        ("deny contains finding if", "deny := finding if", 17, "a rule is `deny contains finding if { … }`"),
        ("deny contains finding", "denies contains finding", 1, "a rule is `deny contains finding if { … }`"),
        ("rego.metadata.chain()", '[{"path": ["a", "b", "c"]}]', 21, "rego.metadata.chain()"),
        ("store.availability !=", "not store.availability ==", 20, "add `import rego.v2`"),
        ('"store": store.name', '"store": sprintf("%s", [store.name])', 24, "undefined function sprintf"),
        ("import data.lib.result", "import data.lib.result\nimport data.lib.plan", 16, "import"),
        ("some i, store in", "some i store in", 18, "unexpected"),
    ],
)
def test_a_rule_that_would_mislead_is_refused_with_its_line(
    root: Path, opa: Path, old: str, new: str, line: int, what: str
) -> None:
    _edit(root / EXAMPLE, old, new)
    with pytest.raises(BuildError) as refused:
        build(root, opa)
    lines = str(refused.value).splitlines()
    assert any(each.startswith(f"policies/{EXAMPLE}:{line}: ") and what in each for each in lines), lines


@pytest.mark.opa
def test_a_finding_that_the_rule_makes_itself_is_refused(root: Path, opa: Path) -> None:
    head, _ = RULE.split("import data.lib.result")
    (root / EXAMPLE).write_text(head + 'deny contains "no" if input.spec.service.spec.stores\n')
    with pytest.raises(
        BuildError, match=rf"{EXAMPLE}:15: only `result.fail` of data.lib.result makes a finding"
    ):
        build(root, opa)


@pytest.mark.opa
def test_a_package_without_a_rule_is_refused(root: Path, opa: Path) -> None:
    (root / EXAMPLE).write_text("package rules.reliability.database_is_regional\n")
    with pytest.raises(BuildError, match="a rule is `deny contains finding if"):
        build(root, opa)


@pytest.mark.opa
def test_a_source_that_is_no_text_is_refused(root: Path, opa: Path) -> None:
    (root / EXAMPLE).write_bytes(RULE.encode() + b"# \xff\n")
    with pytest.raises(BuildError, match=EXAMPLE):
        build(root, opa)


@pytest.mark.opa
def test_every_fault_of_every_rule_is_reported_at_once(root: Path, opa: Path) -> None:
    _edit(_add_rule(root, "security/one"), "level: 2", "level: 9")
    other = _add_rule(root, "security/two")
    _edit(other, "severity: error", "severity: bad")
    _edit(other, "https:", "ftp:")
    with pytest.raises(BuildError) as refused:
        build(root, opa)
    places = [line.split(": ")[0] for line in str(refused.value).splitlines()]
    assert places == [
        "policies/rules/security/one/one.rego:7",
        "policies/rules/security/two/two.rego:12",
        "policies/rules/security/two/two.rego:8",
    ]


@pytest.mark.opa
@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("rules/reliability/loose.rego", "a rule is the file rules/<pillar>/<rule_name>/<rule_name>.rego"),
        (
            "rules/reliability/one/other.rego",
            "a rule is the file rules/<pillar>/<rule_name>/<rule_name>.rego",
        ),
        ("rules/beauty/one/one.rego", "beauty is no pillar; there are reliability, security, "),
    ],
)
def test_a_rule_in_the_wrong_place_is_refused(root: Path, opa: Path, path: str, what: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / EXAMPLE, root / path)
    _edit(root / path, "package rules.reliability.database_is_regional", "package rules.somewhere.else_")
    with pytest.raises(BuildError) as refused:
        build(root, opa)
    assert f"policies/{path}:1: {what}" in str(refused.value)


@pytest.mark.opa
def test_policies_without_rules_are_refused(root: Path, opa: Path) -> None:
    shutil.rmtree(root / "rules")
    with pytest.raises(BuildError, match="policies/rules: there are no rules"):
        build(root, opa)


@pytest.mark.opa
def test_check_names_what_is_not_current(built: Path, opa: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built.parent / ".tools").mkdir()
    (built.parent / ".tools" / "opa").symlink_to(opa)
    assert main(["check", "--root", str(built)]) == 0
    (built / EXAMPLE).write_text((built / EXAMPLE).read_text() + "\n# The module stays as it is.\n")
    assert main(["check", "--root", str(built)]) == 1
    assert capsys.readouterr().err == f"{built}/bundle: rules.json not current: make bundle\n"
    (built / "bundle" / "policy.wasm").unlink()
    assert main(["check", "--root", str(built)]) == 1
    assert capsys.readouterr().err == f"{built}/bundle: policy.wasm and rules.json not current: make bundle\n"
    assert main(["build", "--root", str(built)]) == 0
    assert main(["check", "--root", str(built)]) == 0


@pytest.mark.opa
def test_a_rule_that_is_refused_leaves_the_bundle_as_it_was(
    built: Path, opa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (built.parent / ".tools").mkdir()
    (built.parent / ".tools" / "opa").symlink_to(opa)
    before = [path.read_bytes() for path in sorted((built / "bundle").iterdir())]
    _edit(built / EXAMPLE, "level: 2", "level: 0")
    assert main(["build", "--root", str(built)]) == 1
    assert capsys.readouterr().err.startswith(f"policies/{EXAMPLE}:7: METADATA: custom.level must be")
    assert [path.read_bytes() for path in sorted((built / "bundle").iterdir())] == before


@pytest.mark.opa
def test_missing_capabilities_are_one_line(root: Path, opa: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root.parent / ".tools").mkdir()
    (root.parent / ".tools" / "opa").symlink_to(opa)
    (root / "capabilities.json").unlink()
    assert main(["build", "--root", str(root)]) == 1
    assert capsys.readouterr().err == f"{root}/capabilities.json can't be used (No such file or directory)\n"


@pytest.mark.parametrize("action", ["build", "check", "capabilities"])
def test_without_opa_one_line_says_how_to_get_it(
    root: Path, action: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert main([action, "--root", str(root)]) == 2
    assert capsys.readouterr().err == "opa 1.22.0 is needed to compile the rules: make tools\n"


def test_another_version_of_opa_is_refused(root: Path) -> None:
    other = root.parent / ".tools" / "opa"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\necho Version: 1.21.1\n")
    other.chmod(0o755)
    with pytest.raises(
        MissingOpaError, match=r"is not opa 1\.22\.0, which the bundle is compiled with: make tools"
    ):
        find_opa(root)


def _change_source(root: Path) -> None:
    _edit(root / EXAMPLE, "!=", "==")


def _add_source(root: Path) -> None:
    _add_rule(root, "security/more")


def _remove_source(root: Path) -> None:
    (root / EXAMPLE).unlink()


def _rename_source(root: Path) -> None:
    (root / EXAMPLE).rename((root / EXAMPLE).with_name("renamed.rego"))


def _change_capabilities(root: Path) -> None:
    _edit(root / "capabilities.json", '"concat"', '"sprintf"')


def _remove_capabilities(root: Path) -> None:
    (root / "capabilities.json").unlink()


def _change_module(root: Path) -> None:
    module = root / "bundle" / "policy.wasm"
    module.write_bytes(module.read_bytes()[:-1])


def _remove_module(root: Path) -> None:
    (root / "bundle" / "policy.wasm").unlink()


def _remove_metadata(root: Path) -> None:
    (root / "bundle" / "rules.json").unlink()


def _cut_metadata(root: Path) -> None:
    metadata = root / "bundle" / "rules.json"
    metadata.write_bytes(metadata.read_bytes()[:-20])


def _change_metadata(root: Path) -> None:
    _edit(root / "bundle" / "rules.json", '"level": 2', '"level": 7')


def _remove_rules(root: Path) -> None:
    manifest = msgspec.json.decode((root / "bundle" / "rules.json").read_bytes())
    (root / "bundle" / "rules.json").write_bytes(msgspec.json.encode(manifest | {"rules": []}))


@pytest.mark.opa
@pytest.mark.parametrize(
    "change",
    [
        _change_source,
        _add_source,
        _remove_source,
        _rename_source,
        _change_capabilities,
        _remove_capabilities,
        _change_module,
        _remove_module,
        _remove_metadata,
        _cut_metadata,
        _change_metadata,
        _remove_rules,
    ],
)
def test_a_bundle_that_is_not_of_its_sources_is_refused(built: Path, change: Callable[[Path], None]) -> None:
    load_bundle(built / "bundle")
    change(built)
    with pytest.raises(BundleError) as refused:
        load_bundle(built / "bundle")
    assert str(refused.value).endswith("; run `make bundle`")
    assert "\n" not in str(refused.value)


@pytest.mark.opa
def test_a_bundle_without_sources_beside_it_is_used_as_it_is(built: Path) -> None:
    expected = load_bundle(built / "bundle")
    image = built.parent / "image" / "bundle"
    shutil.copytree(built / "bundle", image)
    assert load_bundle(image) == expected


@pytest.mark.opa
def test_a_changed_test_is_no_changed_rule(built: Path) -> None:
    (built / EXAMPLE).with_name("database_is_regional_test.rego").write_text("package x_test\n")
    assert list(load_bundle(built / "bundle").rules) == ["reliability/database-is-regional"]


def test_the_parameters_of_a_template_are_its_names_in_braces() -> None:
    assert placeholders("{store} has {min_replicas} of {store}") == {"store", "min_replicas"}
    assert placeholders("nothing") == set()


@pytest.mark.parametrize("template", ["{", "}", "{}", "{{store}}", "{Store}", "{a b}", "{0}", "{store!r}"])
def test_a_template_with_another_brace_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="encloses no parameter's name"):
        placeholders(template)
