"""What git knows of a catalog's repository. Here alone git is run."""

import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath

from pave.refused import Refused


@contextmanager
def checked_out(revision: str, catalog: Path) -> Iterator[tuple[Path, Path]]:
    """(the repository as it was, the catalog's folder in it), in a temporary place. Raises Refused."""
    root = repository(catalog)
    found = commit(root, revision)
    archive = git(root, "archive", "--format=tar", found)
    with tempfile.TemporaryDirectory(prefix="pave-") as folder:
        if git(root, "ls-tree", found):  # an archive of no files is none to tarfile
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
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
    archive = git(root, "archive", "--format=tar", f"{found}:{path}" if path.name else found)
    with tempfile.TemporaryDirectory(prefix="pave-") as scratch:
        place = Path(scratch) / path.name
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(place, filter="data")
        yield place


def changed_files(revision: str, catalog: Path, *, committed: bool = False) -> list[str]:
    """The files of the catalog's repository that differ between a revision and the working tree, with those
    that git does not know yet; paths from the repository's root. With `committed`, only what the commit that
    is checked out changes: the tree of a pipeline holds its caches and artifacts too. Raises Refused."""
    root = repository(catalog)
    revisions = [commit(root, revision), *(["HEAD"] if committed else [])]
    found = git(root, "diff", "--no-renames", "--name-only", "-z", *revisions).decode()
    if not committed:
        found += git(root, "ls-files", "--others", "--exclude-standard", "-z").decode()
    return sorted({path for path in found.split("\0") if path})


def repository(catalog: Path) -> Path:
    """The root of the repository that a catalog is in. Raises Refused."""
    return Path(git(catalog, "rev-parse", "--show-toplevel").decode().strip())


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


def git(folder: Path, *arguments: str, silence: str = "it did not say why") -> bytes:
    """What a git command prints. Raises Refused; `silence` is what it means when git fails without a word."""
    run = _run(folder, *arguments)
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip() or silence
        raise Refused(f"git can't read that revision of {folder}: {said}")
    return run.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise Refused("What a repository holds is read with git, which is not installed.") from error
