"""Which stacks a change affects: those for which the program and the rules see something else than before.

What a stack's plan and decision are made of is compared at both revisions, so that a comment, a moved line
or another environment's override affects nothing. Whatever is not known to be harmless (the program, the
rules, the pins, the pipeline that chooses their version) affects every stack.
"""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from catalog.defaults import merge_override
from catalog.document import Document
from catalog.loader import Catalog, load
from catalog.model import Service
from catalog.neighbourhood import neighbourhood
from catalog.validation import kinds
from pave.git import changed_files, checked_out, commit, repository
from pave.reports.changes import Affected, ChangeReport
from stacks.stack import Stack, stacks

COMPARED = frozenset({"Environment", "Service", "Team", "Vendor", "Waiver"})
"""Kinds of documents whose effect on each stack is compared. One of another kind affects every stack."""

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
    with checked_out(revision, root) as (_, earlier):
        then = load(earlier) if earlier.is_dir() else Catalog(earlier)
        found, gone = compare(then, now, where)
    named = {affected.stack: affected for affected in found}
    every = {str(stack): _affected(now, stack, []) for stack in stacks(now)} if everywhere else {}
    return ChangeReport(
        since=revision,
        commit=commit(home, revision),
        everywhere=everywhere,
        stacks=sorted({**every, **named}.values(), key=_order),
        gone=gone,
    )


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
        own = _differing(then, now, stack) if stack in before else [_document(now, stack).path]
        if own:
            found.append(_affected(now, stack, shown(own)))
    gone = [
        _affected(then, stack, shown([_document(then, stack).path]))
        for stack in missing
        if stack not in unreadable
    ]
    return found, gone


def reaches_every_stack(path: str, where: PurePosixPath) -> bool:
    """Whether a change of this file may affect any stack, as far as anybody can tell."""
    if any(fnmatchcase(path, pattern) for pattern in (*HARMLESS, f"{where / 'examples'}/*")):
        return False
    file = PurePosixPath(path)
    compared = [where / folder for kind, folder in kinds().items() if kind in COMPARED]
    return file.suffix not in {".yaml", ".yml"} or not any(file.is_relative_to(one) for one in compared)


def _affected(catalog: Catalog, stack: Stack, because: list[str]) -> Affected:
    environment = catalog.environment(stack.environment)
    purpose = None if environment is None else environment.spec.purpose
    return Affected(str(stack), *stack[1:], purpose, because)


def _order(affected: Affected) -> tuple[bool, str, str, str]:
    return affected.service is not None, affected.service or "", affected.environment, affected.instance or ""


def _differing(then: Catalog, now: Catalog, stack: Stack) -> list[str]:
    """The documents by which a stack differs."""
    old, new = _parts(then, stack), _parts(now, stack)
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _document(catalog: Catalog, stack: Stack) -> Document:
    """The file that says that there is this stack."""
    if stack.service is not None:
        return catalog.documents["Service"][stack.service]
    return catalog.documents["Environment"][stack.environment]


def _is_there_but_unusable(then: Catalog, now: Catalog, stack: Stack) -> bool:
    """Whether a stack is missing only because its file can't be used any more: that deletes nothing."""
    document = _document(then, stack)
    return document.name not in now.documents[document.kind] and (now.root / document.path).exists()


def _parts(catalog: Catalog, stack: Stack) -> Parts:
    """All of the catalog that the plan of a stack and the decision on it are made of."""
    parts: Parts = {}

    def add(document: Document, part: Any) -> None:
        parts.setdefault(document.path, []).append(part)

    environment = catalog.documents["Environment"].get(stack.environment)
    if environment is not None:
        add(environment, environment.data)
    for waiver in catalog.waivers(stack.service, stack.place):
        add(waiver.document, waiver.document.data)
    if stack.service is None or stack.service not in catalog.documents["Service"]:
        return parts
    document = catalog.documents["Service"][stack.service]
    service = catalog.service(stack.service, stack.place)
    if isinstance(service, list):
        add(document, [(problem.rule, problem.path, problem.message, problem.fix) for problem in service])
        return parts
    written, sources = merge_override(document.data, stack.place)
    spec = {name: value for name, value in written["spec"].items() if name != "environments"}
    add(document, ({**written, "spec": spec}, sources))
    _add_around(catalog, service, add)
    return parts


def _add_around(catalog: Catalog, service: Service, add: Callable[[Document, Any], None]) -> None:
    around = neighbourhood(catalog, service)
    for kind, named in (("Team", around.teams), ("Vendor", around.vendors), ("Service", around.services)):
        for one in named:
            document = service.document if one.name == service.name else catalog.documents[kind][one.name]
            add(document, one)
    for name in around.dependents:
        add(catalog.documents["Service"][name], "depends on it")
