"""Reads a catalog: every file it can, and all that is wrong with the others.

A broken file never hides the rest: it becomes an `Unusable` (no YAML at all) or `Problem`s (YAML that
does not say what its kind wants), and whoever refers to it is told so.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from catalog import defaults, validation
from catalog.characters import hidden_characters
from catalog.claims import contested
from catalog.document import Document, Json, readable, source_pointer
from catalog.links import broken_links
from catalog.model import Environment, Service, Team, Vendor, Waiver
from catalog.places import misplaced_service, misplaced_zones
from catalog.problem import Problem
from catalog.ranges import impossible_ranges
from catalog.references import dangling
from catalog.schedules import impossible_schedules
from catalog.text import Parsed, Pointer, Unusable, parse, read
from catalog.variables import clashing_variables

PRODUCTION = "production"


class Catalog:
    """The documents of one catalog, by kind and name. Effective services are made when asked for.

    `looked_for` are the places outside the catalog that documents point to, and whether they exist."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.documents: dict[str, dict[str, Document]] = {kind: {} for kind in validation.kinds()}
        self.problems: list[Problem] = []
        self.unusable: list[Unusable] = []
        self.looked_for: dict[str, bool] = {}
        self._files: dict[str, Document] = {}
        self._environments: dict[str, Environment] = {}
        self._waivers: list[Waiver] | None = None
        self._dependents: dict[str, set[str]] | None = None
        self._services: dict[tuple[str, str], Service | list[Problem]] = {}

    def add(self, path: Path) -> Document | None:
        """Reads one file into the catalog; None (and a problem or unusable noted) when it can't be used."""
        shown = self.shown(path)
        try:
            text = read(path, shown)
            return self._take(path, shown, text, parse(text, shown))
        except Unusable as error:
            self.unusable.append(error)
            return None

    def with_text(self, path: str, text: bytes) -> "Catalog":
        """This catalog as if its usable document `path` held `text`, which is YAML; no file is read.

        Raises KeyError when there is no such document, Unusable for other text."""
        old = self.file(path)
        changed = Catalog(self.root)
        changed.problems, changed.unusable = [*self.problems], [*self.unusable]
        changed.looked_for = {**self.looked_for}
        changed.documents = {kind: {**named} for kind, named in self.documents.items()}
        changed._files = {**self._files}
        del changed.documents[old.kind][old.name], changed._files[path]
        changed._take(Path(path), path, text, parse(text, path))
        return changed

    def _take(self, path: Path, shown: str, text: bytes, parsed: Parsed) -> Document | None:
        kind = parsed.data.get("kind")
        if not isinstance(kind, str) or kind not in validation.kinds():
            self.problems.append(_unknown_kind(shown, parsed))
            return None
        found = validation.problems(kind, parsed.data, shown, parsed)
        if found:
            self.problems += found
            return None
        document = Document(shown, text, parsed)
        said = chain(
            impossible_ranges(kind, document.data),
            misplaced_zones(document.data) if kind == "Environment" else (),
            hidden_characters(document.data, text),
        )
        wrong = [problem_at(document, *each) for each in said]
        if wrong:
            self.problems += wrong
            return None
        return self._keep(document, path)

    def _keep(self, document: Document, path: Path) -> Document | None:
        at: Pointer = ("metadata", "name")
        twin = self.documents[document.kind].get(document.name)
        if twin is not None and twin.path != document.path:
            what = f"{twin.path} already describes the {document.kind.lower()} `{document.name}`."
            self.problems.append(
                problem_at(document, at, "catalog/unique-name", what, "Give each its own name.")
            )
            return None
        if path.stem != document.name:
            what = f"The file is called {path.name}, but describes `{document.name}`."
            fix = f"Rename the file to {document.name}{path.suffix}, or write `name: {path.stem}`."
            self.problems.append(problem_at(document, at, "catalog/file-name", what, fix))
            return None
        self.documents[document.kind][document.name] = document
        self._files[document.path] = document
        self._waivers = self._dependents = None
        return document

    def file(self, path: str) -> Document:
        """The usable document of that path, relative to the root. Raises KeyError if there is none."""
        return self._files[path]

    def shown(self, path: Path) -> str:
        """How a file is called in this catalog: relative to its root, with `..` when it lies elsewhere."""
        return os.fsencode(_shown(path, self.root)).decode("utf-8", "backslashreplace")

    def environment(self, name: str) -> Environment | None:
        """The effective environment of that name, or None."""
        document = self.documents["Environment"].get(name)
        if document is None:
            return None
        if name not in self._environments:
            self._environments[name] = Environment(document, defaults.fill_environment(document.data))
        return self._environments[name]

    def team(self, name: str) -> Team | None:
        """The effective team of that name, or None."""
        document = self.documents["Team"].get(name)
        return None if document is None else Team(document, defaults.fill_team(document.data))

    def vendor(self, name: str) -> Vendor | None:
        """The effective vendor of that name, or None."""
        document = self.documents["Vendor"].get(name)
        return None if document is None else Vendor(document, defaults.fill_vendor(document.data))

    def waivers(self, service: str | None, environment: str) -> list[Waiver]:
        """The waivers for a service, or with None for the foundation, of an environment; by name."""
        wanted = (service, environment)
        return [one for one in self.all_waivers() if (one.spec.service, one.spec.environment) == wanted]

    def all_waivers(self) -> list[Waiver]:
        """Every waiver, by name."""
        if self._waivers is None:
            documents = [document for _, document in sorted(self.documents["Waiver"].items())]
            self._waivers = [Waiver(one, defaults.fill_waiver(one.data)) for one in documents]
        return self._waivers

    def contested(self) -> list[Problem]:
        """What two documents of the catalog claim and only one can have: a host, a project, a name. Files
        that lie elsewhere, as examples do, claim nothing."""
        folders = validation.kinds()
        own = {
            kind: {n: d for n, d in named.items() if d.path.startswith(f"{folders[kind]}/")}
            for kind, named in self.documents.items()
        }
        return sorted({problem_at(document, *wrong) for document, wrong in contested(own)})

    def dangling_waiver(self, document: Document) -> list[Problem]:
        """What a waiver's file names that is not in the catalog."""
        spec = document.data["spec"]
        named = [("owner", "Team"), ("environment", "Environment"), ("service", "Service")]
        return [
            problem_at(
                document,
                ("spec", field),
                "catalog/reference",
                f"There is no {kind.lower()} `{spec[field]}` in the catalog.",
                "Name one that is there, or delete the waiver.",
            )
            for field, kind in named
            if field in spec and spec[field] not in self.documents[kind]
        ]

    def service_environments(self, name: str) -> list[str]:
        """Names of the environments that a service says it runs in, in its own order."""
        written = self.documents["Service"][name].data["spec"].get("environments")
        return [entry["name"] for entry in written] if written else [PRODUCTION]

    def dependents(self, name: str) -> list[str]:
        """Names of the services that depend on this one, sorted."""
        if self._dependents is None:
            self._dependents = {}
            for user, document in sorted(self.documents["Service"].items()):
                for dependency in _dependencies(document.data["spec"]):
                    if "service" in dependency:
                        self._dependents.setdefault(dependency["service"], set()).add(user)
        return sorted(self._dependents.get(name, ()))

    def service(self, name: str, environment: str) -> Service | list[Problem]:
        """The effective service in one environment, or why there is none."""
        key = (name, environment)
        if key not in self._services:
            self._services[key] = self.effective(self.documents["Service"][name], environment)
        return self._services[key]

    def effective(self, document: Document, environment: str) -> Service | list[Problem]:
        """What `service` does, for a document that need not be the catalog's own."""
        where = self.environment(environment)
        merged, sources = defaults.merge_override(document.data, environment)
        at = _environment_pointer(document.data, environment)
        if where is None:
            what = f"There is no usable environment `{environment}` in the catalog."
            fix = f"Known: {', '.join(sorted(self.documents['Environment'])) or 'none'}."
            return [problem_at(document, at, "catalog/reference", what, fix)]
        if sources and not validation.is_valid("Service", merged):
            found = validation.problems("Service", merged, document.path, document.parsed)
            what = f"With the override for {environment}: {found[0].message}"
            return [problem_at(document, at, "catalog/override", what, found[0].fix)]
        said = chain(
            dangling(merged, where.data, self.documents),
            misplaced_service(merged, environment, self.documents["Environment"]),
            impossible_ranges("Service", merged),
            impossible_schedules(merged),
            clashing_variables(merged),
            broken_links(merged, self.root / document.path, self.root.parent, self.looked_for),
        )
        wrong = [
            problem_at(document, source_pointer(sources, pointer), rule, what, fix)
            for pointer, rule, what, fix in said
        ]
        if wrong:
            return sorted(set(wrong))
        return Service(document, defaults.fill_service(merged, where.data), sources, where)


