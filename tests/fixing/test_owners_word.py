"""The law of `pave fix`: after it, everything that only an owner can make true is as it was."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.document import Document
from catalog.editing.edit import put
from catalog.loader import Catalog, load
from catalog.owners_word import owners_word
from catalog.yaml.parsed import Pointer
from catalog.yaml.text import parse
from pave.fixing.mender import Mender
from pave.fixing.mending import Mending
from pave.fixing.rejudging import StandingJudge
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from tests.conftest import HOME
from tests.policies.generated import Generator, places

FIXTURES = sorted((HOME / "policies" / "rules").glob("*/*/failing.yaml"))
HOSTILE = sorted((HOME / "tests" / "hostile").glob("*.yaml"))
SEED = 20261121
SAMPLES = 100

WRITTEN = {
    *{"spec.alerting.minimumRequests", "spec.cluster.nodesPerZone.max", "spec.endpoints[].weight"},
    *{"spec.dns.dnssec", "spec.dns.ttlSeconds", "spec.protected"},
    *{"spec.edge.hstsSeconds", "spec.edge.tls.minimum", "spec.edge.tls.profile"},
    *{"spec.edge.waf.mode", "spec.edge.waf.profile", "spec.edge.waf.sensitivity"},
    *{"spec.endpoints[].rateLimit.action", "spec.endpoints[].rateLimit.mode"},
    *{"spec.stores[].access", "spec.stores[].authentication", "spec.stores[].availability"},
    *{"spec.stores[].audit", "spec.stores[].backup.keptAfterDeletionDays"},
    *{"spec.stores[].backup.enabled", "spec.stores[].backup.logDays", "spec.stores[].backup.pointInTime"},
    *{"spec.stores[].backup.retained", "spec.stores[].diskAutoresize", "spec.stores[].edition"},
    *{"spec.stores[].encryption", "spec.stores[].maintenance.hour", "spec.stores[].maxConnections"},
    *{"spec.stores[].retentionDays", "spec.stores[].runtime", "spec.stores[].size"},
    *{"spec.stores[].softDeleteDays"},
    *{"spec.workloads[].cpuTargetPercent", "spec.workloads[].replicas.max", "spec.workloads[].replicas.min"},
    *{"spec.workloads[].shutdownSeconds", "spec.workloads[].singleLeader"},
    *{"spec.workloads[].vm.publicAddress"},
}
"""All that is ever written. Before a field is added here: does the platform make it true?"""

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


@pytest.fixture(scope="module")
def judge(bundle: Bundle, today: date) -> StandingJudge:
    engine = EmbeddedEngine(bundle)
    return StandingJudge(lambda: engine, bundle.rules, today)


@pytest.fixture
def mend(judge: StandingJudge, bundle: Bundle) -> Callable[[Catalog, list[str]], set[str]]:
    """Mends documents, holds the law, and gives the fields that were written."""

    def run(catalog: Catalog, paths: list[str]) -> set[str]:
        done = Mender(catalog, judge, paths, bundle.rules).mend(None)
        for path, document in done.documents.items():
            assert changed_words(catalog.file(path), document) == []
        return fields_of(done)

    return run


def fields_of(done: Mending) -> set[str]:
    return {re.sub(r"\[[^]]*\]", "[]", fix.finding.path) for fix in done.fixes}


def changed_words(before: Document, after: Document) -> list[tuple[Pointer, Any]]:
    """Whatever differs and was the owner's word. What has moved off a machine in the meantime is
    the platform's: so the moves are taken as given."""
    changed = [(at, value) for at, value in values(after.data) if list(said(before.data, at)) != [value]]
    moved = before.data
    for pointer, value in changed:
        if pointer[-1] == "runtime":
            moved = put(moved, pointer, value)
    return [(at, value) for at, value in changed if owners_word(moved, at, value)]


def values(data: Any) -> Iterator[tuple[Pointer, Any]]:
    """All that a document says, without what is only a mapping or a list of more."""
    for pointer in places(data):
        (value,) = said(data, pointer)
        if not isinstance(value, dict | list):
            yield pointer, value


def said(data: Any, pointer: Pointer) -> Iterator[Any]:
    """What stands at a place of a document, if anything does."""
    for step in pointer:
        inside = step in data if isinstance(data, dict) else isinstance(data, list) and int(step) < len(data)
        if not inside:
            return
        data = data[step]
    yield data


def of_fixtures(folder: Path, tmp_path: Path) -> tuple[Catalog, list[str]]:
    """A rule's failing document among the shipped catalog, with the others of its folder."""
    paths = []
    for fixture in sorted(folder.glob("*.yaml")):
        if fixture.name != "passing.yaml":
            text = fixture.read_bytes()
            name = parse(text, fixture.name).data["metadata"]["name"]
            paths.append(tmp_path / f"{name}.yaml")
            paths[-1].write_bytes(text)
    catalog = load(HOME / "catalog", paths)
    return catalog, mendable(catalog, [catalog.shown(path) for path in paths])


def mendable(catalog: Catalog, paths: list[str]) -> list[str]:
    known = {
        document.path for kind in ("Service", "Environment") for document in catalog.documents[kind].values()
    }
    return [path for path in paths if path in known]


def test_no_fix_of_a_rules_own_example_writes_what_only_an_owner_can_make_true(
    mend: Callable[..., set[str]], tmp_path: Path
) -> None:
    written = set()
    for number, fixture in enumerate(FIXTURES):
        folder = tmp_path / str(number)
        folder.mkdir()
        written |= mend(*of_fixtures(fixture.parent, folder))
    assert written <= WRITTEN
    assert len(written) > len(WRITTEN) / 2


def test_no_fix_of_a_shipped_document_does(mend: Callable[..., set[str]]) -> None:
    catalog = load(HOME / "catalog", sorted((HOME / "catalog" / "examples").glob("*.yaml")))
    everything = [each.path for kind in catalog.documents.values() for each in kind.values()]
    assert mend(catalog, mendable(catalog, everything)) <= WRITTEN


def test_no_fix_of_a_hostile_document_does(mend: Callable[..., set[str]], tmp_path: Path) -> None:
    for number, hostile in enumerate(HOSTILE):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "hostile.yaml"
        path.write_bytes(hostile.read_bytes())
        catalog = load(HOME / "catalog", [path])
        assert mend(catalog, mendable(catalog, [catalog.shown(path)])) <= WRITTEN


@pytest.mark.slow
def test_no_fix_of_a_document_that_nobody_wrote_does(
    mend: Callable[..., set[str]], bundle: Bundle, tmp_path: Path
) -> None:
    generator = Generator(SEED, tmp_path, bundle.rules)
    texts = [*generator.shipped, *(failing for failing, _ in generator.fixtures.values())]
    written: set[str] = set()
    for each in generator.dice.sample(texts, SAMPLES):
        document = generator.sample(each).judged.document
        written |= mend(generator.catalog, [document.path])
    assert written <= WRITTEN
    assert len(written) > len(WRITTEN) / 2
