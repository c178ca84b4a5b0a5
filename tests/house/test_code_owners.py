"""`.gitlab/CODEOWNERS` as GitLab reads it: all it names is there, and what decides has owners of its own
(https://docs.gitlab.com/user/project/codeowners/reference/)."""

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

from catalog.validation import kind_folders
from pave.checking.gate_changes import PARTS
from tests.house.test_layout import tracked

HOME = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"(?P<optional>\^?)\[(?P<name>[^\]]+)\](\[(?P<approvals>\d+)\])?(?P<owners>( @\S+)*)")
EXAMPLE = re.compile(r"@acme/[a-z-]+")
"""A group of the company that all examples are of."""


class Line(NamedTuple):
    """A path of a section, and those who have to approve what is there."""

    section: str
    pattern: str
    owners: tuple[str, ...]
    is_optional: bool


def lines() -> list[Line]:
    found: list[Line] = []
    section, owners, is_optional = "", (), False
    for text in (HOME / ".gitlab" / "CODEOWNERS").read_text("utf-8").splitlines():
        if not text or text.startswith("#"):
            continue
        if opened := SECTION.fullmatch(text):
            section, owners = opened["name"], tuple(opened["owners"].split())
            is_optional = bool(opened["optional"])
        else:
            pattern, *named = text.split()
            found.append(Line(section, pattern, tuple(named) or owners, is_optional))
    return found


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern means a file. Of what GitLab knows, only what we write: a folder or a file from the
    root, and a name wherever it lies; a `*` stands for no slash."""
    if pattern.startswith("/"):
        inner = pattern[1:]
        if inner.endswith("/"):
            return path.startswith(inner)
        return fnmatchcase(path, inner) and path.count("/") == inner.count("/")
    assert "/" not in pattern
    return fnmatchcase(path.rsplit("/", 1)[-1], pattern)


def paths() -> list[str]:
    return [path.relative_to(HOME).as_posix() for path in tracked()]


def sections_of(path: str) -> dict[str, Line]:
    """The line that counts of each section that has a say about a file."""
    return {line.section: line for line in lines() if fits(line.pattern, path)}


def test_every_path_with_an_owner_is_there() -> None:
    there = paths()
    gone = [
        line.pattern
        for line in lines()
        if line.pattern.startswith("/") and not any(fits(line.pattern, path) for path in there)
    ]
    assert gone == []


def test_every_line_has_owners_and_they_are_of_the_example_company() -> None:
    for line in lines():
        assert line.owners, line
        assert all(EXAMPLE.fullmatch(owner) for owner in line.owners), line
        assert not line.is_optional, line


def test_whatever_is_part_of_the_gate_has_an_owner_beside_everybodys() -> None:
    patterns = [pattern for part in PARTS.values() for pattern in part]
    gate = [path for path in paths() if any(fnmatchcase(path, pattern) for pattern in patterns)]
    assert len(gate) > 100
    assert [path for path in gate if set(sections_of(path)) <= {"Everything"}] == []


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("policies/rules/security/waf_is_on/waf_is_on.rego", "What decides"),
        ("policies/bundle/policy.wasm", "What decides"),
        ("policies/enforcement.py", "What decides"),
        ("stacks/gate/gate.py", "What decides"),
        ("pave/checking/cache.py", "What decides"),
        ("catalog/loader.py", "What decides"),
        (f"catalog/{kind_folders()['Waiver']}/new.yaml", "What is excepted"),
        ("baseline.json", "What is excepted"),
        (f"catalog/{kind_folders()['Environment']}/production.yaml", "Where services run"),
        (".gitlab-ci.yml", "What checks and applies"),
        ("Pulumi.yaml", "What checks and applies"),
        (".gitlab/CODEOWNERS", "Who approves"),
    ],
)
def test_what_could_let_something_through_is_approved_by_those_who_guard_it(path: str, section: str) -> None:
    assert section in sections_of(path)


def test_a_new_service_needs_nobody_but_the_platform() -> None:
    assert set(sections_of(f"catalog/{kind_folders()['Service']}/new.yaml")) == {"Everything"}
