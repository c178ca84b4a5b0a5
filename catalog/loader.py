"""Reads a catalog: every file it can, and all that is wrong with the others.

A broken file never hides the rest: it becomes an `Unusable` (no YAML at all) or `Problem`s (YAML that
does not say what its kind wants), and whoever refers to it is told so.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from catalog import validation
from catalog.astray import ENDINGS
from catalog.checks.claims import contested
from catalog.document import Document
from catalog.kind import Effective, K, V, kinds
from catalog.migration.under_way import MovingDocument, Started, moving
from catalog.place import Place
from catalog.problem import Problem, problem_at
from catalog.reading import File, Reading, examine, files_of, read_file, shown_in
from catalog.yaml.parsed import Pointer, Unusable
from catalog.yaml.text import STANDARD_INPUT


class Catalog:
    """The documents of one catalog, by kind and name. Effective ones are made when asked for.

    `problems` and `unusable` say what is wrong with the other files; `looked_for` are the places outside the
    catalog that documents point to, and whether they exist."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.documents: dict[str, dict[str, Document]] = {kind: {} for kind in validation.kind_folders()}
        self.problems: list[Problem] = []
        self.unusable: list[Unusable] = []
        self.looked_for: dict[str, bool] = {}
        self._files: dict[str, Document] = {}
        self._beside: dict[str, bytes] = {}
        self._remembered: dict[object, Any] = {}

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
        """This catalog as if the file at `path`, which may be a new one, held `text`, which is YAML; no other
        file is read. What was wrong with an unusable file stays. Migrations that start from it do from
        that text. Raises Unusable for other text."""
        changed = Catalog(self.root)
        changed.problems, changed.unusable = [*self.problems], [*self.unusable]
        changed.looked_for = {**self.looked_for}
        changed.documents = {kind: {**named} for kind, named in self.documents.items()}
        changed._files, changed._beside = {**self._files}, {**self._beside}
        if changed._lets_begin(path, text) and not self._has(path):
            return changed
        old = changed._files.pop(path, None)
        if old is not None:
            del changed.documents[old.kind][old.name]
        file = File(Path(path), path, text)
        reading = examine(file)
        if reading.unusable is not None:
            raise Unusable(path, *reading.unusable)
        changed.take(file, reading)
        return changed

    def _has(self, path: str) -> bool:
        """Whether the file at `path` is a document of this catalog, and no mere beginning of a migration."""
        return any(path == each.path for named in self.documents.values() for each in named.values())

    def _lets_begin(self, path: str, text: bytes) -> bool:
        """Whether migrations start from the file at `path`, which is to hold `text` for them."""
        begun = [each for each in self.documents["Migration"].values() if each.data["spec"]["from"] == path]
        if begun:
            self._beside[path] = text
            if not self._has(path):
                self._files.pop(path, None)
        for migration in begun:
            own = self.documents["Service"].get(migration.name)
            if own is not None:
                moved = moving(self._files[own.path], migration, self._start)
                self.documents["Service"][own.name] = moved
        return bool(begun)

    def _keep(self, document: Document, path: Path) -> Document | None:
        at: Pointer = ("metadata", "name")
        twin = self.documents[document.kind].get(document.name)
        if twin is not None and path.name == STANDARD_INPUT:  # it stands for what the file is to become
            self._files.pop(twin.path, None)
        elif twin is not None and twin.path != document.path:
            what = f"{twin.path} already describes the {validation.called(document.kind)} `{document.name}`."
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
        folders = validation.kind_folders()
        top = document.path.partition("/")[0]
        if top in folders.values() and top != folders[document.kind]:  # code owners are given by folder
            what = f"This is a {document.kind}, in the folder of another kind."
            fix = f"Move the file to {folders[document.kind]}/."
            self.problems.append(problem_at(document, ("kind",), "catalog/folder", what, fix))
            return None
        self._files[document.path] = document
        self._remembered.clear()
        if document.kind == "Service":
            document = moving(document, self.documents["Migration"].get(document.name), self._start)
        self.documents[document.kind][document.name] = document
        if document.kind == "Migration" and (own := self.documents["Service"].get(document.name)):
            self.documents["Service"][own.name] = moving(self._files[own.path], document, self._start)
        return document

    def way(self, service: str) -> MovingDocument | None:
        """The way of a service that has a migration, be it done; None for another. Raises KeyError when there
        is no usable service of that name."""
        found, migration = self.documents["Service"][service], self.documents["Migration"].get(service)
        if migration is None or isinstance(found, MovingDocument):
            return found if isinstance(found, MovingDocument) else None
        start = self._start(migration.data["spec"]["from"])
        return self.remembered((MovingDocument, service), lambda: MovingDocument(found, migration, start))

    def _start(self, shown: str) -> Started:
        """The file that a migration starts from; it is no service of the catalog."""
        path = self.root / shown
        beside = self._beside.get(shown)
        self.looked_for[str(path)] = path.is_file()
        if beside is None and not self.looked_for[str(path)]:
            return Started(None, (f"There is no file {shown} in the catalog.", "Correct the path."))
        file = read_file(self.root, path) if beside is None else File(path, shown, beside)
        reading = examine(file)
        if reading.data is None or reading.data["kind"] != "Service" or not isinstance(file.text, bytes):
            fix = f"Mend it: pave check {self.root / shown}"
            return Started(None, (f"{shown} is no usable file of a service.", fix))
        found = Document(file.shown, file.text, reading.data)
        self._files.setdefault(found.path, found)
        return Started(found)

    def file(self, path: str) -> Document:
        """The usable document of that path, relative to the root. Raises KeyError if there is none."""
        return self._files[path]

    def shown(self, path: Path) -> str:
        """How a file is called in this catalog: relative to its root, with `..` when it lies elsewhere."""
        return shown_in(self.root, path)

    def find(self, kind: type[K], name: str) -> K | None:
        """The effective document of that kind and name; None when there is none that can be used. A service
        is effective only at a place: see `catalog.kinds.service`."""
        document = self.documents[kind.__name__].get(name)
        return None if document is None else self.remembered((kind, name), lambda: kind.of(document))

    def broken(self, kind: str, name: str) -> str | None:
        """The path of the file of that kind and name, where it is there and can't be used."""
        folder = validation.kind_folders()[kind]
        wrong = {*(each.document for each in self.problems), *(each.path for each in self.unusable)}
        named = (f"{folder}/{name}{ending}" for ending in ENDINGS)
        return next((path for path in named if path in wrong and path not in self._files), None)

    def remembered(self, key: object, make: Callable[[], V]) -> V:
        """What `make` gives, made once for as long as the documents are these."""
        if key not in self._remembered:
            self._remembered[key] = make()
        found: V = self._remembered[key]
        return found

    def contested(self) -> list[Problem]:
        """What two documents of the catalog claim and only one can have: a host, a project, a name. Files
        that lie elsewhere, as examples do, claim nothing."""
        own = Catalog(self.root)
        for kind, folder in validation.kind_folders().items():
            named = self.documents[kind]
            own.documents[kind] = {n: d for n, d in named.items() if d.path.startswith(f"{folder}/")}
        claims = (
            (document, claim)
            for name, kind in kinds().items()
            for document in own.documents[name].values()
            for claim in kind.claims(document, own)
        )
        return sorted({problem_at(document, *wrong) for document, wrong in contested(claims)})

    def dangling(self, document: Document) -> list[Problem]:
        """What a document names that is not in the catalog."""
        wrong = kinds()[document.kind].dangling(document, self)
        return [problem_at(document, *each) for each in wrong]

    def places(self, document: Document) -> list[Place]:
        """Where there is something to judge of a document, in its owner's order."""
        return list(kinds()[document.kind].places(document))

    def judged(self, document: Document, place: Place) -> Effective | list[Problem]:
        """What is judged of a document at one of its places, or why it can't be."""
        return kinds()[document.kind].judged(document, place, self)


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
