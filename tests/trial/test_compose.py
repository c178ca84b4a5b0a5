"""What `pave run` prints is a Compose file that tells and holds containers to what the plan does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from catalog.stores.registry import store_kinds
from pave.commands.run import command as run
from pave.trial.compose import compose, not_started, stand_in
from tests.components.service_plans import CATALOG, SHAPES, SHIPPED, plan
from tests.components.test_workload import container, pod

ON_KUBERNETES = sorted({*SHIPPED, *SHAPES} - {"back-office", "customersdot-today", "old-shop"})


def service(name: str) -> Service:
    shapes = [*SHAPES.values()] if name in SHAPES else [*(CATALOG / "examples").glob("*.yaml")]
    found = service_at(load(CATALOG, shapes), name, "production")
    assert isinstance(found, Service)
    return found


def composed(name: str) -> Any:
    return compose(service(name), plan(name))


def test_no_trial_can_write_into_what_only_the_cloud_has() -> None:
    told = composed("every-store")["services"]["web"]["environment"]
    held = {
        name: said for name, said in told.items() if name.endswith(("_BUCKET", "_TOPIC", "_SUBSCRIPTION"))
    }
    assert {name.rpartition("_")[2] for name in held} >= {"BUCKET", "TOPIC"}
    assert held == {name: f"${{{name}:-NONE.on-this-machine}}" for name in held}


def test_a_secret_that_stands_in_the_spec_is_not_in_the_file(tmp_path: Path) -> None:
    base = (Path(__file__).parents[1] / "mistakes/base/service.yaml").read_text("utf-8")
    variable = "        - {name: TOKEN"
    more = "".join(f"        - {{name: {name}, value: hunter2}}\n" for name in ("DB_PASSWORD", "ENGINE"))
    held = base.replace(variable, more + variable).replace(
        "command: [celery, worker]", "command: [celery]\n      args: [worker, --password, horse4711]"
    )
    (tmp_path / "shop.yaml").write_text(held, "utf-8")
    words = [str(tmp_path / "shop.yaml"), "--catalog", str(CATALOG), "--today", "2026-11-28"]
    done = CliRunner().invoke(run, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "DB_PASSWORD: ${DB_PASSWORD:?a secret: export DB_PASSWORD=...}" in done.stdout.replace("'", "")
    assert "ENGINE: hunter2" in done.stdout
    assert "horse4711" not in done.stdout
    assert "${SECRET_ARGUMENT:?a secret" in done.stdout


@pytest.mark.parametrize("name", ON_KUBERNETES)
def test_it_is_a_compose_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.json"
    path.write_text(json.dumps(composed(name)))
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    run = subprocess.run(check, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", ON_KUBERNETES)
def test_every_container_is_told_every_variable_of_the_plan_and_waits_for_what_there_is(name: str) -> None:
    file = composed(name)
    planned = {
        r.inputs["metadata"]["name"]: r
        for r in plan(name).resources
        if r.custom and r.type.endswith((":Deployment", ":Rollout"))
    }
    for called, resource in planned.items():
        made, asked = file["services"][called], container(resource)
        assert made["environment"].keys() == {each["name"] for each in asked.get("env", ())}
        assert (made["image"], made["read_only"]) == (asked["image"], True)
        assert made["stop_grace_period"] == f"{pod(resource)['terminationGracePeriodSeconds']}s"
    for made in file["services"].values():
        assert made.get("depends_on", {}).keys() <= file["services"].keys()


def test_no_two_containers_have_one_port_of_this_machine() -> None:
    ports = [port for each in composed("customersdot")["services"].values() for port in each.get("ports", ())]
    numbers = [(int(port.split(":")[1]), int(port.split(":")[2])) for port in ports]
    assert numbers[0] == (8080, 8080)
    assert len({here for here, _ in numbers}) == len(numbers)
    assert len({there for _, there in numbers}) < len(numbers), (
        "two listen at the same port in their containers"
    )


def test_the_containers_of_a_pod_are_one_host_and_share_their_folders() -> None:
    services = composed("django-shop")["services"]
    assert services["web"]["network_mode"] == "service:web-nginx"
    assert services["web-nginx"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["web"]
    assert services["web-folders"]["command"][:2] == ["chmod", "1777"]
    assert [each["source"] for each in services["web-folders"]["volumes"]] == ["web-tmp", "web-scratch-0"]
    assert services["web-collect-static"]["depends_on"]["web-folders"] == {
        "condition": "service_completed_successfully"
    }
    assert services["web"]["volumes"] == services["web-nginx"]["volumes"]


def test_tables_are_there_before_anything_that_uses_them() -> None:
    services = composed("django-shop")["services"]
    assert services["migrate-db"]["depends_on"]["store-db"] == {"condition": "service_healthy"}
    for name in ("web-collect-static", "tasks", "beat"):
        waits = services[name]["depends_on"]["migrate-db"]
        assert waits == {"condition": "service_completed_successfully"}


def test_a_schedule_is_started_by_hand() -> None:
    assert composed("customersdot")["services"]["billing-clock"]["profiles"] == ["cron"]


def test_a_secret_is_asked_of_the_shell_and_a_dollar_is_one() -> None:
    told = composed("customersdot")["services"]["web"]["environment"]
    assert told["SECRET_KEY_BASE"].startswith("${SECRET_KEY_BASE:?a secret")
    services = composed("django-shop")["services"]
    assert (
        services["web"]["environment"]["PRICES_ADDRESS"] == "${PRICES_ADDRESS:?where price-list answers here}"
    )


def test_what_is_left_out_is_said() -> None:
    found = not_started(service("half-moved"), composed("half-moved")["services"])
    assert found == ["workload old runs on a machine"]
    (line,) = not_started(service("django-shop"), composed("django-shop")["services"])
    assert "pave run price-list" in line


def test_every_kind_of_store_that_stands_in_tells_what_the_cloud_would() -> None:
    for name in ("blog", "customersdot", "django-shop", "shop-api"):
        found = service(name)
        for store, written in zip(found.spec.stores, found.data["spec"]["stores"], strict=True):
            made = stand_in(store)
            assert made is not None
            assert made.facts.keys() == {*store_kinds()[store.kind].facts(written)}
