"""Which policy engine a command asks: `--engine embedded`, or `--engine opa` and where its server is."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

from pave.refused import Refused

if TYPE_CHECKING:
    from policies.engines.answer import Engine
    from policies.rule import Bundle

F = TypeVar("F", bound=Callable[..., Any])

VARIABLE = "PAVE_OPA_TOKEN"
URL = "http://127.0.0.1:8181"
"""Where `opa run --server` listens unless it is told otherwise."""


class AskedServer(NamedTuple):
    """An OPA server as the options name it; what is None has its default."""

    url: str | None
    token_file: Path | None
    ca: Path | None
    timeout: float | None
    retries: int | None

    def engine(self, bundle: "Bundle") -> "Engine":
        """The engine that asks this server. Raises EngineError for one that can't be asked, Refused for a
        token that can't be read."""
        from policies.engines.opa_server import Server, ServerEngine

        limits = {"timeout": self.timeout, "retries": self.retries}
        given: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
        return ServerEngine(bundle, Server(self.url or URL, self._token(), self.ca, **given))

    def _token(self) -> str | None:
        if self.token_file is None:
            return os.environ.get(VARIABLE) or None
        try:
            return self.token_file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise Refused(f"{self.token_file} holds no token that can be read.") from None


def engine_options(command: F) -> F:
    """`--engine`, and the options of its server; the command gets them as `server`, None when embedded."""

    @functools.wraps(command)
    def collected(engine: str, **others: Any) -> Any:
        asked = AskedServer(*(others.pop(f"opa_{name}") for name in AskedServer._fields))
        if engine == "embedded":
            for name, value in asked._asdict().items():
                if value is not None:
                    raise Refused(f"--opa-{name.replace('_', '-')} needs --engine opa.")
            return command(server=None, **others)
        return command(server=asked, **others)

    a_file = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = (
        click.option(
            "--engine",
            type=click.Choice(["embedded", "opa"]),
            default="embedded",
            show_default=True,
            help="What decides: the compiled rules in this process, or an OPA server that holds them.",
        ),
        click.option("--opa-url", metavar="URL", help=f"The OPA server (default: {URL})."),
        click.option(
            "--opa-token-file", type=a_file, metavar="FILE", help=f"Its bearer token (default: ${VARIABLE})."
        ),
        click.option("--opa-ca", type=a_file, metavar="FILE", help="PEM file of the authority to trust."),
        click.option(
            "--opa-timeout",
            type=click.FloatRange(min=0, min_open=True, max=600),
            metavar="SECONDS",
            help="Longest wait for it (default: 10).",
        ),
        click.option(
            "--opa-retries",
            type=click.IntRange(0, 10),
            metavar="N",
            help="How often it is asked again when it is away or busy (default: 2).",
        ),
    )
    for option in reversed(options):
        collected = option(collected)
    return cast(F, collected)
