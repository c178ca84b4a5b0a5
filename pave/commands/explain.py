"""`pave explain`."""

import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import policies_option

if TYPE_CHECKING:
    from policies.rule import Rule

EXAMPLE = """\b
Examples:
  pave explain
  pave explain reliability/alerts-can-fire
"""


@click.command(epilog=EXAMPLE)
@click.argument("rule", required=False)
@policies_option
def command(rule: str | None, policies: Path | None) -> None:
    """Say what a RULE asks for, why, and what mends it; without one, list them all."""
    from pave.workspace import HOME, Workspace, require_rule
    from policies.coverage import GAPS

    rules = Workspace(HOME / "catalog", date.min, policies=policies).bundle.rules
    if rule is None:
        for one in rules.values():
            click.echo(f"{one.id:<52} level {one.level}  {one.severity:<7}  {'+'.join(one.stages)}")
        for gap in GAPS:
            if gap.standing == "unimplemented":
                click.echo(f"unimplemented: {gap.check}. {gap.why}")
        click.echo(f"\n{len(rules)} rules. `pave explain RULE` says why one is there and what mends it.")
        return
    require_rule(rule, rules)
    place = Path("rules", *rule.replace("-", "_").split("/"))
    homes = [home for home in (policies, HOME / "policies") if home is not None and (home / place).is_dir()]
    _show(rules[rule], homes[0] / place if homes else place)


def _show(rule: "Rule", folder: Path) -> None:
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
