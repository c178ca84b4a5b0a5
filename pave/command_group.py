"""Groups of commands: what the help lists, and what is said of a name that no command has."""

from typing import Any

import click

from pave.layout import in_columns


class CommandGroup(click.Group):
    """As click's, with the whole first sentence of each command in its help, and the nearest name for one
    that isn't there. Groups in it are of the same kind."""

    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with what they do, wrapped and not cut."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, first_sentence(command.help or "")))
        with formatter.section("Commands"):
            for line in in_columns(rows, formatter.width - formatter.current_indent):
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")

    def invoke(self, ctx: click.Context) -> Any:
        """What click does, with the nearest name for an option that is not there."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            raise _with_the_nearest(error) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What click does, with the nearest name for one that is not there."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from catalog.nearest import did_you_mean

            near = did_you_mean(args[0], self.list_commands(ctx), "Commands")
            raise click.UsageError(f"{error.message} {near}", ctx) from None


def _with_the_nearest(error: click.NoSuchOption) -> click.NoSuchOption:
    """The same, with the one option that was probably meant: the longest that the name begins with, as
    `--env` of `--environment`, or the nearest."""
    from catalog.nearest import nearest

    ctx = error.ctx
    known = [name for each in ctx.command.get_params(ctx) for name in each.opts] if ctx else []
    names = [name.removeprefix("--") for name in known if name.startswith("--")]
    asked = error.option_name.removeprefix("--")
    near = max((name for name in names if asked.startswith(name)), key=len, default=nearest(asked, names))
    hint = "" if near is None else f" Did you mean '--{near}'?"
    return click.NoSuchOption(error.option_name, f"{error.message}{hint}", ctx=ctx)


def first_sentence(text: str) -> str:
    """The first sentence of a help, in one line, without its full stop."""
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return paragraph.split(". ")[0].split(": exit 0")[0].rstrip(".")
