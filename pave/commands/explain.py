"""`pave explain`."""

import click

from pave.asked_rules import AskedRules
from pave.rules_options import own_rules_option

CONTRACT = "contract"

EXAMPLE = """\b
Examples:
  pave explain
  pave explain reliability/alerts-can-fire
  pave explain contract
"""


@click.command(epilog=EXAMPLE)
@click.argument("rule", required=False)
@own_rules_option
def command(rule: str | None, asked: AskedRules) -> None:
    """Say what a RULE asks for, why, and what mends it; without one, list them all.

    `contract` says what a container is told and held to: variables, ports, probes, files, signals."""
    if rule == CONTRACT:
        from pave.portal.contract import contract

        click.echo(contract(), nl=False)
        return
    from pave.portal.explanation import explained, listed
    from pave.portal.fields import field_words, fields_called
    from pave.refused import Refused
    from pave.terminal import screen_width
    from pave.workspace import require_rule
    from policies.coverage import GAPS

    rules = asked.bundle().rules
    if rule is None:
        click.echo(listed(rules.values(), GAPS, screen_width()), nl=False)
        return
    if rule not in rules and (places := fields_called(rule)):
        raise Refused(field_words(rule, places, rules))
    require_rule(rule, rules)
    click.echo(explained(rules[rule], asked, screen_width()), nl=False)
