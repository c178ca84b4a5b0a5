"""What `pave preflight` asks of a stack, on the local cloud."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from catalog.loader import load
from components.design.naming import OWNER
from pave.delivery.stated import state_projects
from pave.local_cloud.store import CloudStore, store_file
from pave.preflight.asking import answers
from pave.preflight.describing import describe_preflight
from pave.preflight.local_project import LocalProject
from pave.preflight.model import ManagedResource, PlannedStack, PreflightFinding, PreflightReport, Referral
from stacks.plan import Plan, record_stack
from stacks.providers.cluster import KEY_RING
from stacks.providers.edge import RECORD, ZONE
from stacks.providers.ownership import owner_of
from stacks.stack import parse_stack
from tests.repository import HOME

STACK = "foundation.production"
PROJECT = "acme-subscriptions-prod"
NETWORK = "gcp:compute/network:Network"
POOL = "gcp:container/nodePool:NodePool"


@pytest.fixture(scope="module")
def plan() -> Plan:
    catalog = load(HOME / "catalog")
    return record_stack(catalog, parse_stack(STACK, catalog))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CloudStore]:
    made = CloudStore(store_file(tmp_path), lambda: datetime(2026, 11, 21, tzinfo=UTC))
    yield made
    made.close()


def asked(
    plan: Plan, folder: Path, managed: dict[str, ManagedResource] | None = None
) -> list[PreflightFinding]:
    return answers(PlannedStack(STACK, plan.resources, managed or {}, STACK), LocalProject(folder))


def about(found: list[PreflightFinding], subject: str) -> tuple[str, str, str]:
    (one,) = [each for each in found if each.subject == subject]
    return one.answer, one.what, one.fix


def test_in_a_project_that_nothing_is_wrong_with_only_the_zone_above_waits(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    assert store.settings() == {}
    state_projects(tmp_path, load(HOME / "catalog"))
    found = asked(plan, tmp_path)
    report = PreflightReport(stack=STACK, cloud="local", findings=found)
    (waits,) = [each for each in found if each.answer != "ok"]
    assert (waits.question, waits.subject, waits.answer) == ("delegation", "acme.example", "waits")
    assert report.exit_code == 3
    assert [*describe_preflight(report)][-1].text.startswith(f"WAITS  {STACK}: ")


def test_what_makes_a_zone_goes_on_while_nobody_leads_to_it(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    (zone,) = [each for each in plan.resources if each.type == ZONE]
    store.insert(PROJECT, ZONE, "zone", "", zone.inputs, {"nameServers": ["ns.example."]})
    store.set("delegation", "acme.example", "none")
    answer, _, fix = about(asked(plan, tmp_path), "acme.example")
    assert (answer, "spec.dns.delegation: {nameServers: [ns.example], ds: [12 8 2 " in fix) == ("waits", True)
    store.set("delegation", "acme.example", "elsewhere")
    assert about(asked(plan, tmp_path), "acme.example")[0] == "no"


def judged(
    plan: Plan, store: CloudStore, folder: Path, written: Referral | None, above: Mapping[str, list[str]] = {}
) -> tuple[str, str, str]:
    """The answer on a zone that is there, by what its environment's file says and what the zone above has."""
    (zone,) = [each for each in plan.resources if each.type == ZONE]
    store.insert(PROJECT, ZONE, "zone", "", zone.inputs, {"nameServers": ["ns1.example.", "ns2.example."]})
    if above:
        store.insert(
            "above", ZONE, "above", "", {"name": "example", "dnsName": "example."}, {"nameServers": []}
        )
    for kind, values in above.items():
        record = {"name": "acme.example.", "type": kind, "rrdatas": values, "managedZone": "example"}
        store.insert("above", RECORD, f"{kind}", "", record, {})
    planned = PlannedStack(STACK, plan.resources, {}, STACK, written=written)
    return about(answers(planned, LocalProject(folder), ("delegation",)), "acme.example")


OURS = frozenset({"ns1.example", "ns2.example"})
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("written", "answer", "what"),
    [
        (Referral(OURS), "ok", ""),
        (
            Referral(frozenset({"ns1.elsewhere", "ns2.example"})),
            "no",
            "is led to ns1.elsewhere, ns2.example by",
        ),
        (
            Referral(OURS, frozenset({"1 8 2 ab"})),
            "no",
            "a DS record in the environment's file that fits none",
        ),
        (None, "waits", "the environment's file doesn't say how"),
    ],
)
def test_what_the_environments_file_says_of_the_zone_is_compared_with_it(
    plan: Plan, store: CloudStore, tmp_path: Path, written: Referral | None, answer: str, what: str
) -> None:
    found = judged(plan, store, tmp_path, written)
    assert found[0] == answer
    assert what in found[1]
    if answer != "ok":
        assert "spec.dns.delegation: {nameServers: [ns1.example, ns2.example], ds: [12 8 2 " in found[2]


