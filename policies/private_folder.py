"""Folders of derived files that only this user can write to."""

import os
from pathlib import Path

HOME = Path(__file__).resolve().parent


def cache_directory() -> Path:
    """Where derived files are kept between runs: `$XDG_CACHE_HOME/pave` or `~/.cache/pave`
    (https://specifications.freedesktop.org/basedir-spec/latest/)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base) / "pave" if base and Path(base).is_absolute() else Path.home() / ".cache" / "pave"


def code_directory() -> Path:
    """Where the gate keeps the rules' machine code: beside Python's compiled files of this very code. Whoever
    can write there runs code in the gate anyway, and no variable of the environment leads elsewhere."""
    return HOME / "__pycache__" / "wasm"


def make_private(folder: Path) -> None:
    """Makes a folder for derived files, and those above it that aren't there yet, for nobody but us. Raises
    OSError."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
