"""Glasses that are still broken: what a stack's configuration in the repository passes by its gate.

`pulumi config set` writes into a file beside the program, which is committed with what mends the cause. As
long as the glass is in it, the check fails: what was passed in an incident is never forgotten there.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from catalog.loader import Catalog
from catalog.problem import Problem
from catalog.yaml.parsed import Mark, Parsed, Unusable
from catalog.yaml.text import parse, read
from pave.reports.model import BROKEN_GLASS
from policies.decision import Decision
from policies.fingerprint import fingerprints
from stacks.gate.break_glass import KEY
from stacks.stack import PROJECT, foundation_stack, service_stack

NAMES = (f"{PROJECT}:{KEY}", KEY)
"""How a file may call it: a name without a namespace is the project's own."""

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")


def broken_glasses(root: Path, decisions: Iterable[Decision], *, is_whole: bool) -> list[Problem]:
    """A problem, with its fingerprint, for each glass in the configuration of the Pulumi project around the
    catalog at `root`. With `is_whole` False, only for stacks that are decided on, and for those that concern
    every stack."""
    decided = {
        str(service_stack(one.service, one.environment) if one.service else foundation_stack(one.environment))
        for one in decisions
    }
    wanted = [problem for stack, problem in broken(root) if is_whole or stack is None or stack in decided]
    made = fingerprints((one.rule, one.document, one.path, one.message) for one in wanted)
    return [msgspec.structs.replace(one, fingerprint=mark) for one, mark in zip(wanted, made, strict=True)]


def broken(root: Path) -> Iterator[tuple[str | None, Problem]]:
    """Each broken glass, with the name of its stack, or None for one that is for all of them."""
    for stack, path in _settings(root.resolve()):
        shown = Catalog(root).shown(path)
        try:
            text = read(path, shown)
        except Unusable:
            continue
        try:
            parsed = parse(text, shown)
        except Unusable as error:
            if KEY.encode() in text:
                mark = Mark(error.line or 1, error.column or 1, error.line or 1, error.column or 1)
                yield stack, _problem(shown, stack, KEY, mark, {})
            continue
        settings = parsed.data.get("config")
        for name in NAMES:
            if isinstance(settings, dict) and name in settings:
                mark = parsed.keys["config", name]
                yield stack, _problem(shown, stack, f"config.{name}", mark, settings[name])


def _settings(root: Path) -> Iterator[tuple[str | None, Path]]:
    """The files with settings of the nearest Pulumi project around a catalog: its own, and each stack's."""
    places = (place / name for place in (root, *root.parents) for name in PROJECT_FILES)
    project = next((path for path in places if path.is_file()), None)
    if project is None:
        return
    yield None, project
    folder = project.parent / str(_project(project).get("stackConfigDir") or ".")
    for path in sorted(folder.glob("Pulumi.*.y*ml")):
        yield path.stem.removeprefix("Pulumi."), path


def _project(path: Path) -> dict[str, Any]:
    try:
        found: Parsed = parse(read(path, path.name), path.name)
    except Unusable:
        return {}
    return found.data


def _problem(shown: str, stack: str | None, path: str, mark: Mark, glass: Any) -> Problem:
    whose = f"of {stack}" if stack else "of every stack"
    said = (
        [str(glass[name]) for name in ("incident", "person") if name in glass]
        if isinstance(glass, dict)
        else []
    )
    about = f" ({', by '.join(said)})" if said else ""
    command = f"`pulumi config rm --stack {stack} {PROJECT}:{KEY}`" if stack else "take the setting out"
    return Problem(
        document=shown,
        line=mark.line,
        column=mark.column,
        rule=BROKEN_GLASS,
        path=path,
        message=f"The gate {whose} is broken{about}.",
        why="What can be waived passes it. That is for the hours of an incident, and then to be made good.",
        fix=f"Mend what it passed, which its output `pave` names; then {command}.",
    )
