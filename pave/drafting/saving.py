"""Puts drafts into a catalog: judged by the rules first, then written, and never over what is there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from catalog.editing.writing import write
from catalog.kinds.environment import Environment
from catalog.loader import Catalog
from catalog.place import PRODUCTION
from catalog.validation import SCHEMAS, called, kind_folders, stem_of
from pave.checking.judge import Judge, judge_documents
from pave.drafting.service import Draft, StartingPoint
from pave.files import create_file
from pave.refused import Refused
from pave.workspace import HOME, Workspace
from policies.engines.answer import EngineError

TOLD = 5
"""Reasons of one refusal that are told."""


@contextmanager
def folder_for_catalog(root: Path) -> Iterator[None]:
    """The folder of a catalog that is to be written now. Whoever is refused inside leaves none behind that
    wasn't there. Refused when there is a catalog, or no folder can be made."""
    there = sorted(path for kind in ("environments", "services", "teams") for path in (root / kind).glob("*"))
    if there:
        raise Refused(f"There is a catalog at {root} already: {there[0]}. Add to it with pave new service.")
    is_new = not root.exists()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{root} can't be made: {error.strerror or error}.") from error
    try:
        yield
    except Refused:
        if is_new and not any(root.iterdir()):
            root.rmdir()
        raise


def ground(work: Workspace) -> StartingPoint:
    """Where a new service starts: in production, else in the first environment. Refused when there is none,
    or no team that could own it."""
    documents = work.catalog.documents
    missing = [kind for kind in ("Environment", "Team") if not documents[kind]]
    if missing:
        none = " and ".join(f"no {called(kind)}" for kind in missing)
        raise Refused(
            f"{work.root} has {none} that can be used. A service needs both. {_way_out(work, missing)}"
        )
    name = PRODUCTION if PRODUCTION in documents["Environment"] else min(documents["Environment"])
    environment = work.catalog.find(Environment, name)
    assert environment is not None
    return StartingPoint(name, environment.spec.purpose, environment.spec.image_registries[0])


def _way_out(work: Workspace, missing: list[str]) -> str:
    if work.catalog.unusable or work.catalog.problems:
        return f"Some files are wrong: pave check --catalog {work.root}"
    if len(missing) == 2:
        return f"Make the first ones: pave new catalog {work.root}"
    return f"Write one like those in {HOME / 'catalog' / kind_folders()[missing[0]]}."


def with_drafts(work: Workspace, drafts: Mapping[str, Draft]) -> Catalog:
    """The catalog as if the drafts, by their paths in it, were there. Refused when one would be blocked."""
    wanted = work.catalog
    for path, text in texts(drafts).items():
        wanted = wanted.with_text(path, text.encode())
    wrong = list(dict.fromkeys(_reasons(work, wanted, drafts)))
    if wrong:
        told = "".join(f"\n  {reason}" for reason in wrong[:TOLD])
        more = f"\n  … and {len(wrong) - TOLD} more." if len(wrong) > TOLD else ""
        raise Refused(f"That would be blocked, so nothing is written:{told}{more}")
    return wanted


def _reasons(work: Workspace, wanted: Catalog, drafts: Mapping[str, Draft]) -> Iterator[str]:
    documents = [d for named in wanted.documents.values() for d in named.values() if d.path in drafts]
    judge = Judge(wanted, work.new_engine, work.bundle.rules, work.today)
    try:
        decisions, problems = judge_documents(wanted, documents, None, judge)
    except EngineError as error:
        raise Refused(str(error)) from error
    for problem in (*wanted.problems, *wanted.contested(), *problems):
        if problem.document in drafts:
            yield f"{problem.rule}: {problem.message} {problem.fix}"
    for decision in decisions:
        for finding in decision.findings:
            if finding.blocking:
                yield f"{finding.rule}: {finding.message} {finding.remediation}"


def texts(drafts: Mapping[str, Draft]) -> dict[str, str]:
    """The drafts as they are written. Their first line tells an editor of the schema (see `save`)."""
    return {
        path: f"# yaml-language-server: $schema=../{_schema(draft)}\n{write(draft.data, draft.notes)}"
        for path, draft in drafts.items()
    }


def _schema(draft: Draft) -> str:
    """Where a catalog has the schema of a draft's kind."""
    return f"schema/{stem_of(draft.data['kind'])}.schema.json"


def save(work: Workspace, drafts: Mapping[str, Draft]) -> None:
    """Writes files that aren't there yet, with the schemas of their kinds where the catalog has none. Refused
    when a file is there, or can't be written."""
    wanted = texts(drafts)
    for schema in {_schema(draft): "" for draft in drafts.values()}:
        if not (work.root / schema).exists():
            wanted[schema] = (SCHEMAS / Path(schema).name).read_text("utf-8")
    for path, text in wanted.items():
        place = work.root / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            create_file(place, text.encode())
        except OSError as error:
            raise Refused(f"{place} can't be written: {error.strerror or error}.") from error
