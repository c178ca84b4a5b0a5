"""Kinds of documents: what the catalog, the cache and the rules ask of one, with the answers of a kind that
has nothing special to say.

A kind is a schema in `catalog/schema/`, a folder of files, and where code reads it or there is more to say of
it than a schema can, a module in `catalog/kinds/`: `Team` is the class `Team` of `catalog/kinds/team.py`.
Nothing lists them.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol, Self, TypeVar

import msgspec

from catalog.defaults import filled
from catalog.document import Document, Json, Origin, rfc6901, source_pointer
from catalog.place import Place, environment_of
from catalog.problem import Problem, Wrong
from catalog.validation import kind_folders, stem_of
from catalog.yaml.parsed import Pointer

K = TypeVar("K", bound="Effective")
V = TypeVar("V")

SPEC = "#/properties/spec"
"""Where a kind's schema describes `spec`."""


class Fields(msgspec.Struct, frozen=True, rename="camel", omit_defaults=False):
    """Base of what a kind's documents say: immutable, camelCase in JSON."""


class Claim(NamedTuple):
    """Something that only one document of a catalog can have, such as a host.

    `rule` is what the conflict is reported as, `thing` and `name` say what it is, `place` where the document
    claims it, and `by` who does: one file speaks for a service and for each of its instances."""

    rule: str
    thing: str
    name: str
    place: Pointer
    by: str


class ServiceAsWritten(NamedTuple):
    """A service at one place as its owner wrote it, with the overrides for that place merged in and no
    default filled. `environment` is the effective environment there, None when it can't be used."""

    document: Document
    place: Place
    data: Json
    environment: Json | None


class Documents(Protocol):
    """What a kind may ask of the catalog that one of its documents is in. `documents` are by kind and name;
    `looked_for` takes up which places outside the catalog were looked for, and whether anything was there."""

    root: Path
    documents: dict[str, dict[str, Document]]
    looked_for: dict[str, bool]

    def find(self, kind: type[K], name: str) -> K | None:
        """The effective document of that kind and name; None when there is none that can be used."""
        ...

    def broken(self, kind: str, name: str) -> str | None:
        """The path of the file of that kind and name, where it is there and can't be used."""
        ...

    def remembered(self, key: object, make: Callable[[], V]) -> V:
        """What `make` gives, made once for as long as the documents are these."""
        ...


