"""Who judges, as the options of a command say it: which rules are asked, and of which engine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pave.refused import Refused

if TYPE_CHECKING:
    from policies.engines.answer import Engine
    from policies.rule import Bundle, Rule

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


class AskedRules(NamedTuple):
    """The rules of the project, and beside them the `own` ones of an organisation in a folder, or none. The
    `server` that holds them decides, without one this process."""

    own: Path | None = None
    server: AskedServer | None = None

    def bundle(self) -> "Bundle":
        """These rules, compiled. Raises Refused when there are none to decide by."""
        from policies.in_force import NoRules, rules_in_force

        try:
            return rules_in_force(self.own)
        except NoRules as error:
            raise Refused(str(error)) from error

    def own_rules(self) -> "list[Rule]":
        """The own rules among these, by id; none when no folder was named. Raises Refused as `bundle`."""
        from policies.building.extension import own_ids
        from policies.in_force import HOME

        rules = self.bundle().rules
        return [] if self.own is None else [rules[name] for name in own_ids(HOME, self.own)]

    def engine(self, bundle: "Bundle") -> "Engine":
        """An engine over the compiled rules, for one thread. Raises EngineError, and Refused as the server's
        does."""
        if self.server is not None:
            return self.server.engine(bundle)
        from policies.engines.embedded import EmbeddedEngine
        from policies.private_folder import cache_directory

        return EmbeddedEngine(bundle, cache_dir=cache_directory())


SHIPPED = AskedRules()
"""The rules of the project alone, in this process."""
