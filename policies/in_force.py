"""The rules that decide: those that pave ships, and an organisation's own beside them."""

from pathlib import Path

from policies.private_folder import cache_directory
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


def _extended(own: Path) -> Bundle:
    from policies.building.extension import ExtensionError, extended
    from policies.building.opa import find_opa

    try:
        return extended(HOME, own, cache_directory(), lambda: find_opa(HOME))
    except ExtensionError as error:
        raise NoRules(str(error)) from error
