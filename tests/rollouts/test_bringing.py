"""A new image for workloads whose image the pipeline owns: what is asked about each, and that nothing
is done to any where one is refused."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from pave.refused import Refused
from pave.rollouts.asked import AskedRollouts
from pave.rollouts.bringing import Release, bring
from pave.rollouts.deciding import PersonsWord
from stacks.rollouts.objects import RolloutObjects
from stacks.rollouts.reading import workloads
from tests.rollouts.recordings import at, recorded
from tests.rollouts.served import DIGESTS

SPEC = """\
apiVersion: pave/v1
kind: Service
metadata: {{name: two, owner: workplace}}
spec:
  tier: internal
  stage: beta
  workloads:
    - {{name: web, image: "{image}", imageOwner: pipeline}}
    - {{name: api, kind: worker, image: "{image}", imageOwner: pipeline}}
  stores: [{{name: db, kind: postgres}}]
"""
WORD = PersonsWord("jane@acme.example", "2026-11-21T10:00:00Z", "a release")


def two() -> RolloutObjects:
    """The workload `web` took the second image back by itself; all copies of `api` are of it."""
    one = recorded("undone-by-itself")
    text = json.dumps([one.rollouts, one.replica_sets]).replace('"web', '"api').replace("web-", "api-")
    uid = one.rollouts[0]["metadata"]["uid"]
    rollouts, sets = json.loads(text.replace(uid, "of-api"))
    status: dict[str, Any] = rollouts[0]["status"]
    status |= {"abort": False, "stableRS": status["currentPodHash"], "phase": "Healthy"}
    return one._replace(
        rollouts=[*copy.deepcopy(one.rollouts), *rollouts], replica_sets=[*one.replica_sets, *sets]
    )


class Cluster:
    """Nobody changes anything there."""

    server = "https://a-cluster"

    def __init__(self) -> None:
        self.changed: list[Any] = []

    def make(self, changes: Any, *, dry_run: bool) -> None:
        assert dry_run
        self.changed += changes


@pytest.fixture
def asked(shipped: Path, tmp_path: Path) -> AskedRollouts:
    folder = Path(shutil.copytree(shipped, tmp_path / "catalog"))
    (folder / "services" / "two.yaml").write_text(SPEC.format(image=DIGESTS["1"]))
    catalog = load(folder)
    service = service_at(catalog, "two", "production")
    assert isinstance(service, Service), service
    cluster: Any = Cluster()
    return AskedRollouts(service, cluster, two(), workloads(two(), at(recorded("undone-by-itself"))), catalog)


def refusals(asked: AskedRollouts, digit: str, *names: str, stores: tuple[str, ...] = ()) -> dict[str, str]:
    release = Release(DIGESTS[digit], stores, WORD, None)
    found = bring(asked, names, release, lambda images, _: dict.fromkeys(images, "ok"), {}, yes=False)
    return {name: each.refused or "" for name, each in found.items()}


def test_what_ran_in_another_workload_is_no_rollback_of_this_one(asked: AskedRollouts) -> None:
    found = refusals(asked, "2")
    assert "gets nothing new since" in found["web"]
    assert found["api"] == ""
    assert vars(asked.cluster)["changed"] == []


def test_a_rollback_of_the_frozen_one_passes(asked: AskedRollouts) -> None:
    assert refusals(asked, "1", "web") == {"web": ""}


@pytest.mark.parametrize(
    "image",
    ["app:1", "app@sha256:zz", f"@sha256:{'1' * 64}", f"App@sha256:{'1' * 64}", f"app@sha256:{'1' * 63}", ""],
)
def test_what_is_no_image_by_its_digest_goes_nowhere(asked: AskedRollouts, image: str) -> None:
    release = Release(image, (), WORD, None)
    with pytest.raises(Refused, match="is no image by its digest"):
        bring(asked, (), release, lambda images, _: dict.fromkeys(images, "ok"), {}, yes=True)


def test_a_database_that_the_service_does_not_have_is_refused(asked: AskedRollouts) -> None:
    with pytest.raises(Refused, match="There is no database `dbs` of two"):
        refusals(asked, "3", "api", stores=("dbs",))
    assert refusals(asked, "3", "api", stores=("db",)) == {"api": ""}
