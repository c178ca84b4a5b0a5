"""What a command works with: the catalog, the rules, the engine. The edge where files are read."""

import functools
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.document import Document, quotable_lines
from catalog.kinds.service import Service, known_places, places_of, service_at
from catalog.loader import Catalog, load
from catalog.nearest import did_you_mean, nearest
from catalog.place import Place
from catalog.problem import BROKEN_NEIGHBOUR, Problem
from catalog.reading import specs_below
from catalog.validation import kind_folders
from catalog.yaml.fault import printable
from catalog.yaml.parsed import Unusable
from catalog.yaml.text import STANDARD_INPUT, data_of, read
from pave.asked_rules import SHIPPED, AskedRules
from pave.finding import find_catalog, place
from pave.refused import Refused, WrongSpecs

if TYPE_CHECKING:
    from pave.terminal import Page
    from policies.engines.answer import Engine
    from policies.quoting import Quoting
    from policies.rule import Bundle

YAML = (".yaml", ".yml")

HOME = Path(__file__).resolve().parent.parent


def catalog_folder(root: Path) -> Path:
    """The root of a catalog, which is there. Raises Refused."""
    if not root.is_dir():
        raise Refused(f"There is no catalog at {root}. Say where it is with --catalog DIR.")
    return root


def require_place(catalog: Catalog, name: str) -> None:
    """Raises Refused when a catalog has neither an environment nor an instance of that name."""
    known = known_places(catalog)
    if name not in known:
        hint = did_you_mean(name, known)
        raise Refused(f"There is no environment `{name}` in {catalog.root}. {hint}")


def require_rule(name: str, rules: Collection[str]) -> None:
    """Raises Refused when there is no rule of that id among the ids in `rules`."""
    if name not in rules:
        near = _rule_meant(name, rules)
        hint = f"Did you mean `{near}`?" if near else "`pave explain` lists those that there are."
        raise Refused(f"There is no rule `{name}`. {hint}")


def _rule_meant(name: str, rules: Collection[str]) -> str | None:
    """The rule that is nearest to a name, with the area that it is in or without it."""
    short = {each.rpartition("/")[2]: each for each in rules}
    near = None if "/" in name else nearest(name, short)
    return nearest(name, rules) if near is None else short[near]


