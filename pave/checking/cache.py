"""Remembers what files say and what was decided, so that only what changed is judged again.

Each has a key made of all that it can depend on. So a hit is what a cold run would say; what only might
matter is a miss.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import TZPATH

import msgspec

from catalog.astray import ENDINGS
from catalog.document import Document
from catalog.kind import kinds
from catalog.loader import Catalog, assemble
from catalog.place import Place
from catalog.reading import File, Reading, examine, files_of
from pave.checking.cache_file import CacheFile
from pave.checking.judge import DocumentAt
from pave.checking.workers import spread
from pave.reports.model import Verdicts
from pave.workspace import HOME
from policies.decision import Decision
from policies.rule import Bundle
from policies.waivers import Approval

PROGRAM = ("catalog", "components/design", "pave", "policies", "stacks")
"""The folders whose code has a part in a report."""


class _Whole(msgspec.Struct):
    """All verdicts on a catalog, and where the places outside it led that its documents link to."""

    verdicts: Verdicts
    places: dict[str, str]


_readings = msgspec.msgpack.Decoder(Reading)
_decisions = msgspec.msgpack.Decoder(Decision)
_wholes = msgspec.msgpack.Decoder(_Whole)


class VerdictCache:
    """What earlier runs found out, kept in `folder`; with None, nowhere. `root` is the catalog that it is
    mostly about, `program` the digest of the program (see `program_digest`)."""

    def __init__(self, folder: Path | None, root: Path, program: bytes) -> None:
        self._file = CacheFile(folder, _digest(bytes(root.resolve())).hex())
        self._program = program
        self._read: dict[tuple[Path, ...], list[File]] = {}

    @property
    def spoilt(self) -> Path | None:
        """The file that was cut short or changed by other hands, if it was; nothing in it is believed."""
        return self._file.spoilt

    def load(self, root: Path, extra: Sequence[Path] = ()) -> Catalog:
        """The catalog at `root`, as `catalog.loader.load` gives it. Only files that are new are parsed."""
        files = self._files(root, extra)
        keys = [_digest(b"file", self._program, *_identity(file)) for file in files]
        kept = {key: found for key in keys if (found := self._file.find(key)) is not None}
        new = {key: file for key, file in zip(keys, files, strict=True) if key not in kept}
        for key, reading in zip(new, spread(_examined, list(new.values())), strict=True):
            kept[key] = reading
            self._file.keep(key, reading)
        return assemble(root, files, [_readings.decode(kept[key]) for key in keys])

    def verdicts_key(self, root: Path, extra: Sequence[Path], bundle: Bundle, question: object) -> bytes:
        """The key of all verdicts on a catalog. `question` is what was asked: paths, environment, day."""
        files = [part for file in self._files(root, extra) for part in _identity(file)]
        about = (self._program, _identity_of_rules(bundle), repr(question).encode(), bytes(root.resolve()))
        return _digest(b"verdicts", *about, *files)

    def find_verdicts(self, key: bytes) -> Verdicts | None:
        """The verdicts with this key, if all links still lead to where they led."""
        kept = self._file.find(key)
        whole = None if kept is None else _wholes.decode(kept)
        return None if whole is None or _leading(whole.places) != whole.places else whole.verdicts

    def keep_verdicts(self, key: bytes, verdicts: Verdicts, links: Iterable[str]) -> None:
        """Keeps verdicts; `links` are the places outside the catalog that were looked for."""
        self._file.keep(key, msgspec.msgpack.encode(_Whole(verdicts, _leading(links))))

    def decisions(
        self, catalog: Catalog, bundle: Bundle, today: date, approvals: Mapping[str, Approval]
    ) -> "KnownDecisions":
        """The decisions that are known on the documents of a catalog, by these rules, on this day."""
        parts = [self._program, _identity_of_rules(bundle), today.isoformat().encode()]
        for name, kind in kinds().items():
            if kind.counts_for_all:
                named = catalog.documents[name].values()
                parts += [part for one in named for part in (one.path.encode(), one.text)]
        return KnownDecisions(self._file, catalog, _digest(b"decision", *parts), approvals)

    def save(self) -> None:
        """Writes down what is new."""
        self._file.save()

    def _files(self, root: Path, extra: Sequence[Path]) -> list[File]:
        """The files of a catalog, each read once, so that what is judged is what the key is made of."""
        places = (root, *extra)
        if places not in self._read:
            self._read[places] = list(files_of(root, extra))
        return self._read[places]


class KnownDecisions:
    """Decisions by place.

    One depends on its own document, and on what its kind and the others say that it depends on; a kind of
    which any document may count for any decision is taken whole, so that an edit of an environment, a team, a
    vendor, or a kind that nobody has thought of yet has all decided again."""

    def __init__(
        self, file: CacheFile, catalog: Catalog, common: bytes, approvals: Mapping[str, Approval]
    ) -> None:
        self._file = file
        self._catalog = catalog
        self._common = common
        self._approvals = approvals
        self._keys: dict[DocumentAt, bytes] = {}

    def find(self, place: DocumentAt) -> Decision | None:
        """The decision that judging this place would give, if it is known. A place that can't be judged has
        none."""
        kept = self._file.find(self._key(place))
        return None if kept is None else _decisions.decode(kept)

    def keep(self, place: DocumentAt, decision: Decision) -> None:
        """Keeps a decision."""
        self._file.keep(self._key(place), msgspec.msgpack.encode(decision))

    def _key(self, place: DocumentAt) -> bytes:
        """The key of a place, made once: whoever found nothing under it keeps something there."""
        if place not in self._keys:
            self._keys[place] = self._new_key(*place)
        return self._keys[place]

    def _new_key(self, document: Document, where: Place) -> bytes:
        service = kinds()[document.kind].written_at(document, where, self._catalog)
        facts: list[object] = [where, document.path]
        for kind in kinds().values():
            if not kind.counts_for_all:
                for one, part in kind.depends(service, where, self._catalog):
                    facts += [one.path, one.text if kind.is_quoted else part]
                    asked = (self._approvals.get(name) for name in (one.name, one.path))
                    facts += asked if kind.is_quoted else [None]
        return _digest(self._common, document.text, msgspec.msgpack.encode(facts))


def program_digest() -> bytes:
    """The digest of the program: of its code, templates and schemas, of Python, of all that is installed in
    it, and of the database of time zones."""
    parts = [sys.version.encode()]
    zones = [place for place in map(Path, TZPATH) if place.is_dir()]  # schedules name time zones
    parts += [f"{place} {place.stat().st_mtime_ns}".encode() for place in zones]
    installed = Path(msgspec.__file__).parents[1].glob("*.dist-info")
    parts += sorted(bytes(path.relative_to(path.parent)) for path in installed)
    code = [
        path for folder in PROGRAM for ending in ("py", "j2") for path in (HOME / folder).rglob(f"*.{ending}")
    ]
    for path in sorted([*code, *(HOME / "catalog" / "schema").glob("*.json")]):
        parts += [bytes(path.relative_to(HOME)), path.read_bytes()]
    return _digest(*parts)


def _examined(files: Sequence[File]) -> list[bytes]:
    return [msgspec.msgpack.encode(examine(file)) for file in files]


def _identity(file: File) -> tuple[bytes, bytes, bytes]:
    """All that makes a file what it is for a catalog: how it is called there, and its text or lack of it."""
    if isinstance(file.text, bytes):
        return file.shown.encode(), b"text", file.text
    return file.shown.encode(), b"unusable", str(file.text).encode()


def _identity_of_rules(bundle: Bundle) -> bytes:
    return _digest(bundle.revision.encode(), msgspec.msgpack.encode(bundle.rules), bundle.wasm)


def _leading(places: Iterable[str]) -> dict[str, str]:
    """Where each place leads, through symbolic links, nowhere if nothing is there; and of a spec that lies
    there, from which a migration starts, what it says."""
    absolute = [Path(place).absolute() for place in places]
    return {str(place): _led_to(place) if place.exists() else "" for place in absolute}


def _led_to(place: Path) -> str:
    real = os.path.realpath(place)
    is_spec = place.suffix in ENDINGS and place.is_file()
    return f"{real} {_digest(place.read_bytes()).hex()}" if is_spec else real


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()
