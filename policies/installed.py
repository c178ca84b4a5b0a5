"""The rules that decide: those that pave ships, and an organisation's own beside them."""

import os
from pathlib import Path

from policies.rule import Bundle, BundleError, load_bundle

HOME = Path(__file__).resolve().parent


class NoRules(Exception):
    """There are no rules to decide by. Whole sentences: what is wrong, and what mends it."""


def rules_in_force(own: Path | None = None) -> Bundle:
    """The shipped rules, or with a folder of own rules those and the shipped ones together.

    Own rules are compiled once, which takes OPA, and kept in a folder that is ours alone. What decides is
    always compiled from the sources as they are now. Raises NoRules."""
    try:
        if own is None:
            return load_bundle(HOME / "bundle")
        return _extended(own)
    except BundleError as error:
        raise NoRules(f"{error}.") from error


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


def _extended(own: Path) -> Bundle:
    from policies.building.extension import ExtensionError, extended
    from policies.building.opa import find_opa

    try:
        return extended(HOME, own, cache_directory(), lambda: find_opa(HOME))
    except ExtensionError as error:
        raise NoRules(str(error)) from error