def _dependencies(spec: Json) -> Iterator[Json]:
    """The dependencies of a service, those of single environments too."""
    yield from spec.get("dependencies", ())
    for entry in spec.get("environments", ()):
        yield from entry.get("override", {}).get("dependencies", ())


def load(root: Path, extra: Iterable[Path] = ()) -> Catalog:
    """Reads every `*.yaml` and `*.yml` under the folder of each kind, in the order of their names, then
    `extra` files that lie elsewhere (an example, say)."""
    catalog = Catalog(root)
    for folder in validation.kinds().values():
        place = root / folder
        if place.is_dir():
            for path in sorted(p for p in place.rglob("*") if p.suffix in (".yaml", ".yml")):
                catalog.add(path)
    for path in extra:
        catalog.add(path)
    return catalog


def problem_at(
    document: Document, pointer: Pointer, rule: str, what: str, fix: str, why: str = ""
) -> Problem:
    """A problem at a pointer of a document as written."""
    mark, _ = document.mark(pointer)
    return Problem(
        document.path, mark.line, mark.column, rule, readable(pointer, document.data), what, why, fix
    )


def _unknown_kind(shown: str, parsed: Parsed) -> Problem:
    kinds = ", ".join(validation.kinds())
    mark = parsed.values.get(("kind",)) or parsed.values[()]
    said = parsed.data.get("kind")
    what = f"There is no kind {said!r}." if "kind" in parsed.data else "The document does not say its kind."
    return Problem(
        shown, mark.line, mark.column, "schema/kind", "kind", what, "", f"Write `kind:` with one of {kinds}."
    )


def _environment_pointer(written: Json, environment: str) -> Pointer:
    for index, entry in enumerate(written["spec"].get("environments", ())):
        if entry["name"] == environment:
            return ("spec", "environments", index, "name")
    return ("spec",)


def _shown(path: Path, root: Path) -> str:
    if path.is_relative_to(root) and ".." not in path.parts:
        return path.relative_to(root).as_posix()
    try:
        return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()
    except (OSError, RuntimeError, ValueError):
        return path.as_posix()
