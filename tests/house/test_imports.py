"""Imports go one way, the heavy ones late, and whatever is imported has been asked for."""

import ast
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PACKAGES = ("catalog", "policies", "components", "stacks", "pave")
DERIVED = Path("pave/delivery/engine/cli.py")
"""Derives from a class of Pulumi's, so that it is this module itself that is imported late."""
COMMANDS = sorted((HOME / "pave" / "commands").glob("[a-z]*.py"))
HEAVY = {
    *{"pulumi", "pulumi_gcp", "pulumi_kubernetes", "wasmtime", "jsonschema", "rich", "rapidfuzz", "yaml"},
    *{"urllib3", "jsonschema_rs", "multiprocessing", "jinja2"},
}


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (HOME / package).rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """The first names of what these statements import."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def is_for_types_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imported_on_import(path: Path) -> set[str]:
    """What a module imports as soon as it is imported itself."""
    body = [node for node in ast.parse(path.read_text("utf-8")).body if not is_for_types_only(node)]
    plain = [node for node in body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return imported(ast.Module(plain, []))


def test_the_import_contracts_of_pyproject_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", modules("pave"), ids=lambda path: path.relative_to(HOME).as_posix())
def test_the_command_never_imports_pulumi_before_it_is_needed(path: Path) -> None:
    if path != HOME / DERIVED:
        assert not imported_on_import(path) & {"pulumi", "pulumi_gcp", "pulumi_kubernetes"}


@pytest.mark.parametrize(
    "path", modules("catalog", "policies"), ids=lambda path: path.relative_to(HOME).as_posix()
)
def test_neither_the_catalog_nor_the_policies_import_pulumi_at_all(path: Path) -> None:
    assert not imported(ast.parse(path.read_text("utf-8"))) & {"pulumi", "pulumi_gcp", "pulumi_kubernetes"}


def loaded_by(*words: str | Path) -> set[str]:
    """The modules that a command has loaded when it ends, by the first part of their names."""
    program = (
        "import sys\nfrom pave.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('loaded:', *sorted(name for name in sys.modules if '.' not in name))"
    )
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "click" in loaded
    return loaded


@pytest.mark.parametrize("words", ["--help", *(f"{path.stem} --help" for path in COMMANDS)])
def test_help_waits_for_nothing_heavy(words: str) -> None:
    assert loaded_by(*words.split()) & HEAVY == set()


@pytest.mark.slow
def test_a_check_that_knows_its_verdicts_waits_for_nothing_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    catalog = shutil.copytree(HOME / "catalog", tmp_path / "catalog")
    check: list[str | Path] = ["check", "--catalog", catalog, "--format", "json", "--today", "2026-11-21"]
    assert {"wasmtime", "yaml"} <= loaded_by(*check)
    assert loaded_by(*check) & HEAVY == set()


def test_every_package_that_is_imported_is_asked_for_by_name() -> None:
    asked = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^([\w-]+)", (HOME / "requirements.in").read_text(), re.MULTILINE)
    }
    ours = {*PACKAGES, "tests", "tools", "bench"}
    owners = packages_distributions()
    missing = {}
    for path in modules(*ours):
        for name in imported(ast.parse(path.read_text("utf-8"))) - ours - set(sys.stdlib_module_names):
            distributions = {each.lower().replace("_", "-") for each in owners.get(name, [])}
            if not distributions & asked:
                missing[name] = path.relative_to(HOME).as_posix()
    assert missing == {}
