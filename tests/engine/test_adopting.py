"""CustomersDot, as somebody else once made it by hand, becomes pave's: the real engine imports all of it,
changes none of it, and makes nothing twice."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pave.local_cloud.store import StoredResource
from tests.adopting.exports import (
    Thing,
    asset,
    inventory,
    is_asset,
    listed,
    policy,
    project,
    terraform,
    things,
)
from tests.engine.engine import Done
from tests.engine.road import Road, flat

pytestmark = pytest.mark.engine

STACK = "service.customersdot.production"
PROJECT = "acme-subscriptions-prod"
DATABASE = "gcp:sql/databaseInstance:DatabaseInstance"
FIREWALL = "gcp:compute/firewall:Firewall"
MACHINE = "gcp:compute/instance:Instance"
GRANT = "gcp:projects/iAMMember:IAMMember"
LABELS = ("labels", "userLabels")
TODAY = Path("examples/customersdot-today.yaml")
FILE = Path("adoptions/customersdot.yaml")
SPECS = (TODAY, Path("services/customersdot.yaml"))


class Legacy:
    """A cloud in which CustomersDot runs, and a back end that knows nothing of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.road = Road(folder)
        self.road.edit("migrations/customersdot.yaml", "phase: done", "phase: today")
        self.road.set_secrets(STACK)
        for stack in ("foundation.production", STACK):
            done = self.road.up(stack)
            assert done.code == 0, done.text
        self._held = self.held()
        self._catalog = {
            path: (self.road.catalog / path).read_bytes()
            for path in (TODAY, Path("services/customersdot.yaml"))
        }
        self.begin_anew()

    def held(self) -> list[StoredResource]:
        """What is CustomersDot's, in the cloud."""
        return [each for each in self.road.store.resources() if f":{STACK}::" in each.urn]

    def begin_anew(self) -> None:
        """Nothing of it is known to any state, and the cloud and the catalog are as at first."""
        book = self.road.state / "pulumi" / "backend" / ".pulumi" / "stacks" / "pave"
        for path in book.glob(f"{STACK}.json*"):
            path.unlink()
        for each in self.held():
            self.road.store.delete(each.scope, each.type, each.id)
        for each in self._held:
            self.road.store.insert(each.scope, each.type, each.id, each.urn, each.inputs, each.outputs)
        for path, text in self._catalog.items():
            (self.road.catalog / path).write_bytes(text)
        (self.road.catalog / FILE).unlink(missing_ok=True)

    def change(self, each: StoredResource, inputs: dict[str, object]) -> None:
        self.road.store.update(each.scope, each.type, each.id, inputs, each.outputs)

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return str(path)

    def things(self) -> list[Thing]:
        """All that exists, whoever's it is."""
        return things(self.road.store.resources())

    def exported(self) -> list[str]:
        """What Google's inventory, and a person for what that hasn't, say that exists."""
        found = self.things()
        grants = [each for each in found if each.type == GRANT and each.project == PROJECT]
        assets = [project(PROJECT), *map(asset, filter(is_asset, found)), policy(PROJECT, grants)]
        rest = [each for each in found if not is_asset(each) and each.type != GRANT]
        files = [self.write("assets.json", inventory(assets)), self.write("ids.txt", listed(rest))]
        return [word for file in files for word in ("--from", file)]

    def adopt(self, *words: str) -> Done:
        return self.road.pave("migrate", "adopt", "customersdot", "--today", "2026-11-21", *words)

    def creations(self, since: int) -> list[tuple[str, str, str]]:
        return [each for each in self.road.calls(since) if each[0] == "create"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Legacy]:
    legacy = Legacy(tmp_path_factory.mktemp("legacy"))
    yield legacy
    legacy.road.close()


@pytest.fixture
def legacy(made: Legacy) -> Iterator[Legacy]:
    yield made
    made.begin_anew()


