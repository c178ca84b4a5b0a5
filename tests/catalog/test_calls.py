"""Dependencies on services that nobody could call."""

import shutil
from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from tests.repository import HOME

CALLER = """
apiVersion: pave/v1
kind: Service
metadata: {name: caller, owner: platform}
spec:
  tier: standard
  stage: ga
  workloads: [{name: web, image: "us-docker.pkg.dev/acme-registry/caller/app:1", %s}]
  dependencies: [{name: other, %s}]
  environments: [{name: staging}]
"""

CALLED = """
apiVersion: pave/v1
kind: Service
metadata: {name: called, owner: platform}
spec:
  tier: standard
  stage: ga
  workloads: [{name: main, image: "us-docker.pkg.dev/acme-registry/called/app:1", %s}]
  %s
"""


def answer(
    folder: Path, dependency: str, called: str = "kind: web", rest: str = "", caller: str = "kind: web"
) -> Service | list[tuple[str, str]]:
    """The caller in staging, or what is wrong with it there."""
    shutil.copytree(HOME / "catalog", folder / "catalog")
    (folder / "catalog/services/caller.yaml").write_text(CALLER % (caller, dependency))
    (folder / "catalog/services/called.yaml").write_text(CALLED % (called, rest))
    catalog = load(folder / "catalog")
    assert catalog.problems == []
    found = service_at(catalog, "caller", "staging")
    return found if isinstance(found, Service) else [(each.rule, each.message) for each in found]


EVERYWHERE = "environments: [{name: production}, {name: staging}]"


@pytest.mark.parametrize("dependency", ["service: called", "service: called, workload: main"])
def test_a_web_server_that_runs_there_can_be_called(tmp_path: Path, dependency: str) -> None:
    assert isinstance(answer(tmp_path, dependency, rest=EVERYWHERE), Service)


@pytest.mark.parametrize(
    ("dependency", "called", "rest", "caller", "words"),
    [
        ("service: called", "kind: worker", EVERYWHERE, "kind: web", "answers nobody"),
        ("service: called", 'kind: cron, schedule: "0 1 * * *"', EVERYWHERE, "kind: web", "answers nobody"),
        ("service: called", "kind: web", "", "kind: web", "does not run in staging"),
        ("service: called, workload: min", "kind: web", EVERYWHERE, "kind: web", "no web workload `min`"),
        ("vendor: stripe, workload: x", "kind: web", EVERYWHERE, "kind: web", "there is no `service`"),
        (
            "service: called",
            "kind: web",
            f"edge: {{exposure: internal}}\n  {EVERYWHERE}",
            "runtime: vm, vm: {}",
            "Only its cluster may call `called`",
        ),
    ],
)
def test_one_that_could_not_be_called_is_refused(
    tmp_path: Path, dependency: str, called: str, rest: str, caller: str, words: str
) -> None:
    found = answer(tmp_path, dependency, called, rest, caller)
    assert isinstance(found, list)
    ((rule, what),) = found
    assert (rule, words in what) == ("catalog/call", True), what


def test_the_variables_that_say_where_it_is_are_the_platforms(tmp_path: Path) -> None:
    mine = "environment: [{name: OTHER_URL, value: x}]"
    found = answer(tmp_path, "service: called", rest=EVERYWHERE, caller=mine)
    assert isinstance(found, list)
    assert [rule for rule, _ in found] == ["catalog/variable"]
