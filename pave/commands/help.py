"""`pave help`."""

import click

EXAMPLE = """\b
Examples:
  pave help
  pave help up
  pave help cloud set
"""


@click.command(epilog=EXAMPLE)
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a COMMAND, or of pave."""
    assert ctx.parent is not None
    at = ctx.parent
    for word in words:
        group = at.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"{at.command_path} has no commands of its own.", at)
        name, found, _ = group.resolve_command(at, [word])
        assert found is not None
        at = click.Context(found, info_name=name, parent=at)
    click.echo(at.get_help())
