"""The gate on the real engine: a blocked stack makes no call, whatever command asks for it, a value that only
an update knows is judged when it is known, and a broken glass is seen by all."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from stacks.providers.data import VERSION as SECRET_VERSION
from tests.engine.cloud_client import enable_apis
from tests.engine.engine import HOME, Done, Engine

pytestmark = pytest.mark.engine
STACK = "service.customersdot.production"
SPEC = "services/customersdot.yaml"
DATABASE = "      size: large\n      availability: regional"


def check(engine: Engine) -> list[str]:
    """What `pave check` says of the spec, without blank lines and its summary."""
    command = [sys.executable, "-m", "pave", "check", "--no-cache", "--env", "production", f"catalog/{SPEC}"]
    environment = engine.environment() | {"PYTHONPATH": str(HOME)}
    done = subprocess.run(
        command, cwd=engine.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    return [line for line in done.stdout.splitlines() if line.strip()][:-1]


def said(done: Done) -> list[str]:
    """The last error of a run, without blank lines."""
    return [
        line.removeprefix("    ")
        for line in done.text.rpartition("    error: ")[2].splitlines()
        if line.strip()
    ]


@pytest.mark.parametrize(
    "words", [["preview"], ["up", "--yes"], ["up", "--yes", "--skip-preview"]], ids=" ".join
)
def test_a_blocked_stack_calls_nothing_and_says_what_pave_check_says(fresh: Engine, words: list[str]) -> None:
    fresh.new(STACK)
    fresh.edit(SPEC, DATABASE, DATABASE.replace("regional", "zonal"))
    done = fresh.pulumi(*words, "--stack", STACK)
    assert done.code != 0
    assert fresh.cloud.store.calls() == []
    assert {one.type for one in fresh.cloud.store.resources()} == {SECRET_VERSION}, "people's, from before"
    expected = check(fresh)
    assert "reliability/database-is-regional" in "\n".join(expected)
    # The plan, which a check has not, proves five of what is declared.
    expected = [line.replace("7 declared", "2 declared") for line in expected]
    assert said(done)[: len(expected)] == expected
    assert "Traceback" not in done.text
    assert done.text.count("error:") <= 2, "said twice: once as it happens, once in the summary"


def test_a_stack_that_the_catalog_does_not_know_calls_nothing(fresh: Engine) -> None:
    fresh.new("service.customerdot.production")
    done = fresh.up("service.customerdot.production")
    assert done.code != 0
    assert "Did you mean `service.customersdot.production`" in done.text
    assert "Traceback" not in done.text
    assert fresh.cloud.store.calls() == []


@pytest.mark.parametrize(
    ("stack", "package", "program"),
    [
        ("foundation.staging", "gcp", "from pulumi_gcp.storage import Bucket\nBucket('b', location='EU')"),
        (STACK, "kubernetes", "from pulumi_kubernetes.core.v1 import Namespace\nNamespace('n')"),
    ],
    ids=["foundation", "service"],
)
def test_a_resource_that_names_no_provider_is_refused(
    fresh: Engine, stack: str, package: str, program: str
) -> None:
    """Or it would go wherever the person who runs the program happens to be logged in."""
    fresh.replace_program(program)
    fresh.new(stack)
    done = fresh.up(stack)
    assert done.code != 0
    assert f"Default provider for '{package}' disabled" in done.text
    assert fresh.cloud.store.calls() == []


SMALL = "foundation.production"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(HOME)!r})
from datetime import UTC, datetime
from pathlib import Path

import pulumi
from pulumi.runtime.rpc import UNKNOWN
from pulumi_gcp import Provider
from pulumi_gcp.compute import Address, Firewall, Network

import stacks.programs.foundation
from catalog.loader import load
from stacks.gate.gate import run_gated


def program(catalog, environment):
    gcp = Provider("gcp", project="acme", region="us-east1")
    kept = pulumi.ResourceOptions(provider=gcp, protect=True, retain_on_delete=True)
    network = Network("network", name="network", auto_create_subnetworks=False, opts=kept)
    address = Address("address", name="address", region="us-east1", opts=kept)
    door = Firewall(
        "door",
        name="door",
        network="network",
        source_ranges=[address.address.apply(RANGE)],
        allows=[{{"protocol": "tcp", "ports": ["443"]}}],
        opts=pulumi.ResourceOptions(provider=gcp, depends_on=[network]),
    )
    after = pulumi.ResourceOptions(depends_on=[door])
    Address("last", name="last", region="us-east1", opts=pulumi.ResourceOptions.merge(kept, after))


stacks.programs.foundation.program = program
root = Path(pulumi.Config("pave").require("catalog"))
run_gated(load(root), root, pulumi.get_stack(), datetime.now(UTC))
"""
FIREWALL = "gcp:compute/firewall:Firewall"
ADDRESS = "gcp:compute/address:Address"
ANYBODY = "lambda address: f'{address}/0'"
ONE = "lambda address: f'{address}/32'"
NOBODY_KNOWS = "lambda address: UNKNOWN"
TOMORROW = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
GLASS = ("incident=4711", "reason=the vendor is away", "person=jane@acme.example", f"expires={TOMORROW}")


