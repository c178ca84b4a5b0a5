"""What is left over: stacks without specs, and resources of no stack; and which stack a name means."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.loader import load
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.target import AskedCloud, Target
from pave.delivery.left_over import (
    advice,
    known_stack,
    left_over,
    of_service,
    one_place,
    stack_there,
    stack_to_judge,
)
from pave.delivery.reports import DriftReport
from pave.delivery.unmanaged import Unmanaged, unmanaged
from pave.local_cloud.store import CloudStore, store_file
from pave.planning.decide import stack_named
from pave.refused import Refused
from pave.workspace import Workspace
from stacks.providers.cluster import KEY_RING
from tests.command import pave

THERE = {"foundation.production", "service.lunch-menu.production", "service.gone.production"}
RECORD = "gcp:dns/recordSet:RecordSet"


@pytest.fixture
def work(shipped: Path) -> Workspace:
    return Workspace(shipped, date(2026, 11, 21))


def test_a_stack_without_specs_is_left_over_and_says_what_to_do(shipped: Path) -> None:
    catalog = load(shipped)
    (name,) = left_over(catalog, THERE)
    assert name == "service.gone.production"
    said = advice(CommandLine(name, Path("catalog"), AskedCloud("local", Path("else where"))))
    assert f"`pave destroy {name} --state 'else where'`" in said
    assert f"`pave drift {name} --state 'else where'`" in said
    assert "put it back" in said
    assert str(known_stack(catalog, name, THERE)) == name
    assert [of_service(said, [name]) for said in ("gone", name, "go", "gone.production")] == [
        *([name], [name], []),
        [],
    ]


def test_a_left_over_stack_is_recovered_by_its_name_or_its_services(work: Workspace) -> None:
    for said in ("gone", "service.gone.production"):
        assert str(stack_there(work, said, None, THERE)) == "service.gone.production"
    with pytest.raises(Refused, match="no service `nobody`"):
        stack_there(work, "nobody", None, THERE)
    two = {*THERE, "service.gone.staging"}
    with pytest.raises(Refused, match=r"gone is 2 stacks\. Say which, or give --env:"):
        stack_there(work, "gone", None, two)
    assert str(stack_there(work, "gone", "staging", two)) == "service.gone.staging"


@pytest.mark.parametrize("left", ["service.usage-api.canary", "service.lunch-menu.production"])
def test_what_is_there_never_decides_which_of_a_services_stacks_is_meant(work: Workspace, left: str) -> None:
    with pytest.raises(Refused, match=r"usage-api is 3 stacks\. Say which, or give --env:"):
        stack_there(work, "usage-api", None, {left})
    assert str(stack_there(work, "usage-api", "staging", {left})) == "service.usage-api.staging"


@pytest.mark.parametrize("verb", ["up", "destroy", "drift", "recover", "preflight", "secrets status"])
def test_every_command_that_means_one_stack_asks_which_and_takes_an_environment(
    home: Path, tmp_path: Path, verb: str
) -> None:
    where = {"PULUMI_BACKEND_URL": tmp_path.as_uri(), "PAVE_SECRETS_PROVIDER": "passphrase"}
    asked = pave(home, *verb.split(), "usage-api", "--cloud", "gcp", "--state", str(tmp_path), **where)
    assert asked.exit_code == 2
    assert "usage-api is 3 stacks. Say which, or give --env:" in asked.stderr
    assert "  service.usage-api.staging.load-test" in asked.stderr
    assert "--env NAME" in pave(home, *verb.split(), "--help").output


def test_a_service_in_several_places_has_to_be_told_where(work: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        one_place(work, "usage-api", None)
    listed = [f"  service.usage-api.{place}" for place in ("production", "staging", "staging.load-test")]
    assert str(refused.value).splitlines()[1:] == listed
    assert str(one_place(work, "usage-api", "staging")) == "service.usage-api.staging"
    assert str(one_place(work, "service.usage-api.staging", None)) == "service.usage-api.staging"
    assert one_place(work, "lunch-menu", None) == stack_named(work, "lunch-menu", None)


def test_what_is_left_over_is_a_finding() -> None:
    def code(**left: object) -> int:
        known: dict[str, Any] = {"unlisted": [], **left}
        return DriftReport(cloud="local", stacks=[], absent=[], **known).exit_code

    assert code() == code(unmanaged=[]) == 0
    assert code(unlisted=["service.gone.production"]) == 1
    assert code(unmanaged=[Unmanaged(RECORD, "an-id")]) == 1


def test_a_resource_that_no_stack_has_is_found_where_the_cloud_can_be_listed(tmp_path: Path) -> None:
    state, back_end = tmp_path / "cloud", tmp_path / "backend"
    states = back_end / ".pulumi" / "stacks" / "pave"
    for folder in (state, states):
        folder.mkdir(parents=True)
    store = CloudStore(store_file(state), lambda: datetime.now(UTC))
    for id_ in ("ours", "by-hand"):
        store.insert("a-project", RECORD, id_, "urn", {}, {})
    store.insert("a-project", KEY_RING, "whoever-s", "urn", {}, {})  # nobody can delete it
    store.close()
    latest = {"resources": [{"type": RECORD, "id": "ours", "urn": "urn"}]}
    (states / "foundation.production.json").write_text(json.dumps({"checkpoint": {"latest": latest}}))
    target = Target("local", tmp_path, back_end.as_uri(), "passphrase", {}, state)
    assert unmanaged(target, ["foundation.production"]) == [Unmanaged(RECORD, "by-hand")]
    assert unmanaged(target, ["foundation.production", "service.unreadable.production"]) is None
    assert unmanaged(target._replace(state=None), []) is None


def test_no_cloud_is_made_to_look_for_what_is_left_over(tmp_path: Path, work: Workspace) -> None:
    with pytest.raises(Refused, match="no service `nobody`"):
        stack_to_judge(work, "nobody", None, AskedCloud("local", tmp_path / "none"), is_one=True)
    assert not (tmp_path / "none").exists()