def by_hand(legacy: Legacy) -> None:
    """It is otherwise than pave would make it: another size, an older version, flags, labels of its own."""
    for each in legacy.held():
        inputs = {name: value for name, value in each.inputs.items() if name not in LABELS}
        if each.type == "gcp:monitoring/notificationChannel:NotificationChannel":
            inputs["labels"] = each.inputs["labels"]  # its address
        if each.type == DATABASE:
            settings = {**each.inputs["settings"], "tier": "db-custom-4-15360"}
            settings["userLabels"] = {"app": "cdot"}
            settings["databaseFlags"] = settings["databaseFlags"][:-1]
            inputs |= {"settings": settings, "databaseVersion": "POSTGRES_13"}
        if each.type == MACHINE:
            inputs |= {"machineType": "n2-highmem-16", "tags": ["http-server"]}
        legacy.change(each, inputs)


def test_all_of_it_is_taken_over_as_it_is_and_nothing_is_made_twice(legacy: Legacy) -> None:
    by_hand(legacy)
    road, before = legacy.road, legacy.road.last_call()
    was = {(each.type, each.id): each.inputs for each in legacy.held()}

    done = legacy.adopt(*legacy.exported(), "--format", "json")
    assert done.code == 0, done.text
    report = json.loads(done.out)
    assert report["proof"] == "no-op"
    assert report["gate"] == "allowed"
    assert len(report["taken"]) == len(was)
    assert {(each["path"], each["before"], each["after"]) for each in report["edits"]} == {
        ("spec.stores[db].version", "14", "13"),
        ("spec.stores[db].size", "large", "medium"),
        *(
            (f"spec.workloads[{each}].vm.machineType", "n2-standard-8", "n2-highmem-16")
            for each in ("web", "jobs", "billing-clock")
        ),
    }
    kept = {each["name"]: {one["path"]: one["is"] for one in each["kept"]} for each in report["taken"]}
    assert kept["customersdot-db-g1"].keys() == {"settings.databaseFlags", "settings.userLabels"}
    assert kept["customersdot-db-g1"]["settings.userLabels"] == {"app": "cdot"}
    assert report["created"] == report["refused"] == report["asked"] == report["differing"] == []
    assert legacy.creations(before) == []

    shown = road.pave("preview", STACK)
    assert f"{len(was)} to import, 0 unchanged" in shown.text, shown.text
    up = road.up(STACK)
    assert up.code == 0, up.text
    assert f"{len(was)} done, 0 failed" in up.text
    again = road.up(STACK)
    assert again.code == 0
    assert "Nothing to do." in again.text
    assert road.calls(before) == [], "nothing was made, changed or deleted"
    assert {(each.type, each.id): each.inputs for each in legacy.held()} == was
    assert road.pave("drift", STACK).code == 0

    text = (road.catalog / FILE).read_text("utf-8")
    (road.catalog / FILE).write_text(re.sub(r"\n *keeps: \[\{path: labels\}\]", "", text, count=1), "utf-8")
    released = road.pave("preview", STACK)
    assert "1 to update" in released.text
    assert re.search(r"labels: \(none\) → ", released.text), released.text


def test_what_terraform_manages_is_handed_over_under_its_own_names(legacy: Legacy) -> None:
    found = things(legacy.held())
    mark = {"goog-terraform-provisioned": "true"}
    managed = [
        each._replace(inputs={**each.inputs, "labels": mark}) for each in found if "labels" in each.inputs
    ]
    rest = [each for each in found if "labels" not in each.inputs]
    file = legacy.write("terraform.tfstate", terraform([*managed, *rest]))
    done = legacy.adopt("--from", file)
    assert done.code == 0, done.text
    assert "PROVEN" in done.text
    assert "terraform state rm 'module.shop.google_compute_instance.it[" in done.text
    assert "will be created" not in done.text


