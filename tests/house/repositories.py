"""Repositories as a runner checks them out: this project's own, and one that holds only specs."""

import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SPECS = (
    "environments/production.yaml",
    "teams/platform.yaml",
    "teams/workplace.yaml",
    "vendors/mailgun.yaml",
    "services/lunch-menu.yaml",
)
"""As few documents as a service can have around it."""

MAKE = """\
#!/bin/sh
# Instead of make: `set-up` makes in no time what takes minutes, all else only says what it would do.
folder=.
if [ "$1" = -C ]; then folder=$2; shift 2; fi
folder=$(cd "$folder" && pwd)
mkdir -p "$folder/.venv/bin"
for name in python pave; do
  made="$folder/.venv/bin/$name"
  case $name in pave) words='-P -m pave' ;; *) words='' ;; esac # -P: as one that is installed
  printf '#!/bin/sh\\nPYTHONPATH="%s" exec "{python}" %s "$@"\\n' "$folder" "$words" > "$made"
  chmod +x "$made"
done
if [ "$1" != set-up ]; then exec {make} --no-print-directory -C "$folder" --dry-run "$@"; fi
"""


def git(folder: Path, *words: str) -> str:
    """What a git command says, of whoever runs the tests."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *author, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def own(folder: Path) -> Path:
    """This project as it is now, committed to `main` and checked out on the branch `change`."""
    origin = folder / "origin"
    listed = git(HOME, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in sorted(set(listed.split("\0")) - {""}):
        if (HOME / name).is_file():
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOME / name, origin / name)
    _commit(origin)
    return _checked_out(origin, folder)


def specs_only(folder: Path) -> Path:
    """A repository that holds a catalog and nothing else, committed and checked out likewise."""
    origin = folder / "origin"
    for name in SPECS:
        (origin / "catalog" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOME / "catalog" / name, origin / "catalog" / name)
    _commit(origin)
    return _checked_out(origin, folder)


def make_without_set_up(folder: Path) -> Path:
    """A folder for PATH, with a `make` that is fast. What the real one does, everybody's first one shows."""
    folder.mkdir(parents=True)
    real = shutil.which("make")
    assert real is not None
    (folder / "make").write_text(MAKE.format(python=sys.executable, make=real))
    (folder / "make").chmod(0o755)
    return folder


def _commit(origin: Path) -> None:
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", "--all", "--force")
    git(origin, "commit", "--quiet", "--message", "As it was")


def _checked_out(origin: Path, folder: Path) -> Path:
    git(folder, "clone", "--quiet", str(origin), "checkout")
    git(folder / "checkout", "switch", "--quiet", "--create", "change")
    return folder / "checkout"
