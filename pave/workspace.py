"""What a command works with: the catalog, the rules, the engine. The edge where files are read."""

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.document import Document, quotable_lines
from catalog.loader import Catalog, load
from catalog.model import Service
from pave.options import Refused

if TYPE_CHECKING:
    from pave.engine_options import AskedServer
    from pave.terminal import Page
    from policies.engine import Engine
    from policies.rule import Bundle

HOME = Path(__file__).resolve().parent.parent
BUNDLE = HOME / "policies" / "bundle"


class Workspace:
    """One run's catalog and rules, each read when first needed. With `server`, that one decides; the own
    rules in the folder `policies` are asked beside those of the project."""

    def __init__(
        self,
        root: Path,
        today: date,
        extra: list[Path] | None = None,
        server: "AskedServer | None" = None,
        policies: Path | None = None,
    ) -> None:
        if not root.is_dir():
            raise Refused(f"There is no catalog at {root}. Say where it is with --catalog DIR.")
        self.root = root
        self.today = today
        self._extra = extra or []
        self._server = server
        self._policies = policies

    @functools.cached_property
    def catalog(self) -> Catalog:
        """The catalog, with the files that were named beside it."""
        return load(self.root, self._extra)

    @functools.cached_property
    def bundle(self) -> "Bundle":
        """The compiled rules."""
        from policies.rule import BundleError, load_bundle

        if self._policies is not None:
            return _extended(self._policies)
        try:
            return load_bundle(BUNDLE)
        except BundleError as error:
            raise Refused(f"{error}.") from error

    def new_engine(self) -> "Engine":
        """An engine over the compiled rules, for one thread. Raises EngineError."""
        if self._server is not None:
            return self._server.engine(self.bundle)
        from policies.engine import EmbeddedEngine

        return EmbeddedEngine(self.bundle, cache_dir=cache_directory())

    def lines(self, path: str) -> list[str]:
        """The lines of one file of the catalog, to quote them; none when it can't be read."""
        return quotable_lines(self.root, path)

    def page(self, *, colour: bool, width: int) -> "Page":
        """A page to write reports on."""
        from pave.terminal import Page

        return Page(self.lines, self.root, colour=colour, width=width, rules=self.bundle.rules)

    def document(self, name_or_path: str) -> Document:
        """The service that a command's argument names: by name, or by its file."""
        services = self.catalog.documents["Service"]
        if name_or_path in services:
            return services[name_or_path]
        path = Path(name_or_path)
        if path.suffix in (".yaml", ".yml"):
            found = next(
                (d for d in services.values() if (self.root / d.path).resolve() == path.resolve()), None
            )
            if found is not None:
                return found
            if (added := self.catalog.add(path)) is not None and added.kind == "Service":
                return added
        self._explain_missing(name_or_path)
        raise AssertionError

    def service(self, name_or_path: str, environment: str | None) -> Service:
        """An effective service; without an environment, in the first that it names."""
        document = self.document(name_or_path)
        names = self.catalog.service_environments(document.name)
        if environment is not None and environment not in names:
            raise Refused(f"{document.name} does not run in {environment}; it runs in {', '.join(names)}.")
        found = self.catalog.service(document.name, environment or names[0])
        if isinstance(found, list):
            raise Refused("\n".join(str(problem) for problem in found))
        return found

    def _explain_missing(self, name: str) -> None:
        wrong = [str(p) for p in (*self.catalog.problems, *self.catalog.unusable) if name in str(p)]
        if wrong:
            raise Refused("\n".join(wrong))
        from rapidfuzz import process

        known = sorted(self.catalog.documents["Service"])
        best = process.extractOne(name, known, score_cutoff=60)
        hint = f"Did you mean `{best[0]}`?" if best else f"Services: {', '.join(known) or 'none'}."
        raise Refused(f"There is no service `{name}` in {self.root}. {hint}")


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files that some paths name: a folder stands for the YAML files below it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml"))
        else:
            found.append(path)
    return found


def _extended(own: Path) -> "Bundle":
    from policies.bundle import find_opa
    from policies.extension import ExtensionError, extended

    root = HOME / "policies"
    try:
        return extended(root, own, cache_directory(), lambda: find_opa(root))
    except ExtensionError as error:
        raise Refused(str(error)) from error


def cache_directory() -> Path:
    """Where derived files are kept between runs: `$XDG_CACHE_HOME/pave` or `~/.cache/pave`
    (https://specifications.freedesktop.org/basedir-spec/latest/)."""
    import os

    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base) / "pave" if base and Path(base).is_absolute() else Path.home() / ".cache" / "pave"
