"""The house stays as it was built: its top level, its modules, and what nobody may write into it."""

import ast
import io
import re
import subprocess
import tokenize
from collections import Counter
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    *{".ci", ".gitattributes", ".gitignore", ".gitlab", ".gitlab-ci.yml", "Makefile", "README.md"},
    *{"Pulumi.yaml", "pyproject.toml", "requirements.in", "requirements.lock"},
    # An image, and a CI component where GitLab looks for one.
    *{"Dockerfile", ".dockerignore", "templates"},
    *{"bench", "catalog", "components", "pave", "policies", "stacks", "tests", "tools"},
}
MUST_BE_THERE = TOP_LEVEL - {"Pulumi.yaml"}

LONGEST_MODULE = 400
ESCAPES = {"type: ignore": 10, "noqa": 18, "pragma: no cover": 0, "fmt: skip": 6, "fmt: off": 0}
"""How often the house looks away from a check: exactly so often. Take one away, lower its number."""

UNWELCOME = re.compile(
    r"/(?:root|work|Users)/|/home/(?!app\b)\w|bash_[j]obs"
    r"|\bpypi[.]org|files[.]pythonhosted[.]org|proxy[.]golang[.]org|sum[.]golang[.]org|registry[.]npmjs"
)
"""Somebody's machine, or a package index: which one to use is everyone's own business."""


def tracked() -> list[Path]:
    """Every file that belongs to the project: known to git, or new and not ignored."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=HOME, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in sorted(set(done.stdout.split("\0")) - {""}) if (path := HOME / name).is_file()]


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def shown(path: Path) -> str:
    return path.relative_to(HOME).as_posix()


def comments(path: Path) -> list[tokenize.TokenInfo]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    return [token for token in tokens if token.type == tokenize.COMMENT]


def test_the_top_level_holds_only_what_the_design_names() -> None:
    found = {path.relative_to(HOME).parts[0] for path in tracked()}
    assert found - TOP_LEVEL == set(), (
        "a new folder at the top is a new room in the house: is there none that fits?"
    )
    assert found >= MUST_BE_THERE


def test_no_module_is_longer_than_the_house_allows() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    longer = {name: length for name, length in lengths.items() if length > LONGEST_MODULE}
    assert longer == {}, f"longer than {LONGEST_MODULE} lines: split by what it decides"


def test_the_house_looks_away_exactly_as_often_as_it_says() -> None:
    found: Counter[str] = Counter()
    places = []
    for path in modules():
        for comment in comments(path):
            for escape in ESCAPES:
                if re.match(rf"#\s*(?:ruff:\s*|mypy:\s*)?{re.escape(escape)}\b", comment.string):
                    found[escape] += 1
                    places.append(f"{shown(path)}:{comment.start[0]}: {comment.string}")
    assert {escape: found[escape] for escape in ESCAPES} == ESCAPES, "\n".join(places)


def test_no_file_names_a_machine_a_home_or_a_package_index() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # compiled; built with -trimpath or from sources that this test reads
        for number, line in enumerate(text.splitlines(), start=1):
            if UNWELCOME.search(line):
                found.append(f"{shown(path)}:{number}: {line.strip()[:120]}")
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "tools/go/requirements.lock"])
def test_a_lock_pins_by_hash_and_names_no_host(lock: str) -> None:
    text = (HOME / lock).read_text()
    assert "://" not in text
    pins = re.split(r"\n(?=[a-z])", text)[1:]
    assert pins
    assert [pin for pin in pins if not re.match(r"[\w.-]+==\S+ .*\n +--hash=sha256:[0-9a-f]{64}", pin)] == []


def test_every_package_says_what_it_is_for() -> None:
    bare = [
        shown(path)
        for path in modules()
        if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert bare == []


@pytest.mark.parametrize("forbidden", ["utils", "helpers", "common", "manager", "misc", "v2"])
def test_no_module_is_a_drawer_for_everything(forbidden: str) -> None:
    assert [shown(path) for path in tracked() if forbidden in path.stem.split("_")] == []


ROOMS = {"catalog": "spec", "components/design": "design", "components": "component"}
"""The trio: what an owner says of a thing, what was decided of it, and what makes it may share its name."""


def public_types(path: Path) -> list[str]:
    """The names of the classes and type aliases that a module makes public."""
    found = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.append(node.targets[0].id)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.append(node.target.id)
    return [name for name in found if re.fullmatch(r"[A-Z][a-z]\w*", name)]


def test_a_type_name_means_one_thing() -> None:
    places: dict[str, list[tuple[str | None, str]]] = {}
    for path in modules():
        name = shown(path)
        if name.startswith(("tests/", "bench/", "tools/")):
            continue
        room = next((room for folder, room in ROOMS.items() if name.startswith(f"{folder}/")), None)
        for type_ in public_types(path):
            places.setdefault(type_, []).append((room, name))
    twice = {}
    for type_, found in places.items():
        rooms = [room for room, _ in found]
        if len(found) > 1 and (None in rooms or len(set(rooms)) < len(rooms)):
            twice[type_] = [name for _, name in found]
    assert twice == {}
