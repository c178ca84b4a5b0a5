"""`pave policies`."""

import sys
from datetime import datetime
from pathlib import Path

import click

from pave.asked_rules import AskedRules
from pave.command_group import CommandGroup
from pave.exit_code import ExitCode
from pave.options import catalog_option, today_option
from pave.rules_options import own_folder_option

EXAMPLE = """\b
Examples:
  pave policies new reliability/queues-are-bounded
  pave policies build
  pave policies docs --check
  pave policies new security/badges-are-worn --policies ../our-policies
  pave check --policies ../our-policies
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Make, compile and list rules: those of pave, or your own in a folder DIR."""


@command.command(epilog="\b\nExample:\n  pave policies new reliability/queues-are-bounded\n")
@click.argument("rule", metavar="PILLAR/NAME")
@own_folder_option
def new(rule: str, asked: AskedRules) -> None:
    """Make a rule that works: its Rego, its test, and a document on either side of it."""
    from pave.drafting.rule import OWNER, files, owner_in, write_rule
    from pave.finding import find_catalog
    from pave.terminal import shown

    folder = write_rule(rule, asked.own, owner_in(find_catalog(Path.cwd())) if asked.own else OWNER)
    click.echo(f"{shown(folder)}/ is a rule that works:")
    for name in files(rule):
        click.echo(f"  {name}")
    option = f" --policies {asked.own}" if asked.own else ""
    click.echo(f"Make it yours, then compile it: pave policies build{option}")


@command.command(epilog="\b\nExample:\n  pave policies build\n")
@own_folder_option
def build(asked: AskedRules) -> None:
    """Compile the rules, with OPA. Exit 1 when a rule is wrong, 2 without OPA."""
    from pave.terminal import shown
    from policies.in_force import HOME

    if asked.own is None:
        from policies.building.cli import main

        code = main(["build", "--root", str(HOME)])
        if code == 0:
            click.echo(f"{shown(HOME / 'bundle')} is current.")
        sys.exit(code)
    click.echo(f"{asked.own} is compiled: {', '.join(rule.id for rule in asked.own_rules())}.")


@command.command(
    epilog="\b\nExamples:\n  pave policies check\n  pave policies check --policies ../our-policies\n"
)
@catalog_option
@today_option
@own_folder_option
def check(root: Path, today: datetime, asked: AskedRules) -> None:
    """Prove that the committed bundle is what the rules compile to, byte for byte; of your own rules, that
    they compile, and that each finds something in its failing.yaml and nothing in its passing.yaml."""
    from policies.building.cli import main
    from policies.in_force import HOME

    if asked.own is None:
        sys.exit(main(["check", "--root", str(HOME)]))
    from pave.checking.own_fixtures import unproven

    wrong = list(unproven(asked.own, root, today.date()))
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        sys.exit(ExitCode.NO)
    click.echo(f"{asked.own} is proven: {', '.join(rule.id for rule in asked.own_rules())}.")


@command.command(epilog="\b\nExample:\n  pave policies docs --check\n")
@click.option("--check", "is_check", is_flag=True, help="Write nothing; exit 1 when the page is not current.")
@own_folder_option
def docs(is_check: bool, asked: AskedRules) -> None:
    """Write RULES.md, the page that lists the rules."""
    from pave.files import replace_file
    from pave.portal.reference import rules_page
    from pave.portal.rule_index import own_rules
    from pave.terminal import shown
    from policies.in_force import HOME

    page = (asked.own or HOME) / "RULES.md"
    text = rules_page() if asked.own is None else own_rules(asked.own_rules())
    is_current = page.is_file() and page.read_text("utf-8") == text
    if is_check and not is_current:
        click.echo(f"{shown(page)} is not current: pave policies docs", err=True)
        sys.exit(ExitCode.NO)
    if not is_check and not is_current:
        replace_file(page, text.encode())
    click.echo(f"{shown(page)} is current.")