@pytest.mark.parametrize(
    ("above", "answer"),
    [
        ({"NS": ["ns1.example.", "ns2.example."]}, "waits"),
        ({"NS": ["ns1.example."]}, "no"),
        ({"TXT": ["ns1.example."]}, "waits"),
    ],
)
def test_where_the_zone_above_is_on_the_local_cloud_too_its_records_count(
    plan: Plan, store: CloudStore, tmp_path: Path, above: dict[str, list[str]], answer: str
) -> None:
    assert judged(plan, store, tmp_path, Referral(OURS), above)[0] == answer


def test_what_one_fix_mends_is_said_together_with_its_number(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    store.set("reading", f"{PROJECT}/quotas", "refused")
    report = PreflightReport(stack=STACK, cloud="local", findings=asked(plan, tmp_path))
    lines = [each.text for each in describe_preflight(report)]
    number = sum(each.question == "quotas" and each.answer == "undecided" for each in report.findings)
    assert number > 5
    fixes = [line for line in lines if "roles/compute.viewer" in line]
    assert len(fixes) < number
    heads = [line for line in lines if line.startswith("? undecided  quotas:")]
    assert sum(int(line.rpartition("(")[2].rstrip(")")) for line in heads) == number


def test_an_api_that_enabling_takes_is_enabled_by_hand(plan: Plan, store: CloudStore, tmp_path: Path) -> None:
    subject = f"{PROJECT}/serviceusage.googleapis.com"
    store.set("api", subject, "disabled")
    answer, _, fix = about(asked(plan, tmp_path), subject)
    assert (answer, fix) == ("no", f"gcloud services enable serviceusage.googleapis.com --project {PROJECT}")


def test_an_api_that_the_stack_has_enabled_and_somebody_disabled_is_no(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    apis = [each for each in plan.resources if each.type == "gcp:projects/service:Service"]
    managed = {each.urn: ManagedResource("id", each.inputs) for each in apis}
    for each in apis:
        store.set("api", f"{PROJECT}/{each.inputs['service']}", "enabled")
    assert {each.answer for each in asked(plan, tmp_path, managed) if each.question == "apis"} == {"ok"}
    for service in ("compute.googleapis.com", "iap.googleapis.com"):
        store.set("api", f"{PROJECT}/{service}", "disabled")
        answer, _, fix = about(asked(plan, tmp_path, managed), f"{PROJECT}/{service}")
        assert (answer, fix) == ("no", f"gcloud services enable {service} --project {PROJECT}")


def needed(plan: Plan, folder: Path, metric: str) -> float:
    (one,) = [each for each in asked(plan, folder) if each.question == "quotas" and metric in each.subject]
    (more,) = re.findall(r"([\d.]+) more are needed", one.what)
    return float(more)


def test_a_quota_has_room_for_just_what_is_planned(plan: Plan, store: CloudStore, tmp_path: Path) -> None:
    subject = f"{PROJECT}/SSD_TOTAL_GB/us-east1"
    gigabytes = needed(plan, tmp_path, "SSD_TOTAL_GB/us-east1")
    assert gigabytes > 0
    store.set("quota", subject, f"{gigabytes:g}")
    assert about(asked(plan, tmp_path), subject)[0] == "ok"
    store.set("quota", subject, f"{gigabytes - 1:g}")
    answer, what, fix = about(asked(plan, tmp_path), subject)
    assert answer == "no"
    assert what.startswith(f"0 of {gigabytes - 1:g} are in use, {gigabytes:g} more are needed, for ")
    assert "NodePool general" in what, "it says for what"
    assert f"{gigabytes:g} of SSD_TOTAL_GB in us-east1" in fix


def test_a_quota_that_nobody_set_is_as_the_environment_states_and_else_that_of_new_projects(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    cores, disks = f"{PROJECT}/N2_CPUS/us-east1", f"{PROJECT}/SSD_TOTAL_GB/us-east1"
    store.set("stated-quota", f"{PROJECT}/LONG_GONE/global", "1")
    assert [about(asked(plan, tmp_path), of)[1].split(" are")[0] for of in (cores, disks)] == [
        *("0 of 8", "0 of 500")
    ]
    state_projects(tmp_path, load(HOME / "catalog"))
    assert [about(asked(plan, tmp_path), of)[1].split(" are")[0] for of in (cores, disks)] == [
        *("0 of 256", "0 of 2048")
    ]
    assert not any("LONG_GONE" in name for _, name in store.settings())
    store.set("quota", disks, "1")
    assert about(asked(plan, tmp_path), disks)[0] == "no"


def test_a_quota_of_which_nobody_says_how_much_there_is_stays_undecided(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    def pool(machine_type: str) -> Plan:
        changed = {"nodeConfig": {"machineType": machine_type}, "location": "us-east1"}
        return Plan(
            plan.stack,
            [
                msgspec.structs.replace(each, inputs={**each.inputs, **changed})
                if each.type == POOL
                else each
                for each in plan.resources
            ],
        )

    subject = f"{PROJECT}/T2D_CPUS/us-east1"
    answer, what, fix = about(asked(pool("t2d-standard-4"), tmp_path), subject)
    assert (answer, "nobody says how much" in what) == ("undecided", True)
    assert "under `quotas` of the environment" in fix
    store.set("stated-quota", subject, "1000")
    assert about(asked(pool("t2d-standard-4"), tmp_path), subject)[0] == "ok"


def test_what_others_use_of_a_quota_counts_and_what_the_stack_has_is_not_asked_for_again(
    plan: Plan, store: CloudStore, tmp_path: Path
) -> None:
    subject = f"{PROJECT}/NETWORKS/global"
    store.set("quota", subject, "1")
    store.insert(PROJECT, NETWORK, "projects/p/global/networks/other", "", {"name": "other"}, {})
    answer, what, _ = about(asked(plan, tmp_path), subject)
    assert (answer, what) == ("no", "1 of 1 are in use, 1 more are needed, for Network production-network")
    (network,) = [each for each in plan.resources if each.type == NETWORK]
    managed = {network.urn: ManagedResource("id", network.inputs)}
    assert subject not in {each.subject for each in asked(plan, tmp_path, managed)}


def test_a_permission_that_the_caller_lacks_is_named(plan: Plan, store: CloudStore, tmp_path: Path) -> None:
    store.set("permission", f"{PROJECT}/compute.networks.create", "missing")
    answer, _, fix = about(asked(plan, tmp_path), f"{PROJECT}/compute.networks.create")
    assert answer == "no"
    assert "--filter=includedPermissions:compute.networks.create" in fix


@pytest.mark.parametrize(
    ("labels", "answer", "what"),
    [
        ({}, "no", "is there already, and bears no label of this stack"),
        ({OWNER: "service-other-production"}, "no", "of stack service-other-production"),
        ({OWNER: owner_of(STACK)}, "ok", "was begun by this stack"),
    ],
)
def test_a_name_that_is_taken_is_no_unless_this_stack_took_it(
    plan: Plan, store: CloudStore, tmp_path: Path, labels: dict[str, str], answer: str, what: str
) -> None:
    bucket, id_ = "gcp:storage/bucket:Bucket", f"{PROJECT}-audit"
    store.insert("somebody-elses", bucket, id_, "", {"name": id_, "labels": labels}, {})
    found = about(asked(plan, tmp_path), f"{bucket} {id_}")
    assert found[0] == answer
    assert what in found[1]
    assert ("--adopt" in found[2]) is (answer == "no" and not labels), "another's is not to be adopted"


@pytest.mark.parametrize(("is_begun", "answer"), [(True, "ok"), (False, "no")])
def test_a_name_without_labels_is_the_stacks_if_it_had_begun_to_take_it(
    plan: Plan, store: CloudStore, tmp_path: Path, is_begun: bool, answer: str
) -> None:
    (network,) = [each for each in plan.resources if each.type == NETWORK]
    id_ = PlannedStack(STACK, plan.resources, {}, STACK).id_of(network)
    store.insert(PROJECT, NETWORK, id_, "", network.inputs, {})
    begun = frozenset({network.urn} if is_begun else ())
    found = answers(PlannedStack(STACK, plan.resources, {}, STACK, begun=begun), LocalProject(tmp_path))
    assert about(found, f"{NETWORK} {id_}")[0] == answer
    assert "--adopt" not in about(found, f"{NETWORK} {id_}")[2], "it can't be proven, so it isn't adopted"


def test_a_name_that_is_never_free_again_wants_another(plan: Plan, store: CloudStore, tmp_path: Path) -> None:
    ring = f"projects/{PROJECT}/locations/us-east1/keyRings/production-cluster"
    store.insert(PROJECT, KEY_RING, ring, "", {"name": "production-cluster", "location": "us-east1"}, {})
    answer, _, fix = about(asked(plan, tmp_path), f"{KEY_RING} {ring}")
    assert answer == "no"
    assert "count `spec.cluster.keyGeneration` of the environment up" in fix


@pytest.mark.parametrize("what", ["apis", "quotas", "permissions", "names"])
def test_what_the_caller_may_not_read_is_undecided_and_never_ok(
    plan: Plan, store: CloudStore, tmp_path: Path, what: str
) -> None:
    state_projects(tmp_path, load(HOME / "catalog"))
    store.set("reading", f"{PROJECT}/{what}", "refused")
    found = asked(plan, tmp_path)
    mine = [each for each in found if each.question == what and PROJECT in each.what + each.subject]
    assert {each.answer for each in mine} == {"undecided"}
    assert all(each.fix and f"may not read {what} of {PROJECT}" in each.what for each in mine)
    report = PreflightReport(stack=STACK, cloud="local", findings=found)
    assert report.exit_code == 3
    assert any(line.text.startswith("? undecided") for line in describe_preflight(report))
