"""Which stacks a change affects: those for which the program and the rules see something else than before.

What a stack's plan and decision are made of is compared at both revisions, so that a comment, a moved line
or another environment's override affects nothing. Whatever is not known to be harmless (the program, the
rules, the pins, the pipeline that chooses their version) affects every stack.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from catalog.kind import kinds
from catalog.kinds.observability_global import seen_in
from catalog.kinds.observability_unit import told_in
from catalog.loader import Catalog, load
from catalog.validation import kind_folders
from pave.git import changed_files, checked_out, commit, left_out, repository
from pave.planning.moved import moved_to
from pave.refused import Refused
from pave.reports.changes import Affected, ChangeReport
from stacks.stack import Stack, document_of, parse_stack, purpose_of, stacks

HARMLESS = (
    *("*.md", "*.plan", "LICENSE*", "docs/*", "tests/*", "bench/*"),
    *(".gitignore", ".gitattributes", "*.gitkeep", "CODEOWNERS", ".gitlab/CODEOWNERS"),
    *(".gitlab/issue_templates/*", ".gitlab/merge_request_templates/*"),
)
"""Patterns of files that no program and no rule reads. A spec may link to one: that it is still there is
compared."""

NEVER = "0" * 40
"""The commit that GitLab names before the first one, and in pipelines that nobody's push began
(https://docs.gitlab.com/ci/variables/predefined_variables/, `CI_COMMIT_BEFORE_SHA`)."""

Parts = dict[str, list[Any]]
"""What a stack is made of: path of a document in the catalog → what of it counts."""


def changes_since(revision: str, root: Path, *, committed: bool = False) -> ChangeReport:
    """What is affected by all that differs between a revision and the working tree; with `committed`, files
    that the commit doesn't hold don't count. Raises Refused."""
    now = load(root)
    if revision == NEVER:
        found = [_affected(now, stack, []) for stack in stacks(now)]
        return ChangeReport(since=revision, commit=None, everywhere=[], stacks=found, gone=[])
    home = repository(root)
    where = PurePosixPath(root.resolve().relative_to(home).as_posix())
    differing = changed_files(revision, root, committed=committed)
    everywhere = [path for path in differing if reaches_every_stack(path, where)]
    absent = set(left_out(root))
    if unread := sorted(absent.intersection(differing)):
        what = f"{unread[0]} is not checked out, and differs from {revision}"
        raise Refused(f"{what}: git sparse-checkout add {PurePosixPath(unread[0]).parent}")
    with checked_out(revision, root) as (then_home, earlier):
        for path in absent:  # what isn't there now is not gone for that
            (then_home / path).unlink(missing_ok=True)
        then = load(earlier) if earlier.is_dir() else Catalog(earlier)
        found, gone = compare(then, now, where)
        gone = [_followed(one, then, now, differing, home) for one in gone]
    named = {affected.stack: affected for affected in found}
    every = {str(stack): _affected(now, stack, []) for stack in stacks(now)} if everywhere else {}
    return ChangeReport(
        since=revision,
        commit=commit(home, revision),
        everywhere=everywhere,
        stacks=sorted({**every, **named}.values(), key=_order),
        gone=gone,
    )


def _followed(gone: Affected, then: Catalog, now: Catalog, differing: Iterable[str], home: Path) -> Affected:
    """What is gone, with where its file is now, unless that is where it was."""
    document = document_of(then, parse_stack(gone.stack, then))
    if document is None or document.name in now.documents[document.kind]:
        return gone
    elsewhere = [path for path in differing if path not in gone.because]
    return msgspec.structs.replace(gone, moved_to=moved_to(document, elsewhere, home))


def compare(then: Catalog, now: Catalog, where: PurePosixPath) -> tuple[list[Affected], list[Affected]]:
    """(the stacks that are affected, the stacks that are gone) between two states of a catalog that lies at
    `where` in its repository."""
    before, after = dict.fromkeys(stacks(then)), dict.fromkeys(stacks(now))
    missing = [stack for stack in before if stack not in after]
    unreadable = {stack for stack in missing if _is_there_but_unusable(then, now, stack)}

    def shown(paths: Iterable[str]) -> list[str]:
        return [(where / path).as_posix() for path in paths]

    found = []
    for stack in (*after, *unreadable):
        own = _differing(then, now, stack) if stack in before else [_path(now, stack)]
        if own:
            found.append(_affected(now, stack, shown(own)))
    gone = [
        _affected(then, stack, shown([_path(then, stack)])) for stack in missing if stack not in unreadable
    ]
    return found, gone


def reaches_every_stack(path: str, where: PurePosixPath) -> bool:
    """Whether a change of this file may affect any stack, as far as anybody can tell."""
    if any(fnmatchcase(path, pattern) for pattern in (*HARMLESS, f"{where / 'examples'}/*")):
        return False
    file = PurePosixPath(path)
    compared = [where / folder for folder in kind_folders().values()]
    return file.suffix not in {".yaml", ".yml"} or not any(file.is_relative_to(one) for one in compared)


def _affected(catalog: Catalog, stack: Stack, because: list[str]) -> Affected:
    return Affected(str(stack), *stack[1:], purpose_of(catalog, stack), because)


def _order(affected: Affected) -> tuple[bool, str, str, str]:
    """Foundations, then what watches environments, then services."""
    return affected.service is not None, affected.service or "", affected.stack, affected.environment


def _differing(then: Catalog, now: Catalog, stack: Stack) -> list[str]:
    """The documents by which a stack differs."""
    old, new = _parts(then, stack), _parts(now, stack)
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _path(catalog: Catalog, stack: Stack) -> str:
    document = document_of(catalog, stack)
    assert document is not None
    return document.path


def _is_there_but_unusable(then: Catalog, now: Catalog, stack: Stack) -> bool:
    """Whether a stack is missing only because its file can't be used any more: that deletes nothing."""
    document = document_of(then, stack)
    assert document is not None
    return document.name not in now.documents[document.kind] and (now.root / document.path).exists()


def _parts(catalog: Catalog, stack: Stack) -> Parts:
    """All of the catalog that the plan of a stack and the decision on it are made of, as each kind says."""
    document = document_of(catalog, stack)
    service = None if document is None else kinds()[document.kind].written_at(document, stack.place, catalog)
    parts: Parts = {}
    for kind in kinds().values():
        for one, part in kind.depends(service, stack.place, catalog):
            parts.setdefault(one.path, []).append(part)
    if stack.kind == "global" and document is not None:
        for one, part in seen_in(document, catalog):
            parts.setdefault(one.path, []).append(part)
    if stack.kind == "unit":
        for one, part in told_in(stack.environment, catalog):
            parts.setdefault(one.path, []).append(part)
    return parts
