"""What git knows of a catalog's repository. Here alone git is run."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pave.refused import Refused

OF_ONE_REPOSITORY = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"),
        *("GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_CEILING_DIRECTORIES"),
        *("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
    }
)
"""Variables by which git tells a hook which repository it runs for, and in which way: ours is the catalog's
(https://git-scm.com/docs/git-rev-parse, `--local-env-vars`)."""

LINK, MODULE = "120000", "160000"
"""Modes of entries of a tree that are no file of its own."""


class TreeEntry(NamedTuple):
    """A file of a tree as git lists it: its mode, the name of what it holds, and its path in the tree."""

    mode: str
    object: str
    path: str


@contextmanager
def checked_out(revision: str, catalog: Path) -> Iterator[tuple[Path, Path]]:
    """(the repository as it was, the catalog's folder in it), in a temporary place. Raises Refused."""
    root = repository(catalog)
    found = commit(root, revision)
    with tempfile.TemporaryDirectory(prefix="pave-") as folder:
        _write_tree(root, found, Path(folder))
        yield Path(folder), Path(folder) / catalog.resolve().relative_to(root)


@contextmanager
def folder_at(revision: str, folder: Path) -> Iterator[Path]:
    """A folder of the repository that we are in, as it was, in a temporary place. Raises Refused.

    What is checked out doesn't count, not even a link in the folder's place."""
    here = Path.cwd().resolve()
    root = repository(here)
    path = PurePosixPath(os.path.relpath(here / folder, root))
    found = commit(root, revision)
    if path.parts[:1] == ("..",) or not git(root, "ls-tree", "-d", found, "--", str(path)):
        raise Refused(f"There is no folder {folder} at {revision} yet. Commit it there first.")
    with tempfile.TemporaryDirectory(prefix="pave-") as scratch:
        place = Path(scratch) / path.name
        _write_tree(root, f"{found}:{path}" if path.name else found, place)
        yield place


def _write_tree(root: Path, tree: str, place: Path) -> None:
    """Writes the files of a tree as they were committed: no attribute leaves one out or changes it. Links
    out of it, and modules, which are repositories of their own, are left out. Raises Refused."""
    place.mkdir(exist_ok=True)
    listed = git(root, "ls-tree", "-r", "-z", "--full-tree", tree)
    entries = [_entry(line) for line in listed.split(b"\0") if line]
    found = [each for each in entries if each.mode != MODULE and ".." not in PurePosixPath(each.path).parts]
    texts = _texts(root, [each.object for each in found])
    for entry, text in zip(found, texts, strict=True):
        file = place / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode != LINK:
            file.write_bytes(text)
        elif _stays_within(PurePosixPath(entry.path), os.fsdecode(text)):
            file.symlink_to(os.fsdecode(text))


def _entry(line: bytes) -> TreeEntry:
    said, _, path = line.partition(b"\t")
    mode, _, named = said.decode().split(" ")
    return TreeEntry(mode, named, os.fsdecode(path))


def _stays_within(link: PurePosixPath, target: str) -> bool:
    """Whether a link of a tree leads to a place in it."""
    there = os.path.normpath(link.parent / target)
    return not there.startswith("/") and PurePosixPath(there).parts[:1] != ("..",)


def _texts(root: Path, objects: list[str]) -> Iterator[bytes]:
    """What each of these objects holds. Raises Refused."""
    asked = "".join(f"{each}\n" for each in objects).encode()
    said = git(root, "cat-file", "--batch", stdin=asked)
    at = 0
    for each in objects:
        end = said.index(b"\n", at)
        words = said[at:end].split(b" ")
        if len(words) != 3:
            raise Refused(f"git can't read {each} of {root}: a partial clone may not have it.")
        begin, size = end + 1, int(words[2])
        yield said[begin : begin + size]
        at = begin + size + 1


def changed_files(revision: str, catalog: Path, *, committed: bool = False) -> list[str]:
    """The files of the catalog's repository that differ between a revision and the working tree, with those
    that git does not know yet; paths from the repository's root. With `committed`, only what the commit that
    is checked out changes: the tree of a pipeline holds its caches and artifacts too. Raises Refused."""
    root = repository(catalog)
    revisions = [commit(root, revision), *(["HEAD"] if committed else [])]
    found = git(root, "diff", "--no-renames", "--name-only", "-z", *revisions)
    if not committed:
        found += git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return _named(found)


def left_out(catalog: Path) -> list[str]:
    """The files of a catalog's repository that a sparse checkout leaves out; paths from the repository's
    root. Raises Refused."""
    listed = git(repository(catalog), "ls-files", "-t", "-z")
    return _named(b"\0".join(line[2:] for line in listed.split(b"\0") if line.startswith(b"S ")))


def _named(paths: bytes) -> list[str]:
    """Paths as git lists them with `-z`, sorted; bytes that are no UTF-8 as escapes, as the catalog does."""
    return sorted({path.decode("utf-8", "backslashreplace") for path in paths.split(b"\0") if path})


def repository(catalog: Path) -> Path:
    """The root of the repository that a catalog is in. Raises Refused."""
    return Path(os.fsdecode(git(catalog, "rev-parse", "--show-toplevel").removesuffix(b"\n")))


def commit(root: Path, revision: str) -> str:
    """The commit that a revision names. Raises Refused."""
    wanted = f"{revision}^{{commit}}"
    unknown = f"there is no `{revision}`; a shallow clone has only its latest commits"
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, silence=unknown)
    return found.decode().strip()


def last_commit(file: Path) -> str | None:
    """The commit that last changed a file; None when it is not committed, or changed since. Raises Refused
    when there is no git."""
    changed = _run(file.parent, "status", "--porcelain", "--", file.name)
    log = _run(file.parent, "log", "-1", "--format=%H", "--", file.name)
    if changed.stdout.strip() or log.returncode:
        return None
    return log.stdout.decode().strip() or None


def git(
    folder: Path, *arguments: str, silence: str = "it did not say why", stdin: bytes | None = None
) -> bytes:
    """What a git command that reads `stdin` prints. Raises Refused; `silence` is what it means when git fails
    without a word."""
    run = _run(folder, *arguments, stdin=stdin)
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip() or silence
        raise Refused(f"git can't read that revision of {folder}: {said}")
    return run.stdout


def _run(folder: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    variables = {name: value for name, value in os.environ.items() if name not in OF_ONE_REPOSITORY}
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            env={**variables, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except FileNotFoundError as error:
        raise Refused("What a repository holds is read with git, which is not installed.") from error
