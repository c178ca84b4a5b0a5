"""A small catalog and all else that a verdict depends on, and edits of any of it, for a hypothesis test."""

import functools
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import strategies as st

from catalog.editing.edit import put
from catalog.yaml.parsed import Pointer
from catalog.yaml.text import parse
from pave import workspace
from pave.checking import cache as verdict_cache
from pave.commands.check import command
from policies import in_force
from policies.engines.answer import RawFinding
from policies.engines.embedded import EmbeddedEngine
from policies.in_force import rules_in_force
from policies.rule import Manifest

IMAGE = "us-docker.pkg.dev/acme-registry/app@sha256:" + "0" * 64
TODAY = "2026-11-21"
DAYS = (TODAY, "2026-12-24", "2027-06-01")
PROGRAMS = (b"this version", b"the next version")


class CountedEngine(EmbeddedEngine):
    """An engine that counts what it is asked."""

    asked = 0

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """What the rules find."""
        CountedEngine.asked += 1
        return super().evaluate(document)


@functools.cache
def _engine() -> CountedEngine:
    """One engine for all runs: what is asked of it counts, not what it costs to make one."""
    return CountedEngine(rules_in_force())


def service(name: str, owner: str = "platform", links: Sequence[Any] = (), **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "pave/v1",
        "kind": "Service",
        "metadata": {"name": name, "owner": owner, "links": list(links)},
        "spec": {"tier": "standard", "stage": "ga", "workloads": [{"name": "web", "image": IMAGE}], **spec},
    }


def needs(*names: str, need: str = "hard") -> list[dict[str, Any]]:
    return [{"name": name, "service": name, "need": need} for name in names]


def waiver(name: str, service: str, path: str, rule: str) -> dict[str, Any]:
    spec = {"rule": rule, "service": service, "environment": "production", "path": path}
    people = {"requestedBy": "ann", "approvedBy": "bob", "owner": "platform"}
    told = {"reason": "It is being replaced.", "ticket": "https://example.com/1"}
    days = {"granted": "2026-11-01", "expires": "2026-12-31"}
    return {
        "apiVersion": "pave/v1",
        "kind": "Waiver",
        "metadata": {"name": name},
        "spec": {**spec, **people, **told, **days},
    }


EVERYWHERE = [{"name": "production"}, {"name": "staging"}]
OVERRIDDEN = [{"name": "production"}, {"name": "staging", "override": {"availability": {"target": 99.0}}}]
LEDGERS = [EVERYWHERE[0], {"name": "staging", "override": {"edge": {"host": "ledger.staging.acme.example"}}}]
ZONAL = [{"name": "db", "kind": "postgres", "availability": "zonal"}]
ZUORA = {"name": "zuora", "vendor": "zuora"}
SERVICES = [
    service("portal", dependencies=[*needs("billing"), ZUORA], environments=OVERRIDDEN),
    service(
        "billing",
        "fulfillment-platform",
        dependencies=needs("ledger", need="soft"),
        stores=ZONAL,
        environments=EVERYWHERE,
    ),
    service("ledger", edge={"host": "ledger.acme.example"}, environments=LEDGERS),
    service("lonely", "workplace", tier="internal", stage="experiment"),
]
PLACES = 9
"""What there is to judge: services in their environments, and two foundations."""

ELSEWHERE: list[tuple[Pointer, Any]] = [
    (("spec", "dependencies"), needs("ledger", "portal")),
    (("spec", "dependencies"), needs("lonely")),
    (("spec", "dependencies"), [{**ZUORA, "need": "soft", "timeoutSeconds": 5}]),
    (("spec", "environments"), OVERRIDDEN),
    (("spec", "edge"), {"host": "ledger.acme.example"}),
    (("spec", "edge"), {"host": "portal.staging.acme.example"}),
    (("spec", "availability"), {"target": 99.99}),
    (("spec", "stores"), ZONAL),
    (("metadata", "links"), [{"kind": "runbook", "url": "/guide.md"}]),
    (("metadata", "name"), "ledger"),
]
"""Things that may stand in any service: other documents have to do with them."""