@pytest.fixture
def small(fresh: Engine) -> Engine:
    """An engine with a gated program of four resources: a firewall rule lets in a range that is known only
    when an address exists."""
    fresh.new(SMALL)
    enable_apis(fresh.cloud.store)
    fresh.replace_program(PROGRAM.replace("RANGE", ANYBODY))
    return fresh


def test_a_value_that_an_update_learns_is_judged_before_it_is_used(small: Engine) -> None:
    preview = small.pulumi("preview", "--stack", SMALL)
    assert preview.code == 0, preview.text
    done = small.up(SMALL)
    assert done.code != 0
    assert "security/firewall-is-narrow" in done.text
    assert "  on door (gcp:compute/firewall:Firewall)" in said(done)
    assert "/0, the whole world" in done.text
    assert "Known only now that door (gcp:compute/firewall:Firewall) is next" in done.text
    assert "Traceback" not in done.text
    assert done.text.count("error:") <= 2
    made = [token for _, token in small.calls()]
    assert FIREWALL not in made
    assert made.count(ADDRESS) == 1, "what depends on it is not begun"

    now_known = small.pulumi("preview", "--stack", SMALL)
    assert now_known.code != 0
    assert "This is a preview: nothing has changed." in now_known.text

    small.replace_program(PROGRAM.replace("RANGE", ONE))
    assert small.up(SMALL).code == 0
    assert (small.calls()[-2][1], small.calls()[-1][1]) == (FIREWALL, ADDRESS)
    assert small.outputs(SMALL)["pave"]["decision"]["undecided"] == 1


def test_what_an_update_still_does_not_know_blocks_it(small: Engine) -> None:
    small.replace_program(PROGRAM.replace("RANGE", NOBODY_KNOWS))
    done = small.up(SMALL)
    assert done.code != 0
    assert "security/firewall-is-narrow" in done.text
    assert "a value that it depends on is still" in done.text
    assert FIREWALL not in [token for _, token in small.calls()]


def test_a_broken_glass_passes_what_can_be_waived_and_is_recorded(small: Engine) -> None:
    said = [word for field in GLASS for word in ("--plaintext", f"pave:breakGlass.{field}")]
    assert small.pulumi("config", "set-all", "--stack", SMALL, "--path", *said).code == 0
    plan = str(small.folder / "plan.json")
    seen = small.pulumi("preview", "--save-plan", plan, "--stack", SMALL)
    assert seen.code == 0, seen.text
    done = small.up(SMALL, "--plan", plan)  # what passes is known only now, and is no other update
    assert done.code == 0, done.text
    assert "is broken: 4711, the vendor is away, by jane@acme.example" in done.text
    assert "Passed by the broken glass:" in done.text
    assert "security/firewall-is-narrow" in done.text
    again = small.up(SMALL, "--expect-no-changes")
    assert again.code == 0, again.text
    assert small.outputs(SMALL)["pave"]["breakGlass"] == {
        "incident": "4711",
        "reason": "the vendor is away",
        "person": "jane@acme.example",
        "expires": TOMORROW,
        "passed": ["security/firewall-is-narrow"],
    }
