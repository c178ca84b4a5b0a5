"""Where the proxy beside a workload listens, whatever else does."""

from components.design.database_proxy import DatabaseProxy
from tests.design.test_service_design import WEB, decide

TWO = "  stores: [{name: db, kind: postgres}, {name: audit, kind: postgres, generation: 2}]"
ONE = "  stores: [{name: db, kind: postgres}]"


def beside(workload: str, stores: str) -> DatabaseProxy:
    found = decide(workload, stores).workloads[0].proxy
    assert found is not None
    return found


def test_every_database_has_a_port_of_its_own() -> None:
    found = beside(WEB, TWO)
    assert [(each.resource, each.port) for each in found.databases] == [
        ("shop-db-g1", 5432),
        ("shop-audit-g2", 5433),
    ]
    assert found.databases[1].instance == "acme-subscriptions-prod:us-east1:shop-audit-g2"


def test_no_port_is_the_program_s() -> None:
    at = WEB.removesuffix("}") + ", port: "
    assert [each.port for each in beside(f"{at}5432}}", TWO).databases] == [5433, 5434]
    assert beside(f"{at}9090}}", ONE).health_port == 9091
    assert beside(f"{at}8080}}", ONE).health_port == 9090


def test_who_opens_no_connections_and_what_runs_on_a_machine_has_none() -> None:
    idle = WEB.replace("name: web", "name: jobs, kind: worker, connections: 0")
    workers = f"{WEB}\n{idle}\n    - {{name: old, kind: worker, runtime: vm, vm: {{}}}}"
    web, jobs, old = decide(workers, ONE).workloads
    assert web.proxy is not None
    assert (jobs.proxy, old.proxy) == (None, None)


def test_a_database_on_a_machine_and_a_cache_take_no_proxy() -> None:
    assert decide(WEB, "  stores: [{name: cache, kind: redis}]").workloads[0].proxy is None
    assert decide(WEB, "  stores: [{name: db, kind: postgres, runtime: vm}]").workloads[0].proxy is None


def test_a_migration_has_one_even_where_the_workload_that_brings_it_has_no_connections() -> None:
    migrating = "  stores: [{name: db, kind: postgres, migration: {workload: web, command: [migrate]}}]"
    decided = decide(WEB.removesuffix("}") + ", connections: 0}", migrating)
    assert decided.workloads[0].proxy is None
    assert decided.migrations[0].run.proxy is not None
