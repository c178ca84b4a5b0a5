"""A catalog is read whole: what is broken is named, and hides nothing else."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog.document import Document
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import Catalog, assemble, load
from catalog.reading import Reading, examine, files_of
from catalog.stores.database import Database
from catalog.yaml.parsed import Pointer, Unusable
from catalog.yaml.text import data_of, parse
from tests.shipped import NAMED_BY_SERVICES

SHIPPED = Path(__file__).parents[2] / "catalog"
IMAGE = "us-docker.pkg.dev/acme-registry/portal/app@sha256:" + "0" * 64
PORTAL = f"""apiVersion: pave/v1
kind: Service
metadata: {{name: portal, owner: platform}}
spec:
  tier: standard
  stage: ga
  workloads:
    - name: web
      image: {IMAGE}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in NAMED_BY_SERVICES:
        shutil.copytree(SHIPPED / folder, tmp_path / folder)
    (tmp_path / "services").mkdir()
    return tmp_path


def write(root: Path, text: str, name: str = "portal.yaml") -> Catalog:
    (root / "services" / name).write_text(text, "utf-8")
    return load(root)


def service(catalog: Catalog, name: str = "portal", environment: str = "production") -> Service:
    found = service_at(catalog, name, environment)
    assert isinstance(found, Service), found
    return found


def said(catalog: Catalog, name: str = "portal", environment: str = "production") -> list[str]:
    found = service_at(catalog, name, environment)
    assert isinstance(found, list)
    return [str(problem) for problem in found]


def test_the_shipped_catalog_has_no_problems() -> None:
    catalog = load(SHIPPED)
    assert (catalog.problems, catalog.unusable) == ([], [])
    for name in catalog.documents["Service"]:
        for environment in places_of(catalog, name):
            assert isinstance(service_at(catalog, name, environment), Service)


def test_the_shortest_spec_is_highly_available_by_default(root: Path) -> None:
    spec = service(write(root, PORTAL)).spec
    assert len(PORTAL.splitlines()) <= 10
    assert (spec.availability.target, spec.alerting.windows) == (99.5, ["1h", "6h"])
    assert spec.endpoints[0].paths == ["/*"]
    assert (spec.edge.waf.profile, spec.edge.tls.profile) == ("baseline", "modern")
    assert spec.rollout.rollback == "automatic"


