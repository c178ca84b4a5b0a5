"""`pave policies`."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import policies_folder_option
from pave.refused import Refused

if TYPE_CHECKING:
    from policies.rule import Rule

EXAMPLE = """\b
Examples:
  pave policies new reliability/queues-are-bounded
  pave policies build
  pave policies docs --check
  pave policies new security/badges-are-worn --policies ../our-policies
  pave check --policies ../our-policies
"""


@click.group(epilog=EXAMPLE)
def command() -> None:
    """Make, compile and list rules: those of pave, or your own in a folder DIR."""


@command.command(epilog="\b\nExample:\n  pave policies new reliability/queues-are-bounded\n")
@click.argument("rule", metavar="PILLAR/NAME")
@policies_folder_option
def new(rule: str, policies: Path | None) -> None:
    """Make a rule that works: its Rego, its test, and a document on either side of it."""
    from pave.drafting.rule import check_id, files, folder_of
    from pave.files import create_file

    wrong = check_id(rule)
    if wrong:
        raise Refused(wrong)
    home = _home()
    place = folder_of(rule)
    for root in {home, policies or home}:
        if (root / place).exists():
            raise Refused(f"There is a rule {rule} already: {_shown(root / place)}.")
    folder = (policies or home) / place
    try:
        folder.mkdir(parents=True)
        for name, text in files(rule).items():
            create_file(folder / name, text.encode())
    except OSError as error:
        raise Refused(f"{_shown(folder)} can't be written: {error.strerror or error}.") from error
    option = f" --policies {policies}" if policies else ""
    click.echo(f"{_shown(folder)}/ is a rule that works:")
    for name in files(rule):
        click.echo(f"  {name}")
    click.echo(f"Make it yours, then compile it: pave policies build{option}")


@command.command(epilog="\b\nExample:\n  pave policies build\n")
@policies_folder_option
def build(policies: Path | None) -> None:
    """Compile the rules, with OPA. Exit 1 when a rule is wrong, 2 without OPA."""
    if policies is None:
        from policies.building.cli import main

        code = main(["build", "--root", str(_home())])
        if code == 0:
            click.echo(f"{_shown(_home() / 'bundle')} is current.")
        sys.exit(code)
    rules = _own(policies)
    click.echo(f"{policies} is compiled: {', '.join(rule.id for rule in rules)}.")


@command.command(epilog="\b\nExample:\n  pave policies check\n")
def check() -> None:
    """Prove that the committed bundle is what the rules compile to, byte for byte. Needs OPA."""
    from policies.building.cli import main

    sys.exit(main(["check", "--root", str(_home())]))


@command.command(epilog="\b\nExample:\n  pave policies docs --check\n")
@click.option("--check", "is_check", is_flag=True, help="Write nothing; exit 1 when the page is not current.")
@policies_folder_option
def docs(is_check: bool, policies: Path | None) -> None:
    """Write RULES.md, the page that lists the rules."""
    from pave.files import replace_file
    from pave.portal.rule_index import own_rules

    if policies is None:
        page, text = _home() / "RULES.md", _shipped_page()
    else:
        page, text = policies / "RULES.md", own_rules(_own(policies))
    is_current = page.is_file() and page.read_text("utf-8") == text
    if is_check and not is_current:
        click.echo(f"{_shown(page)} is not current: pave policies docs", err=True)
        sys.exit(1)
    if not is_check and not is_current:
        replace_file(page, text.encode())
    click.echo(f"{_shown(page)} is current.")


def _home() -> Path:
    from pave.workspace import HOME

    return HOME / "policies"


def _shipped_page() -> str:
    from pave.portal.reference import rules_page
    from policies.rule import BundleError

    try:
        return rules_page()
    except BundleError as error:
        raise Refused(f"{error}.") from error


def _own(policies: Path) -> list["Rule"]:
    """The own rules of a folder, compiled."""
    from pave.workspace import HOME, Workspace
    from policies.building.extension import own_ids

    bundle = Workspace(HOME / "catalog", date.min, policies=policies).bundle
    return [bundle.rules[name] for name in own_ids(_home(), policies)]


def _shown(path: Path) -> str:
    """A path as the reader would type it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
