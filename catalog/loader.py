"""Reads a catalog: every file it can, and all that is wrong with the others.

A broken file never hides the rest: it becomes an `Unusable` (no YAML at all) or `Problem`s (YAML that
does not say what its kind wants), and whoever refers to it is told so.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from catalog import defaults, validation
from catalog.checks.claims import contested
from catalog.checks.instances import unfit_instance
from catalog.checks.links import broken_links
from catalog.checks.misplaced import misplaced_service
from catalog.checks.ranges import impossible_ranges
from catalog.checks.references import dangling
from catalog.checks.schedules import impossible_schedules
from catalog.checks.variables import clashing_variables
from catalog.document import Document, Json, source_pointer
from catalog.model import Environment, Service, Team, Vendor, Waiver
from catalog.place import Place, environment_of, instance_of, place_of, places_in, said_of
from catalog.problem import Problem, problem_at
from catalog.reading import File, Reading, examine, files_of, read_file, shown_in
from catalog.yaml.parsed import Pointer, Unusable


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
        file = read_file(self.root, path)
        return self.take(file, examine(file))

    def take(self, file: File, reading: Reading) -> Document | None:
        """Takes a file that was read into the catalog, as `add` does."""
        if reading.unusable is not None:
            self.unusable.append(Unusable(file.shown, *reading.unusable))
        self.problems += reading.problems
        if reading.data is None:
            return None
        assert isinstance(file.text, bytes)
        return self._keep(Document(file.shown, file.text, reading.data), file.path)

    def with_text(self, path: str, text: bytes) -> "Catalog":
        """This catalog as if the file at `path`, which may be a new one, held `text`, which is YAML; no file
        is read. What was wrong with an unusable file stays. Raises Unusable for other text."""
        changed = Catalog(self.root)
        changed.problems, changed.unusable = [*self.problems], [*self.unusable]
        changed.looked_for = {**self.looked_for}
        changed.documents = {kind: {**named} for kind, named in self.documents.items()}
        changed._files = {**self._files}
        old = changed._files.pop(path, None)
        if old is not None:
            del changed.documents[old.kind][old.name]
        file = File(Path(path), path, text)
        reading = examine(file)
        if reading.unusable is not None:
            raise Unusable(path, *reading.unusable)
        changed.take(file, reading)
        return changed

    def _keep(self, document: Document, path: Path) -> Document | None:
        at: Pointer = ("metadata", "name")
        twin = self.documents[document.kind].get(document.name)
        if twin is not None and twin.path != document.path:
            what = f"{twin.path} already describes the {document.kind.lower()} `{document.name}`."
            self.problems.append(
                problem_at(document, at, "catalog/unique-name", what, "Give each its own name.")
            )
            return None
        # Beside the catalog, as a rule's fixture is, a file may have any name: nobody looks for it there.
        if path.stem != document.name and not document.path.startswith("../"):
            what = f"The file is called {path.name}, but describes `{document.name}`."
            fix = f"Rename the file to {document.name}{path.suffix}, or write `name: {path.stem}`."
            self.problems.append(problem_at(document, at, "catalog/file-name", what, fix))
            return None
        folders = validation.kinds()
        top = document.path.partition("/")[0]
        if top in folders.values() and top != folders[document.kind]:  # code owners are given by folder
            what = f"This is a {document.kind}, in the folder of another kind."
            fix = f"Move the file to {folders[document.kind]}/."
            self.problems.append(problem_at(document, ("kind",), "catalog/folder", what, fix))
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
        return shown_in(self.root, path)

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

    def waivers(self, service: str | None, place: Place) -> list[Waiver]:
        """The waivers for a service at a place, or with None for the foundation of an environment."""
        return [one for one in self.all_waivers() if (one.spec.service, one.place) == (service, place)]

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
        if (service := spec.get("service")) in self.documents["Service"]:
            place = place_of(spec["environment"], spec.get("instance"))
            if "instance" in spec and place not in (there := self.places(service)):
                what = f"`{service}` has no place `{place}`."
                fix = f"It runs in {', '.join(there)}. Name one of them, or delete the waiver."
                return [problem_at(document, ("spec", "instance"), "catalog/reference", what, fix)]
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

    def places(self, name: str) -> list[Place]:
        """Where a service says that it runs, in its own order."""
        return list(places_in(self.documents["Service"][name].data))

    def known_places(self) -> list[Place]:
        """Every environment, and every place in one where a service has an instance; sorted."""
        run_in = (place for name in self.documents["Service"] for place in self.places(name))
        return sorted({*self.documents["Environment"], *(p for p in run_in if instance_of(p) is not None)})

    def dependents(self, name: str) -> list[str]:
        """Names of the services that depend on this one, sorted."""
        if self._dependents is None:
            self._dependents = {}
            for user, document in sorted(self.documents["Service"].items()):
                for dependency in _dependencies(document.data["spec"]):
                    if "service" in dependency:
                        self._dependents.setdefault(dependency["service"], set()).add(user)
        return sorted(self._dependents.get(name, ()))

    def service(self, name: str, place: Place) -> Service | list[Problem]:
        """The effective service at one place, or why there is none."""
        key = (name, place)
        if key not in self._services:
            self._services[key] = self.effective(self.documents["Service"][name], place)
        return self._services[key]

    def effective(self, document: Document, place: Place) -> Service | list[Problem]:
        """What `service` does, for a document that need not be the catalog's own."""
        environment = environment_of(place)
        where = self.environment(environment)
        merged, sources = defaults.merge_override(document.data, place)
        at = next(((*said, "name") for _, said in said_of(document.data, place)), ("spec",))
        if where is None:
            what = f"There is no usable environment `{environment}` in the catalog."
            fix = f"Known: {', '.join(sorted(self.documents['Environment'])) or 'none'}."
            return [problem_at(document, at, "catalog/reference", what, fix)]
        if sources and not validation.is_valid("Service", merged):
            found = validation.problems("Service", merged, document.path, document.parsed)
            what = f"With the override for {place}: {found[0].message}"
            return [problem_at(document, at, "catalog/override", what, found[0].fix)]
        said = chain(
            dangling(merged, where.data, self.documents),
            misplaced_service(merged, environment, self.documents["Environment"]),
            unfit_instance(document.data, merged, place),
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
        return Service(document, defaults.fill_service(merged, where.data, place), sources, where, place)


def _dependencies(spec: Json) -> Iterator[Json]:
    """The dependencies of a service, those of single environments too."""
    yield from spec.get("dependencies", ())
    for entry in spec.get("environments", ()):
        for differing in (entry, *entry.get("instances", ())):
            yield from differing.get("override", {}).get("dependencies", ())


def load(root: Path, extra: Iterable[Path] = ()) -> Catalog:
    """The catalog of all files under `root`, and of `extra` files that lie elsewhere (an example, say)."""
    files = list(files_of(root, extra))
    return assemble(root, files, map(examine, files))


def assemble(root: Path, files: Iterable[File], readings: Iterable[Reading]) -> Catalog:
    """The catalog of files that were read, and what each of them says."""
    catalog = Catalog(root)
    for file, reading in zip(files, readings, strict=True):
        catalog.take(file, reading)
    return catalog
