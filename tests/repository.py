"""Git repositories: any folder made one, this project's own, and one that holds only specs."""

import shutil
import subprocess
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SETTINGS = [
    word
    for setting in ("user.name=a", "user.email=a@example.com", "commit.gpgsign=false", "core.autocrlf=false")
    for word in ("-c", setting)
]
SPECS = (
    "environments/production.yaml",
    "teams/platform.yaml",
    "teams/workplace.yaml",
    "vendors/mailgun.yaml",
    "services/lunch-menu.yaml",
)
"""As few documents as a service can have around it."""


def git(folder: Path, *words: str, stdin: bytes = b"") -> str:
    """What a git command that reads `stdin` says in `folder`, whoever runs the tests and however their git is
    set. Raises CalledProcessError when it fails."""
    done = subprocess.run(
        ["git", *SETTINGS, *words], cwd=folder, input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def committed(folder: Path) -> Path:
    """The same folder, made a repository with all that is in it committed to `main`."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all", "--force")
    commit(folder, "As it was")
    return folder


def commit(folder: Path, message: str = "Change") -> None:
    """Commits what is changed in the files that git knows in `folder`, and what was added to them."""
    git(folder, "commit", "--quiet", "--all", "--message", message)


def own(folder: Path) -> Path:
    """This project as it is now, committed to `main` and checked out on the branch `change`."""
    origin = folder / "origin"
    listed = git(HOME, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in sorted(set(listed.split("\0")) - {""}):
        if (HOME / name).is_file():
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOME / name, origin / name)
    return _checked_out(committed(origin), folder)


def specs_only(folder: Path) -> Path:
    """A repository that holds a catalog and nothing else, committed and checked out likewise."""
    origin = folder / "origin"
    for name in SPECS:
        (origin / "catalog" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOME / "catalog" / name, origin / "catalog" / name)
    return _checked_out(committed(origin), folder)


def _checked_out(origin: Path, folder: Path) -> Path:
    git(folder, "clone", "--quiet", str(origin), "checkout")
    git(folder / "checkout", "switch", "--quiet", "--create", "change")
    return folder / "checkout"
