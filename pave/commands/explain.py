"""`pave explain`."""

import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import Refused

if TYPE_CHECKING:
    from policies.rule import Rule

EXAMPLE = """\b
Examples:
  pave explain
  pave explain reliability/alerts-can-fire
"""


@click.command(epilog=EXAMPLE)
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Say what a RULE asks for, why, and what mends it; without one, list them all."""
    from pave.workspace import HOME, Workspace

    rules = Workspace(HOME / "catalog", date.min).bundle.rules
    if rule is None:
        for one in rules.values():
            click.echo(f"{one.id:<52} level {one.level}  {one.severity:<7}  {'+'.join(one.stages)}")
        click.echo(f"\n{len(rules)} rules. `pave explain RULE` says why one is there and what mends it.")
        return
    if rule not in rules:
        from rapidfuzz import process

        best = process.extractOne(rule, list(rules), score_cutoff=50)
        raise Refused(f"There is no rule `{rule}`." + (f" Did you mean `{best[0]}`?" if best else ""))
    _show(rules[rule], HOME)


def _show(rule: "Rule", home: Path) -> None:
    folder = home / "policies" / "rules" / rule.pillar / rule.id.split("/")[1].replace("-", "_")
    click.echo(f"{rule.title}\n{'=' * len(rule.title)}")
    stages = " and ".join(rule.stages)
    click.echo(f"{rule.id} · pillar {rule.pillar} · level {rule.level} · {rule.severity} · {stages}")
    for heading, text in (
        ("Why", " ".join(rule.description.split())),
        ("What it says", rule.message),
        ("What mends it", rule.remediation),
    ):
        click.echo(f"\n{heading}\n{textwrap.indent(textwrap.fill(text, 76), '  ')}")
    for heading, name in (("Avoid", "failing.yaml"), ("Prefer", "passing.yaml")):
        example = folder / name
        if example.is_file():
            click.echo(f"\n{heading}\n{textwrap.indent(example.read_text('utf-8').rstrip(), '  ')}")
    click.echo("\nRead more")
    for reference in rule.references:
        click.echo(f"  {reference}")
