"""The rules of a thousand services: promtool takes them all, and a real Prometheus evaluates them."""

import time
from pathlib import Path

import pytest

from bench.watching import check, counted, counters, generate, groups_of, loaded, make
from pave.workspace import HOME
from tests.built import require_built

pytestmark = pytest.mark.prometheus

SERVICES = 1000


def test_a_thousand_services_are_checked_loaded_and_evaluated(tmp_path: Path) -> None:
    require_built(HOME / ".tools" / "prometheus", "make test-prometheus")
    root, folder = tmp_path / "catalog", tmp_path / "rules"
    root.mkdir()
    folder.mkdir()
    make(root, SERVICES)
    found = generate(root, folder)
    done = check(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("SUCCESS") == SERVICES
    assert "duplicate" not in done.stdout
    watches = {watch.name for made in found for watch in made.watches}
    with counted(counters(found)) as target, loaded(folder, target) as running:
        end = time.monotonic() + 240
        groups = groups_of(running)
        while any(str(each["lastEvaluation"]).startswith("0001") for each in groups):
            assert time.monotonic() < end, "it took too long"
            time.sleep(20)  # its answer has fifty megabytes
            groups = groups_of(running)
    assert {each["name"] for each in groups} == watches
    faults = {rule["lastError"] for each in groups for rule in each["rules"] if rule.get("lastError")}
    assert faults == set()
