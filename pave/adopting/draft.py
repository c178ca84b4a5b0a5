"""The catalog with what an adoption would write into it: nothing is written until it is proven.

A spec is edited where it can say how a resource is; what it can't say is kept by the adoption's own file."""

from collections.abc import Iterable
from copy import copy
from typing import Any

import msgspec

from catalog.document import Document, Json, Origin, pointer_of, readable
from catalog.editing.edit import overriding
from catalog.editing.splice import Unspliceable, splice
from catalog.editing.writing import write
from catalog.kinds.adoption import AdoptedResource, taken_over
from catalog.kinds.service import service_at
from catalog.loader import Catalog
from catalog.place import places_in
from catalog.validation import kind_folders, stem_of
from catalog.yaml.parsed import Pointer, Unusable
from pave.adopting.differences import Difference
from pave.adopting.live import value_at
from pave.adopting.word import WordContext, elements, said
from stacks.plan import Plan, PlannedResource, record_stack
from stacks.recording.model import RecordingError
from stacks.stack import Stack


class Edit(msgspec.Struct, frozen=True, rename="camel"):
    """A field of a spec that says now how a resource is: the file, the field for people, its value before
    (None where nothing was written) and after, and the property that it is about."""

    document: str
    path: str
    before: Any
    after: Any
    resource: str
    property: str


class AdoptionDraft:
    """A catalog in which the service of a stack takes something over."""

    def __init__(self, catalog: Catalog, stack: Stack) -> None:
        assert stack.service is not None
        self.catalog = catalog
        self.stack = stack
        self.service = stack.service
        self.edits: list[Edit] = []
        self._own = catalog.documents["Adoption"].get(stack.service)
        self.texts: dict[str, bytes] = {}
        """What changed files are to hold, by path."""
        self.entries = {
            (each.type, each.name): each for each in taken_over(catalog, self.service, stack.place)
        }

    @property
    def plan(self) -> Plan:
        """What its stack would register. Raises RecordingError."""
        return self.catalog.remembered(
            (record_stack, self.stack), lambda: record_stack(self.catalog, self.stack)
        )

    @property
    def plan_without_keeping(self) -> Plan:
        """What it would register if nothing were kept as it is."""
        bare = copy(self)
        bare.texts = {}
        bare.take_over(msgspec.structs.replace(each, keeps=[]) for each in self.entries.values())
        return bare.plan

    def take_over(self, entries: Iterable[AdoptedResource]) -> None:
        """Lets these be all that is taken over at the stack's place."""
        self.entries = {(each.type, each.name): each for each in entries}
        path = f"{kind_folders()['Adoption']}/{self.service}.yaml"
        text = self._written(self._own)
        if text is not None:
            self._put(path if self._own is None else self._own.path, text)

    def _written(self, old: Document | None) -> bytes | None:
        resources = [_plain(each) for _, each in sorted(self.entries.items())]
        place = {"name": self.stack.place, "resources": resources}
        before = old.data["spec"]["environments"] if old is not None else []
        others = [each for each in before if each["name"] != self.stack.place]
        places = [*others, place] if resources else others
        if not places:
            return None
        if old is not None:
            return splice(old.text, old.parsed, ("spec", "environments"), places)
        data = {
            "apiVersion": "pave/v1",
            "kind": "Adoption",
            "metadata": {"name": self.service},
            "spec": {"environments": places},
        }
        schema = f"# yaml-language-server: $schema=../schema/{stem_of('Adoption')}.schema.json\n"
        return f"{schema}{write(data)}".encode()

    def say(self, resource: PlannedResource, difference: Difference) -> bool:
        """Edits the spec so that a resource is as it is there, if it can say that; whether it could. An edit
        that doesn't come to just that is taken back."""
        if resource.origin is None or difference.is_ is None:
            return False
        kept = self.catalog, {**self.texts}
        edits = [
            self._edit(resource, difference, pointer, value)
            for pointer, value in self._sayings(resource, difference)
        ]
        done = [edit for edit in edits if edit is not None]
        if done and len(done) == len(edits) and self._is_so(resource.urn, difference):
            self.edits += done
            return True
        self.catalog, self.texts = kept
        return False

    def _sayings(self, resource: PlannedResource, difference: Difference) -> list[tuple[Pointer, Any]]:
        origin = resource.origin
        assert origin is not None
        document, at = self._place(origin)
        if document is None:
            return []
        element = _at(document.data, at)
        service = service_at(self.catalog, self.service, self.stack.place)
        if isinstance(service, list) or not isinstance(element, dict):
            return []
        context = WordContext(element, service.environment.spec)
        found = said(resource.type, difference.path, difference.is_, context)
        return [
            ((*each, *path), value)
            for each in elements(resource.type, document.data, at)
            for path, value in found
        ]

    def _place(self, origin: Origin) -> tuple[Document | None, Pointer]:
        """The file and the place in it that something was made for."""
        try:
            document = self.catalog.file(origin.document)
        except KeyError:
            return None, ()
        return document, pointer_of(origin.pointer, document.data)

    def _edit(
        self, resource: PlannedResource, difference: Difference, at: Pointer, value: Any
    ) -> Edit | None:
        assert resource.origin is not None
        document, _ = self._place(resource.origin)
        if document is None:
            return None
        where, text = at, value
        if len(list(places_in(document.data))) > 1 and at[:2] != ("spec", "environments"):
            where, text = overriding(document.data, self.stack.place, at, value)
        try:
            self._put(document.path, splice(document.text, document.parsed, where, text))
        except (Unspliceable, Unusable):
            return None
        path = readable(at, document.data)
        return Edit(document.path, path, _at(document.data, at), value, resource.name, difference.path)

    def _put(self, path: str, text: bytes) -> None:
        self.catalog = self.catalog.with_text(path, text)
        self.texts[path] = text

    def _is_so(self, urn: str, difference: Difference) -> bool:
        """Whether the plan has that property now as it is there."""
        if isinstance(service_at(self.catalog, self.service, self.stack.place), list):
            return False
        try:
            plan = self.plan
        except RecordingError:
            return False
        found = next((each for each in plan.resources if each.urn == urn), None)
        return found is not None and value_at(found.inputs, difference.steps) == difference.is_


def _plain(entry: AdoptedResource) -> Json:
    """An entry as a file says it."""
    keeps = [
        {"path": each.path} | ({} if each.value is None else {"value": each.value}) for each in entry.keeps
    ]
    return {"type": entry.type, "name": entry.name, "id": entry.id} | ({"keeps": keeps} if keeps else {})


def _at(data: Any, pointer: Pointer) -> Any:
    for step in pointer:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