def test_a_broken_file_hides_no_other(root: Path) -> None:
    (root / "services" / "a.yaml").write_text("a: [", "utf-8")
    (root / "services" / "b.yaml").write_text("kind: Service\n", "utf-8")
    (root / "services" / "c.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    catalog = write(root, PORTAL)
    assert [error.path for error in catalog.unusable] == ["services/a.yaml", "services/c.yaml"]
    assert {problem.document for problem in catalog.problems} == {"services/b.yaml"}
    assert service(catalog).name == "portal"


def test_all_schema_errors_come_at_once_each_with_its_place_and_a_hint(root: Path) -> None:
    text = PORTAL.replace("stage: ga", "stage: gaa\n  availabilty: {target: 99}").replace(
        "tier: standard\n", "tier: 3\n"
    )
    assert [str(problem) for problem in write(root, text).problems] == [
        "services/portal.yaml:5:9: `tier` is 3. Write one of critical, standard, internal.",
        'services/portal.yaml:6:10: `stage` is "gaa". Write one of experiment, beta, ga. Did you mean `ga`?',
        "services/portal.yaml:7:3: Unknown field `availabilty`. Did you mean `availability`?",
    ]


def test_a_missing_field_is_said_at_the_key_that_lacks_it(root: Path) -> None:
    text = PORTAL.replace(f"\n      image: {IMAGE}", "")
    assert [str(p) for p in write(root, text).problems] == [
        (
            "services/portal.yaml:8:7: This item lacks the field `image`. Add `image:`, such as "
            '"us-docker.pkg.dev/acme/apps/portal@sha256:00000000000000…".'
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "owner: platform",
            "owner: platfrom",
            "3:33: There is no team `platfrom` in the catalog. Did you mean `platform`?",
        ),
        ("      image", "      size: huge\n      image", "9:13: There is no size `huge` in production."),
        (
            "  workloads",
            "  endpoints: [{name: all, paths: [/*], workload: wbe}]\n  workloads",
            "7:50: `wbe` is not a web workload of this service. Write one of: web.",
        ),
        (
            "  workloads",
            "  endpoints: [{name: a, paths: [/x]}, {name: b, paths: [/x]}]\n  workloads",
            "7:57: `/x` already belongs to the endpoint `a`.",
        ),
        (
            "  workloads",
            "  dependencies: [{name: bill, vendor: zuroa}]\n  workloads",
            "7:39: There is no vendor `zuroa` in the catalog. Did you mean `zuora`?",
        ),
        (
            "      image",
            "      liveness: {checks: [zuora]}\n      image",
            "9:27: There is no store or dependency `zuora`",
        ),
        ("      image", "      replicas: {min: 5, max: 3}\n      image", "9:23: `min` is 5, above `max`, 3."),
        (
            "  workloads",
            "  rollout: {steps: [50, 5, 100]}\n  workloads",
            "7:13: The steps of a rollout rise and end at 100.",
        ),
        (
            "  workloads",
            "  environments: [{name: prod}]\n  workloads",
            "There is no environment `prod` in the catalog. Did you mean `production`?",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_said_at_its_place(
    root: Path, old: str, new: str, message: str
) -> None:
    catalog = write(root, PORTAL.replace(old, new, 1))
    assert catalog.problems == []
    environment = places_of(catalog, "portal")[0]
    assert any(message in line for line in said(catalog, environment=environment))


def test_of_two_parts_with_one_name_nothing_else_is_asked(root: Path) -> None:
    stores = "  stores: [{name: db, kind: postgres}, {name: db, kind: redis, size: no}]\n  workloads"
    (problem,) = write(root, PORTAL.replace("  workloads", stores, 1)).problems
    assert (problem.line, problem.column, problem.message) == (7, 47, "`db` stands twice in stores.")


def test_the_file_is_called_what_it_describes(root: Path) -> None:
    catalog = write(root, PORTAL, "other.yaml")
    assert [problem.rule for problem in catalog.problems] == ["catalog/file-name"]


def test_a_file_beside_the_catalog_may_be_called_anything(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    beside = tmp_path_factory.mktemp("fixtures") / "failing.yaml"
    beside.write_text(PORTAL)
    catalog = load(root, [beside])
    assert catalog.problems == []
    assert catalog.documents["Service"]["portal"].path == catalog.shown(beside)


def test_an_override_merges_by_field_and_by_name_and_keeps_its_origin(root: Path) -> None:
    text = PORTAL + (
        "  stores: [{name: db, kind: postgres}]\n"
        "  environments:\n"
        "    - name: production\n"
        "    - name: staging\n"
        "      override:\n"
        "        availability: {target: 99.1}\n"
        "        stores: [{name: db, diskGb: 11}, {name: cache, kind: redis}]\n"
    )
    catalog = write(root, text)
    staging, production = service(catalog, environment="staging"), service(catalog)
    assert (staging.spec.availability.target, production.spec.availability.target) == (99.1, 99.5)
    db, cache = staging.spec.stores
    assert isinstance(db, Database)
    assert (db.disk_gb, cache.name) == (11, "cache")
    assert [store.name for store in production.spec.stores] == ["db"]
    origin = staging.origin("spec", "stores", 0, "diskGb")
    assert (origin.pointer, origin.written) == ("/spec/environments/1/override/stores/0/diskGb", True)
    assert staging.origin("spec", "stores", 1).pointer == "/spec/environments/1/override/stores/1"
    assert staging.origin("spec", "stores", 0, "kind").pointer == "/spec/stores/0/kind"


def test_an_override_that_breaks_the_schema_is_said_once_at_its_environment(root: Path) -> None:
    text = PORTAL + "  environments: [{name: staging, override: {stores: [{name: cache}]}}]\n"
    catalog = write(root, text)
    assert said(catalog, environment="staging") == [
        (
            "services/portal.yaml:10:25: With the override for staging: "
            "This item lacks the field `kind`. Add `kind:`, such as postgres."
        )
    ]


def test_a_default_points_at_its_nearest_written_ancestor(root: Path) -> None:
    found = service(write(root, PORTAL))
    origin = found.origin("spec", "workloads", 0, "cpuTargetPercent")
    assert (origin.document, origin.written) == ("services/portal.yaml", False)
    mark, written = found.document.mark(("spec", "workloads", 0, "cpuTargetPercent"))
    assert (mark.line, mark.column, written) == (8, 7, False)


def test_the_order_in_which_files_are_read_changes_nothing(root: Path) -> None:
    shutil.copytree(SHIPPED / "services", root / "services", dirs_exist_ok=True)
    forward = load(root)
    backward = Catalog(root)
    for path in sorted(root.rglob("*.yaml"), reverse=True):
        backward.add(path)
    for name in forward.documents["Service"]:
        assert service(forward, name).data == service(backward, name).data


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10.0.0.0/20", "10.0.0.5/20", "`10.0.0.5/20` is no address range. Write 10.0.0.0/20."),
        ("10.0.0.0/20", "999.1.1.1/20", "`999.1.1.1/20` is no address range. Write it like 10.0.0.0/20."),
        (
            "10.8.0.0/20",
            "10.4.0.0/20",
            "The ranges of pods, 10.4.0.0/14, and services, 10.4.0.0/20, overlap.",
        ),
    ],
)
def test_an_impossible_address_range_is_said_at_its_place(
    root: Path, old: str, new: str, message: str
) -> None:
    path = root / "environments" / "production.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    catalog = write(root, PORTAL)
    assert [str(problem).split(": ", 1)[1].split(" Give")[0] for problem in catalog.problems] == [message]
    assert catalog.find(Environment, "production") is None


def test_a_document_made_of_data_alone_points_where_one_that_was_parsed_does() -> None:
    path = SHIPPED / "services" / "customersdot.yaml"
    parsed = parse(path.read_bytes(), "services/customersdot.yaml")
    whole = Document("services/customersdot.yaml", path.read_bytes(), parsed)
    alone = Document("services/customersdot.yaml", path.read_bytes(), parsed.data)
    absent: list[Pointer] = [("spec", "nothing"), ("spec", 0), ("spec", "workloads", 99), ("kind", "x")]
    for pointer in [*parsed.values, *absent]:
        assert alone.says(pointer) == whole.says(pointer) == (pointer in parsed.values)
    assert [alone.mark(at) for at in [*parsed.values, *absent]] == [
        whole.mark(at) for at in [*parsed.values, *absent]
    ]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_data_read_alone_is_what_is_parsed(path: Path) -> None:
    assert data_of(path.read_bytes(), path.name) == parse(path.read_bytes(), path.name).data


def test_data_read_alone_is_refused_with_the_same_words() -> None:
    said = set()
    for read in (data_of, parse):
        with pytest.raises(Unusable) as caught:
            read(b"a: {b: 1}\na: 2\n", "services/twice.yaml")
        said.add(str(caught.value))
    assert len(said) == 1


@pytest.mark.parametrize(
    "text", [PORTAL, PORTAL.replace("ga", "gaa"), PORTAL.replace("ga", "[ga"), "kind: X"]
)
def test_what_a_file_says_can_be_written_down_and_read_again(root: Path, text: str) -> None:
    (root / "services" / "portal.yaml").write_text(text, "utf-8")
    files = list(files_of(root))
    readings = [examine(file) for file in files]
    again = [msgspec.msgpack.decode(msgspec.msgpack.encode(reading), type=Reading) for reading in readings]
    assert again == readings
    fresh, kept = load(root), assemble(root, files, again)
    assert (fresh.problems, list(map(str, fresh.unusable))) == (kept.problems, list(map(str, kept.unusable)))
    assert [list(named) for named in fresh.documents.values()] == [list(n) for n in kept.documents.values()]


def test_a_folder_that_can_not_be_looked_into_is_an_unusable_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, PORTAL)
    closed, real = root / "services", os.scandir

    def scandir(path: str) -> Any:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    catalog = load(root)
    assert [(error.path, error.what) for error in catalog.unusable] == [
        ("services", "can't be read: Permission denied.")
    ]


def test_a_field_that_can_not_be_overridden_is_named_at_its_place(root: Path) -> None:
    over = (
        "  environments:\n    - name: staging\n      override: {rollout: {soakMinutes: 5}, tier: critical}\n"
    )
    assert [str(problem) for problem in write(root, PORTAL + over).problems] == [
        "services/portal.yaml:12:51: `tier` can't be set here. Remove it."
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- name: web", "- name: web\n      cpu: 500m", "Write a number, such as 0.5."),
        ("- name: web", "- name: web\n      replicas: 3", "Write a mapping, such as {min: 3, max: 6}."),
        ("owner: platform", "owner: 7", "Write a string, such as"),
        ("- name: web", "- name: web\n      shutdownSeconds: soon", "Write a whole number, such as"),
    ],
)
def test_a_value_of_another_type_is_told_which_to_write(root: Path, old: str, new: str, said: str) -> None:
    [problem] = write(root, PORTAL.replace(old, new, 1)).problems
    assert problem.fix.startswith(said)
