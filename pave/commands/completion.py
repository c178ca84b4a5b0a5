"""`pave completion`."""

import click
from click.shell_completion import get_completion_class

EXAMPLE = """\b
Examples:
  pave completion bash >~/.local/share/bash-completion/completions/pave
  pave completion zsh >~/.zfunc/_pave
  pave completion fish >~/.config/fish/completions/pave.fish
"""


@click.command(epilog=EXAMPLE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what makes a SHELL complete commands and options of pave; each example puts it where that shell
    looks."""
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(ctx.find_root().command, {}, "pave", "_PAVE_COMPLETE").source())
