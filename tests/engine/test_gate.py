"""The gate on the real engine: a blocked stack makes no call, whatever command asks for it."""

import subprocess
import sys

import pytest

from tests.engine.engine import HOME, Engine

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


@pytest.mark.parametrize(
    "words", [["preview"], ["up", "--yes"], ["up", "--yes", "--skip-preview"]], ids=" ".join
)
def test_a_blocked_stack_calls_nothing_and_says_what_pave_check_says(fresh: Engine, words: list[str]) -> None:
    fresh.new(STACK)
    fresh.edit(SPEC, DATABASE, DATABASE.replace("regional", "zonal"))
    done = fresh.pulumi(*words, "--stack", STACK)
    assert done.code != 0
    assert fresh.cloud.store.calls() == []
    assert fresh.cloud.store.resources() == []
    diagnostics = done.text.rpartition("    error: ")[2].splitlines()
    said = [line.removeprefix("    ") for line in diagnostics if line.strip()]
    expected = check(fresh)
    assert "reliability/database-is-regional" in "\n".join(expected)
    assert said[: len(expected)] == expected
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
    main = fresh.project / "stacks" / "__main__.py"
    main.unlink()
    main.write_text(program)
    fresh.new(stack)
    done = fresh.up(stack)
    assert done.code != 0
    assert f"Default provider for '{package}' disabled" in done.text
    assert fresh.cloud.store.calls() == []