def test_a_database_of_another_name_is_asked_about_and_then_taken_by_it(legacy: Legacy) -> None:
    for each in legacy.held():
        if each.type.startswith("gcp:sql/"):
            legacy.road.delete_behind(each)
            new = json.loads(json.dumps(each.inputs).replace("customersdot-db-g1", "prdsub-db"))
            id_ = each.id.replace("customersdot-db-g1", "prdsub-db")
            legacy.road.store.insert(each.scope, each.type, id_, each.urn, new, each.outputs)
    id_ = f"projects/{PROJECT}/instances/prdsub-db"
    asked = legacy.adopt(*legacy.exported())
    assert asked.code == 3, asked.text
    assert f"is it `customersdot-db-g1`? --as customersdot-db-g1={id_} takes it over" in flat(asked.text)
    assert not (legacy.road.catalog / FILE).exists()

    before = legacy.road.last_call()
    done = legacy.adopt(*legacy.exported(), "--as", f"customersdot-db-g1={id_}", "--format", "json")
    assert done.code == 0, done.text
    report = json.loads(done.out)
    ids = {each["name"]: each["id"] for each in report["taken"]}
    assert ids["customersdot-db-g1-customersdot"] == f"{id_}/databases/customersdot"
    assert report["created"] == []
    assert len(report["mentions"]) == 2, "grants name it in their conditions"
    assert legacy.road.up(STACK).code == 0
    assert legacy.road.calls(before) == []


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ({"service": "portal"}, "it is another service's: its label says service=portal"),
        ({"stack": "service_portal_production"}, "it is another stack's"),
        ({"goog-terraform-provisioned": "true"}, "Terraform manages it"),
    ],
)
def test_a_stranger_s_is_refused_by_its_owner_s_name_and_nothing_is_written(
    legacy: Legacy, mark: dict[str, str], words: str
) -> None:
    machine = next(each for each in legacy.held() if each.type == MACHINE)
    files = legacy.exported()  # which are older than that mark
    legacy.change(machine, {**machine.inputs, "labels": mark})
    before = legacy.road.last_call()
    done = legacy.adopt(*files)
    assert done.code == 1, done.text
    assert words in flat(done.text)
    assert "Nothing is written" in done.text
    assert not (legacy.road.catalog / FILE).exists()
    assert legacy.road.calls(before) == []


def test_what_another_stack_makes_is_refused_though_a_person_says_that_it_is_ours(legacy: Legacy) -> None:
    theirs = next(
        each.id
        for each in legacy.road.store.resources()
        if each.type == FIREWALL and f":{STACK}::" not in each.urn
    )
    file = legacy.write("ids.txt", f"google_compute_firewall {theirs}\n")
    done = legacy.adopt("--from", file, "--as", f"customersdot-vm={theirs}")
    assert done.code == 1, done.text
    assert "it is foundation.production's: the catalog says that it makes it" in flat(done.text)


def test_what_a_file_says_and_the_cloud_hasn_t_is_said(legacy: Legacy) -> None:
    files = legacy.exported()
    machine = next(each for each in legacy.held() if each.type == MACHINE)
    legacy.road.delete_behind(machine)
    done = legacy.adopt(*files)
    assert done.code == 1
    assert "it can't be read" in done.text
    assert "does not exist" in done.text


def test_what_isn_t_there_will_be_created_and_is_listed(legacy: Legacy) -> None:
    for each in legacy.held():
        if each.type.startswith("gcp:monitoring/"):
            legacy.road.delete_behind(each)
    done = legacy.adopt(*legacy.exported())
    assert done.code == 0, done.text
    assert "changes nothing of what is there, and creates 3" in flat(done.text)
    assert "+ monitoring AlertPolicy customersdot-all" in done.text


def test_a_look_writes_nothing_and_shows_what_it_would(legacy: Legacy) -> None:
    done = legacy.adopt(*legacy.exported(), "--diff")
    assert done.code == 0, done.text
    assert "+++ b/" in done.out
    assert "+kind: Adoption" in done.out
    assert not (legacy.road.catalog / FILE).exists()