class Workspace:
    """One run's catalog and rules, each read when first needed. `rules` says which are asked, and of whom;
    `load` reads a catalog."""

    def __init__(
        self,
        root: Path,
        today: date,
        extra: list[Path] | None = None,
        rules: AskedRules = SHIPPED,
        load: Callable[[Path, Sequence[Path]], Catalog] = load,
    ) -> None:
        self.root = catalog_folder(root)
        self.today = today
        self.rules = rules
        self._extra = extra or []
        self._load = load

    @functools.cached_property
    def catalog(self) -> Catalog:
        """The catalog, with the files that were named beside it."""
        return self._load(self.root, self._extra)

    def at(self, root: Path) -> "Workspace":
        """The same for another catalog, whole: the same day, and the same rules and engine."""
        return Workspace(root, self.today, None, self.rules, self._load)

    @functools.cached_property
    def bundle(self) -> "Bundle":
        """The compiled rules."""
        return self.rules.bundle()

    def new_engine(self) -> "Engine":
        """An engine over the compiled rules, for one thread. Raises EngineError."""
        return self.rules.engine(self.bundle)

    def lines(self, path: str) -> list[str]:
        """The lines of one file of the catalog, to quote them; none when it can't be read."""
        return quotable_lines(self.root, path)

    @functools.cached_property
    def quoting(self) -> "Quoting":
        """What quotes files that no rule has judged."""
        from policies.private_folder import cache_directory
        from policies.quoting import Quoting

        return Quoting(self.root, cache_directory())

    def page(self, *, colour: bool, width: int) -> "Page":
        """A page to write reports on."""
        from pave.terminal import Page

        return Page(
            self.lines,
            self.root,
            colour=colour,
            width=width,
            rules=self.bundle.rules,
            unjudged=self.quoting.lines,
        )

    def told(self, wrong: Iterable[Problem | Unusable]) -> list[str]:
        """What is wrong with files, a line each, with their places as the reader calls them."""
        said = []
        for each in wrong:
            document = printable(each.document if isinstance(each, Problem) else each.path)
            said.append(f"{place(self.root, document)}{str(each).removeprefix(document)}")
        return said

    def services(self) -> list[str]:
        """The names of all services, also of those whose files can't be used; sorted."""
        folder = self.root / kind_folders()["Service"]
        files = (path.stem for path in specs_below(folder)[0] if path.is_file())
        return sorted({*self.catalog.documents["Service"], *files})

    def document(self, name_or_path: str) -> Document:
        """The service that a command's argument names: by name, or by its file."""
        services = self.catalog.documents["Service"]
        if name_or_path in services:
            return services[name_or_path]
        path = Path(name_or_path)
        if path.suffix in YAML:
            found = next(
                (d for d in services.values() if (self.root / d.path).resolve() == path.resolve()), None
            )
            if found is not None:
                return found
            if (added := self.catalog.add(path)) is not None and added.kind == "Service":
                return added
        self._explain_missing(name_or_path)
        raise AssertionError

    def service(self, name_or_path: str, place: Place | None) -> Service:
        """An effective service; without a place, at the first that it names."""
        document = self.document(name_or_path)
        names = places_of(self.catalog, document.name)
        if place is not None and place not in names:
            require_place(self.catalog, place)
            raise Refused(f"{document.name} does not run in {place}; it runs in {', '.join(names)}.")
        found = service_at(self.catalog, document.name, place or names[0])
        if isinstance(found, list):
            why = Refused if all(each.rule == BROKEN_NEIGHBOUR for each in found) else WrongSpecs
            raise why("\n".join(self.told(self.quoting.problems(found))))
        return found

    def _explain_missing(self, name: str) -> None:
        own = {p.document for p in self.catalog.problems if _is_of(name, p.document)}
        own = own or {p.document for p in self.catalog.problems if self._describes(p.document, name)}
        problems = self.quoting.problems(p for p in self.catalog.problems if p.document in own)
        unusable = [error for error in self.catalog.unusable if _is_of(name, error.path)]
        if problems or unusable:
            why = Refused if unusable else WrongSpecs
            raise why("\n".join(self.told([*problems, *unusable])))
        hint = did_you_mean(name, self.catalog.documents["Service"], "Services")
        if name in self.catalog.documents["Environment"]:
            hint = f"It is an environment, whose stack is `foundation.{name}`. {hint}"
        raise Refused(f"There is no service `{name}` in {self.root}. {hint}")

    def _describes(self, path: str, name: str) -> bool:
        """Whether a file that has problems, perhaps of its name, says that it is the service of that name."""
        try:
            said = data_of(read(self.root / path, path), path)
        except Unusable:
            return False
        metadata = said.get("metadata")
        return said.get("kind") == "Service" and isinstance(metadata, dict) and metadata.get("name") == name


def _is_of(name: str, document: str) -> bool:
    """Whether a file of the catalog is the one that a name, or a path, means."""
    return Path(document).stem == Path(name).stem


def expand(paths: Iterable[Path], root: Path) -> list[Path]:
    """The files that some paths name: `-` is standard input, a folder stands for the YAML files below it, and
    what is no path for the service of that name in the catalog at `root`, or for the environment of that
    foundation. Raises Refused for a word that is none of these."""
    found: list[Path] = []
    for path in paths:
        is_word = len(path.parts) == 1 and not path.exists() and path.suffix not in YAML
        if is_word and str(path) != STANDARD_INPUT:
            found.append(_of_name(str(path), root))
        elif path.is_dir():
            below, closed = specs_below(path)
            found += [*below, *(Path(error.filename) for error in closed)]  # to be unusable, not overlooked
        else:
            found.append(path)
    return found


def _of_name(name: str, root: Path) -> Path:
    kind, _, rest = name.partition(".")
    folder = {"foundation": "environments", "unit": "units", "global": "globals"}.get(kind)
    stem = name if folder is None else rest
    own = [path for path in specs_below(root / (folder or "services"))[0] if path.stem == stem]
    if own:
        return own[0]
    service, _, place = rest.partition(".")
    services = [path.stem for path in specs_below(root / "services")[0]]
    if kind == "service" and service in services:
        here = "" if root == find_catalog(Path.cwd()) else f" --catalog {root}"
        commands = f"`pave check {service} --env {place}{here}`, or with its plan `pave plan {name}{here}`"
        raise Refused(f"{name} is a stack, and a check is of files: {commands}.")
    known = services + [f"foundation.{path.stem}" for path in specs_below(root / "environments")[0]]
    hint = did_you_mean(name, known, "Services")
    raise Refused(f"There is no service `{name}` in {root}, and no file or folder here. {hint}")