class Effective:
    """A document with every default filled in, and the way back to what its owner wrote.

    Its class is its kind, and says what is special about that: class attributes and methods. `data` is the
    whole document, `spec` its specification as a `Spec` (or as it is, for a kind without one); `sources` says
    of each subtree that an override replaced where in the file it was written."""

    __slots__ = ("data", "document", "sources", "spec")

    Spec: ClassVar[type[msgspec.Struct] | None] = None
    """What `spec` is, typed."""

    is_shown_to_rules: ClassVar[bool] = True
    """Whether rules on a service see the documents that `around` names, as `input.spec.catalog.<folder>`."""

    counts_for_all: ClassVar[bool] = True
    """Whether an edit of any document of the kind may change any decision. Where not, `depends` says of
    which decisions each is a part."""

    is_quoted: ClassVar[bool] = False
    """Whether findings on others may point into a document of this kind, so that its layout counts too."""

    def __init__(
        self, document: Document, data: Json, sources: Mapping[Pointer, Pointer] | None = None
    ) -> None:
        self.document = document
        self.data = data
        self.sources = sources or {}
        self.spec: Any = data["spec"] if self.Spec is None else msgspec.convert(data["spec"], self.Spec)

    @property
    def name(self) -> str:
        """The document's name."""
        return self.document.name

    def source(self, pointer: Pointer) -> Pointer:
        """The pointer into the owner's file for a pointer into the effective document."""
        return source_pointer(self.sources, pointer)

    def origin(self, *pointer: str | int) -> Origin:
        """Origin of the element at `pointer` of the effective document.

        >>> service.origin("spec", "stores", 0)   # services/portal.yaml#/spec/stores/0
        """
        document, source = self.document.trace(self.source(pointer))
        return Origin(document.path, rfc6901(source), document.says(source))

    @classmethod
    def of(cls, document: Document) -> Self:
        """A document with its defaults filled in."""
        return cls(document, cls.filled(document.data))

    @classmethod
    def filled(cls, written: Json) -> Json:
        """The effective form of a schema-valid document: the computed defaults of its kind first, then the
        constant ones of its schema."""
        spec = {**cls.computed(written["spec"]), **written["spec"]}
        return {**written, "spec": filled(cls.__name__, SPEC, spec)}

    @classmethod
    def computed(cls, spec: Json) -> Json:
        """The defaults at the top of `spec` that follow from what is written in it."""
        return {}

    @classmethod
    def wrong(cls, written: Json) -> Iterable[Wrong]:
        """What no schema can say is wrong with a schema-valid document, whatever the others say."""
        return ()

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterable[Wrong]:
        """What a document names that isn't in the catalog. (A service is asked place by place, by
        `judged`.)"""
        return ()

    @classmethod
    def claims(cls, document: Document, catalog: Documents) -> Iterable[Claim]:
        """What only this document may have."""
        return ()

    @classmethod
    def places(cls, document: Document) -> Iterable[Place]:
        """Where there is something to judge; nowhere for a kind that is only referred to."""
        return ()

    @classmethod
    def judged(cls, document: Document, place: Place, catalog: Documents) -> "Effective | list[Problem]":
        """What is judged at one of its `places`, or why it can't be."""
        raise NotImplementedError

    @classmethod
    def judged_with(cls, document: Document, catalog: Documents) -> Iterable[Document]:
        """What else is judged when somebody asks for this document alone: what it is for."""
        return ()

    @classmethod
    def written_at(cls, document: Document, place: Place, catalog: Documents) -> ServiceAsWritten | None:
        """A service's document as it was written for a place; None for a document of any other kind."""
        return None

    @classmethod
    def around(cls, service: ServiceAsWritten | None, catalog: Documents) -> Iterable[str]:
        """The names of the documents of this kind that a service, or with None the foundation of an
        environment, refers to; some may not be there. All of them, for a kind that nobody names."""
        return catalog.documents[cls.__name__]

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """The documents of this kind that have a part in what a service at a place (with None: the foundation
        of that environment) is planned and judged to be, and of each what counts, as plain data.

        Comments and layout count for nothing here."""
        known = catalog.documents[cls.__name__]
        for name in sorted(set(cls.around(service, catalog)) & known.keys()):
            yield known[name], cls.filled(known[name].data)["spec"]


class OfEnvironment(Effective):
    """A kind of which an environment has one document at most, called like it: no service names that, and it
    has a part in what the environment's foundation is judged to be."""

    __slots__ = ()

    @classmethod
    def around(cls, service: ServiceAsWritten | None, catalog: Documents) -> Iterable[str]:
        """None: no service names it."""
        return ()

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """All of the one of the environment, for that environment's foundation."""
        document = catalog.documents[cls.__name__].get(environment_of(place))
        if service is None and document is not None:
            yield document, document.data


class OfService(Effective):
    """A kind of which a service has one document at most, called like it: it shows in what the service is."""

    __slots__ = ()

    @classmethod
    def judged_with(cls, document: Document, catalog: Documents) -> Iterator[Document]:
        """The service: what the document makes of it shows there."""
        if document.name in catalog.documents["Service"]:
            yield catalog.documents["Service"][document.name]

    @classmethod
    def around(cls, service: ServiceAsWritten | None, catalog: Documents) -> Iterable[str]:
        """The one of its own name."""
        return () if service is None else (service.document.name,)


@functools.cache
def kinds() -> dict[str, type[Effective]]:
    """Every kind by its name. One that no code reads has no module, and is like any other."""
    found = {}
    for kind in kind_folders():
        module = f"catalog.kinds.{stem_of(kind)}"
        has_one = find_spec(module) is not None
        found[kind] = getattr(import_module(module), kind) if has_one else type(kind, (Effective,), {})
    return found