class World:
    """A catalog, and all else that a verdict depends on."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.today, self.program = TODAY, PROGRAMS[0]
        self.documents: dict[str, Any] = {}
        self.question: list[str] = []
        self.called = str(folder / "catalog")
        shutil.copytree(home / "policies" / "bundle", folder / "bundle")
        for kind in ("environments", "teams", "vendors"):
            for path in (home / "catalog" / kind).iterdir():
                self.write(f"{kind}/{path.name}", parse(path.read_bytes(), path.name).data)
        for data in SERVICES:
            self.write(f"services/{data['metadata']['name']}.yaml", data)
        backup = waiver("db", "billing", "spec.stores[db].availability", "reliability/database-is-regional")
        self.write("waivers/db.yaml", backup)

    def write(self, path: str, data: Any) -> None:
        file = self.folder / "catalog" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = data if isinstance(data, bytes) else json.dumps(data, indent=1).encode()
        file.write_bytes(text)
        self.documents[path] = data

    def delete(self, path: str) -> None:
        (self.folder / "catalog" / path).unlink()
        del self.documents[path]

    def toggle_guide(self) -> None:
        guide = self.folder / "guide.md"
        if guide.exists():
            guide.unlink()
        else:
            guide.write_text("# Guide\n", "utf-8")

    def change_rule(self, rule: str, **changes: Any) -> None:
        """Changes a rule's metadata; the revision is left alone, which the cache must not rely on."""
        manifest = self._manifest()
        rules = [msgspec.structs.replace(r, **changes) if r.id == rule else r for r in manifest.rules]
        self._write_manifest(msgspec.structs.replace(manifest, rules=tuple(rules)))

    def revise_the_rules(self) -> None:
        """Gives the rules another revision, as an edit of their sources does."""
        self._write_manifest(msgspec.structs.replace(self._manifest(), revision="0" * 64))

    def _manifest(self) -> Manifest:
        return msgspec.json.decode((self.folder / "bundle" / "rules.json").read_bytes(), type=Manifest)

    def _write_manifest(self, manifest: Manifest) -> None:
        (self.folder / "bundle" / "rules.json").write_bytes(msgspec.json.encode(manifest))

    def check(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, report and messages of a check."""
        words = ["--catalog", self.called, "--format", "json", "--today", self.today]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(self.folder / "cache"))
            patch.setattr(in_force, "HOME", self.folder)
            patch.setattr(workspace.Workspace, "new_engine", lambda _: _engine())
            patch.setattr(verdict_cache, "program_digest", lambda: self.program)
            done = CliRunner().invoke(command, [*words, *self.question, *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    def kept(self) -> list[Path]:
        """The files of the cache."""
        return sorted((self.folder / "cache" / "pave" / "verdicts").glob("[0-9a-f]*"))

    def cold(self) -> tuple[int, str, str]:
        return self.check("--no-cache")

    def asked(self) -> int:
        """How many documents the engine is asked about in a check that may use the cache."""
        before = CountedEngine.asked
        self.check()
        return CountedEngine.asked - before


Edit = Callable[[World, Any], None]


def pointers(value: Any, at: Pointer = ()) -> Iterator[Pointer]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in steps:
        yield (*at, step)
        yield from pointers(part, (*at, step))


def without(data: Any, pointer: Pointer) -> Any:
    *above, last = pointer
    container = data
    for step in above:
        container = container[step]
    if isinstance(container, list):
        return put(data, tuple(above), [item for i, item in enumerate(container) if i != last])
    return put(data, tuple(above), {key: item for key, item in container.items() if key != last})


def pool(world: World, pointer: Pointer, data: Any) -> list[Any]:
    """Values that may stand at a pointer: what stands there or under the same name elsewhere, and names."""
    named = pointer[-1]
    found = [data]
    for document in world.documents.values():
        if isinstance(document, dict):
            for at in pointers(document):
                if at[-1] == named or at == ("metadata", "name"):
                    value: Any = document
                    for step in at:
                        value = value[step]
                    found.append(value)
    return found


def set_value(path: str, at: Pointer, value: Any) -> Edit:
    """The edit that writes a value at a place of a document."""
    return lambda world, _: world.write(path, put(world.documents[path], at, value))


def edit_a_value(world: World, data: st.DataObject) -> None:
    path, text = draw_document(world, data)
    pointer = data.draw(st.sampled_from(sorted(pointers(text), key=str)), "where")
    world.write(path, put(text, pointer, data.draw(st.sampled_from(pool(world, pointer, text)), "value")))


def delete_a_value(world: World, data: st.DataObject) -> None:
    path, text = draw_document(world, data)
    world.write(path, without(text, data.draw(st.sampled_from(sorted(pointers(text), key=str)), "where")))


def concern_others(world: World, data: st.DataObject) -> None:
    path, text = draw_document(world, data, "services/")
    world.write(path, put(text, *data.draw(st.sampled_from(ELSEWHERE), "what")))


def draw_document(world: World, data: st.DataObject, folder: str = "") -> tuple[str, Any]:
    paths = sorted(
        p for p, text in world.documents.items() if p.startswith(folder) and isinstance(text, dict)
    )
    path = data.draw(st.sampled_from(paths), "document")
    return path, world.documents[path]


def delete_a_file(world: World, data: st.DataObject) -> None:
    world.delete(draw_document(world, data)[0])


def rename_a_file(world: World, data: st.DataObject) -> None:
    path, text = draw_document(world, data)
    name = data.draw(st.sampled_from(["ledger", "renamed", "portal"]), "name")
    world.delete(path)
    world.write(f"{path.split('/')[0]}/{name}.yaml", put(text, ("metadata", "name"), name))


def copy_a_file(world: World, data: st.DataObject) -> None:
    path, text = draw_document(world, data)
    world.write(f"{path.split('/')[0]}/copy.yaml", text)


def break_a_file(world: World, data: st.DataObject) -> None:
    world.write(draw_document(world, data)[0], b"kind: [")


def move_the_lines(world: World, data: st.DataObject) -> None:
    path, text = draw_document(world, data)
    world.write(path, text)
    file = world.folder / "catalog" / path
    file.write_bytes(b"# A comment\n" + file.read_bytes())


def waive(world: World, data: st.DataObject) -> None:
    service_ = data.draw(st.sampled_from(["portal", "billing", "ledger"]), "service")
    path = data.draw(st.sampled_from(["spec.stores[db].availability", "spec.dependencies[billing]"]), "path")
    rule = data.draw(st.sampled_from(["reliability/database-is-regional", "no/rule"]), "rule")
    world.write("waivers/drawn.yaml", waiver("drawn", service_, path, rule))


def change_the_rules(world: World, data: st.DataObject) -> None:
    changes: dict[str, Any] = data.draw(
        st.sampled_from([{"severity": "info"}, {"level": 5}, {"level": 1}, {"message": "Other words."}])
    )
    world.change_rule("reliability/database-is-regional", **changes)


def let_time_pass(world: World, data: st.DataObject) -> None:
    world.today = data.draw(st.sampled_from(DAYS), "day")


def upgrade(world: World, data: st.DataObject) -> None:
    world.program = data.draw(st.sampled_from(PROGRAMS), "program")


def ask_another_question(world: World, data: st.DataObject) -> None:
    portal = str(world.folder / "catalog" / "services" / "portal.yaml")
    world.question = data.draw(st.sampled_from([[], ["--env", "production"], [portal]]), "question")


EDITS: list[Edit] = [
    *(
        edit_a_value,
        edit_a_value,
        edit_a_value,
        delete_a_value,
        concern_others,
        concern_others,
        delete_a_file,
    ),
    *(
        rename_a_file,
        copy_a_file,
        break_a_file,
        move_the_lines,
        waive,
        change_the_rules,
        let_time_pass,
        upgrade,
    ),
    *(ask_another_question, lambda world, _: world.toggle_guide()),
]
