"""`pave cloud`: a process of its own, found again by its folder, with what it holds to look at."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pave.local_cloud.process import find, start, stop
from pave.local_cloud.store import store_file
from tests.engine.cloud_client import Client
from tests.engine.engine import HOME

pytestmark = pytest.mark.slow

NOTHING = "by `pave cloud set`: nothing\nby stacks: nothing\nby the catalog's environments: nothing\n"

Pave = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "cloud"
    yield folder
    stop(folder)


@pytest.fixture
def cloud(state: Path) -> Pave:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pave", "cloud", *words, "--state", str(state)]
        return subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_it_starts_once_says_what_pulumi_needs_and_stops(cloud: Pave, state: Path) -> None:
    assert cloud("status").returncode == 1
    started = cloud("start")
    assert started.returncode == 0, started.stderr
    running = find(state)
    assert running is not None
    assert started.stdout == cloud("start").stdout, "the one that runs is found"
    port = running.port
    wanted = f"PULUMI_DEBUG_PROVIDERS=gcp:{port},kubernetes:{port}"
    assert cloud("status", "--environment").stdout == wanted + "\n"
    assert wanted in started.stdout
    assert cloud("status").stdout.endswith("0 resources, 0 calls, 0 faults.\n")
    assert cloud("stop").stdout == f"Stopped. {state} stays.\n"
    assert find(state) is None
    assert "None is running" in cloud("stop").stdout


def test_what_it_holds_is_listed_shown_and_logged_without_secrets(cloud: Pave, state: Path) -> None:
    client = Client(start(state, 0, 0).port)
    for api in ("compute.googleapis.com", "redis.googleapis.com"):
        assert cloud("set", "api", f"acme/{api}", "enabled").returncode == 0
    client.create("gcp:compute/network:Network", {"name": "net"})
    inputs = {"name": "redis", "memorySizeGb": 1, "tier": "BASIC", "authEnabled": True}
    _, made = client.create("gcp:redis/instance:Instance", inputs)
    client.close()
    assert cloud("ls").stdout.splitlines() == [
        "gcp:compute/network:Network  projects/acme/global/networks/net",
        "gcp:redis/instance:Instance  projects/acme/locations/us-east1/instances/redis",
    ]
    assert cloud("ls", "--type", "*:Network").stdout.count("\n") == 1
    shown = cloud("show", "redis").stdout
    assert json.loads(shown)["outputs"]["authString"] == "[secret]"
    assert made["authString"]["value"] not in shown
    assert [line.split()[1] for line in cloud("log").stdout.splitlines()] == ["create", "create"]


def test_what_is_not_there_says_where_to_look(cloud: Pave, state: Path) -> None:
    nothing = cloud("ls")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "Run `pave cloud start`" in nothing.stderr
    start(state, 0, 0)
    missing = cloud("show", "nobody")
    assert missing.returncode == 2
    assert "`pave cloud ls` lists" in missing.stderr
    assert "Traceback" not in nothing.stderr + missing.stderr


def test_a_store_that_can_not_be_read_is_said_in_a_line(cloud: Pave, state: Path) -> None:
    state.mkdir(exist_ok=True)
    store_file(state).write_bytes(b"no database" * 100)
    for words in (("ls",), ("show", "x"), ("log",)):
        done = cloud(*words)
        assert done.returncode == 2
        assert "can't be read: file is not a database" in done.stderr
        assert "Traceback" not in done.stderr


def test_faults_are_added_listed_and_forgotten(cloud: Pave, state: Path) -> None:
    start(state, 0, 0)
    words = ("--type", "*:DatabaseInstance", "--operation", "create", "--code", "503", "--times", "2")
    assert cloud("fault", "add", *words).returncode == 0
    assert cloud("fault", "ls").stdout == "503  create  *:DatabaseInstance  2 more\n"
    cloud("fault", "clear")
    assert cloud("fault", "ls").stdout == ""
    assert cloud("fault", "add", "--code", "418").returncode == 2


def test_a_taken_port_is_said(state: Path, tmp_path: Path) -> None:
    port = start(state, 0, 0).port
    other = subprocess.run(
        [sys.executable, "-m", "pave", "cloud", "start", "--port", str(port), "--state", str(tmp_path / "b")],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not stop(tmp_path / "b"), "two servers on one port"
    assert other.returncode == 2
    assert f"Port {port} of 127.0.0.1 is taken" in other.stderr
    assert "Traceback" not in other.stderr


def test_another_process_with_the_same_id_is_not_stopped(state: Path) -> None:
    running = start(state, 0, 0)
    file = state / "process.json"
    text = file.read_text()
    file.write_text(json.dumps(running._replace(started=running.started - 60)._asdict()))
    assert stop(state) is False
    file.write_text(text)
    assert find(state) == running


def test_its_projects_have_the_quotas_that_the_catalog_states(cloud: Pave) -> None:
    assert cloud("start", "--catalog", "nowhere").returncode == 0
    assert cloud("kinds", "--set").stdout == NOTHING
    assert cloud("start").returncode == 0
    _, _, stated = cloud("kinds", "--set").stdout.partition("by the catalog's environments:\n")
    assert "  quota  acme-subscriptions-prod/N2_CPUS/us-east1  256.0\n" in stated


def test_what_is_so_in_a_project_is_set_listed_and_put_back(cloud: Pave, state: Path) -> None:
    start(state, 0, 0)
    assert "api PROJECT/SERVICE enabled|disabled\n" in cloud("kinds").stdout
    done = cloud("set", "api", "acme/dns.googleapis.com", "enabled")
    assert (done.returncode, done.stdout) == (0, "From now on api acme/dns.googleapis.com is enabled.\n")
    by_hand = "by `pave cloud set`:\n  api  acme/dns.googleapis.com  enabled\n"
    assert cloud("kinds", "--set").stdout == NOTHING.replace("by `pave cloud set`: nothing\n", by_hand)
    for wrong, why in (
        (("weather", "acme", "fine"), "There is no kind weather: api"),
        (("api", "dns.googleapis.com", "enabled"), "names no api: PROJECT/SERVICE"),
        (("quota", "acme/NETWORKS/global", "many"), "The value of quota is a number, not many"),
        (
            ("constraint", "acme/sql.restrictPublicIp", "on"),
            "The value of constraint is enforced, deny-all, ",
        ),
        (("api", "acme/dns.googleapis.com", "on"), "The value of api is enabled or disabled, not on"),
        (("api", "acme/dsn.googleapis.com", "enabled"), "Did you mean `dns.googleapis.com`?"),
        (("permission", "acme/compute.network.create", "missing"), "Did you mean `compute.networks.create`?"),
        (("constraint", "acme/sql.restrictPublicIP", "enforced"), "Did you mean `sql.restrictPublicIp`?"),
        (("quota", "acme/N2_CPU/us-east1", "1"), "Did you mean `N2_CPUS`?"),
        (("quota", "acme/NETWORKS/us-east1", "1"), "is a quota of a project, and none of a region"),
        (("reading", "acme/quota", "refused"), "Did you mean `quotas`?"),
    ):
        refused = cloud("set", *wrong)
        assert refused.returncode == 2
        assert why in refused.stderr
    assert cloud("unset", "api", "acme/dns.googleapis.com").returncode == 0
    assert cloud("kinds", "--set").stdout == NOTHING
    assert cloud("unset", "api", "acme/dns.googleapis.com").returncode == 2


def test_what_a_stack_has_enabled_is_put_back_to_that(cloud: Pave, state: Path) -> None:
    client = Client(start(state, 0, 0).port)
    client.create("gcp:projects/service:Service", {"project": "acme", "service": "dns.googleapis.com"})
    client.close()
    api = ("api", "acme/dns.googleapis.com")
    made = "by stacks:\n  api  acme/dns.googleapis.com  enabled\n"
    assert made in cloud("kinds", "--set").stdout
    assert cloud("unset", *api).returncode == 2, "nobody has set it"
    assert cloud("set", *api, "disabled").returncode == 0
    assert (
        "by `pave cloud set`:\n  api  acme/dns.googleapis.com  disabled\n" in cloud("kinds", "--set").stdout
    )
    assert cloud("unset", *api).returncode == 0
    assert made in cloud("kinds", "--set").stdout
    other = cloud("set", "api", "acne/dns.googleapis.com", "disabled")
    assert "There is no project `acne` here yet. Did you mean `acme`?" in other.stdout
