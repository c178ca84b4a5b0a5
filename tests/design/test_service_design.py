from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from catalog.neighbourhood import neighbourhood
from components.design.edge_model import (
    EdgeDesign,
)
from components.design.model import Design, Machine, WorkloadDesign
from components.design.service import design

CATALOG = Path(__file__).parents[2] / "catalog"

WEB = "    - {name: web, image: us-docker.pkg.dev/acme-registry/a/b:1}"
MACHINE = "    - {name: web, runtime: vm, port: 8081, vm: {host: box}}"
PUBLIC = "    - {name: web, runtime: vm, vm: {host: box, publicAddress: true}}"


def decide(workloads: str, rest: str = "", name: str = "shop") -> Design:
    """The design of a standard service in production; `rest` is more of its spec, indented by two."""
    text = f"""
apiVersion: pave/v1
kind: Service
metadata: {{name: {name}, owner: platform}}
spec:
  tier: standard
  stage: ga
  workloads:
{workloads}
{rest}
"""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text)
        catalog = load(CATALOG, [path])
    assert not catalog.problems
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service)
    return design(service, neighbourhood(catalog, service))


def workload(workloads: str, rest: str = "") -> WorkloadDesign:
    return decide(workloads, rest).workloads[0]


def machine(workloads: str, rest: str = "") -> Machine:
    return decide(workloads, rest).machines[0]


def store(line: str) -> Any:
    """The design of a store, with the fields of its kind."""
    return decide(WEB, f"  stores:\n    - {line}").stores[0]


def edge(rest: str, workloads: str = WEB) -> EdgeDesign:
    decided = decide(workloads, rest).edge
    assert decided is not None
    return decided


def test_a_copy_may_start_as_long_as_its_owner_says() -> None:
    slow = workload("    - {name: web, image: a:1, startupSeconds: 61}")
    assert slow.startup_checks * slow.probe_seconds == 65
    assert slow.progress_seconds == 600 + 61 + slow.min_ready_seconds
    assert slow.wait_seconds > slow.progress_seconds


def test_only_what_load_balancers_call_waits_before_it_stops() -> None:
    web = workload("    - {name: web, image: a:1, shutdownSeconds: 20}")
    worker = workload("    - {name: jobs, kind: worker, image: a:1, shutdownSeconds: 20}")
    assert (web.stop_delay_seconds, web.grace_seconds) == (15, 35)
    assert (worker.stop_delay_seconds, worker.grace_seconds) == (0, 20)


def test_a_run_starts_late_only_while_kubernetes_can_count_what_it_missed() -> None:
    cron = "    - {{name: c, kind: cron, image: a:1, schedule: '* * * * *', deadlineSeconds: {}}}"
    starts = [workload(cron.format(deadline)).start_within_seconds for deadline in (1, 600, 86400)]
    assert starts == [60, 600, 3600]


def test_a_run_is_repeated_only_when_running_twice_counts_once() -> None:
    cron = "    - {{name: c, kind: cron, image: a:1, schedule: '* * * * *'{}}}"
    assert workload(cron.format("")).retries == 0
    assert workload(cron.format(", idempotencyKey: invoice")).retries == 2


def test_the_host_is_the_record_unless_a_proxy_stands_before_it() -> None:
    assert edge("").record == "shop.acme.example"
    assert edge("  edge: {proxy: cloudflare}").record == "origin.shop.acme.example"


def test_a_host_outside_of_the_environment_s_domain_needs_a_zone() -> None:
    assert not edge("  edge: {host: a.b.acme.example}").has_own_zone
    assert edge("  edge: {host: shop.example.com}").has_own_zone
    assert edge("  edge: {host: shop.notacme.example}").has_own_zone


def test_records_that_others_have_to_make_are_said() -> None:
    def elsewhere(text: str) -> list[tuple[str, str, str | None, str]]:
        return [(each.name, each.type, each.value, each.holder) for each in edge(text).records_elsewhere]

    assert elsewhere("") == []
    assert elsewhere("  edge: {host: shop.example.com}") == [
        ("shop.example.com", "NS", None, "the owner of example.com")
    ]
    assert elsewhere("  edge: {proxy: cloudflare}") == [
        ("shop.acme.example", "CNAME", "origin.shop.acme.example.", "cloudflare"),
        ("origin.shop.acme.example", "A", None, "cloudflare"),
        ("_acme-challenge_*.shop.acme.example", "CNAME", None, "cloudflare"),
    ]


def test_ipv6_is_offered_to_those_who_may_come_that_way() -> None:
    assert edge("").has_ipv6
    assert not edge("  edge: {proxy: cloudflare}").has_ipv6


def test_behind_a_proxy_the_client_is_in_a_header() -> None:
    assert edge("").client_address_header is None
    assert edge("  edge: {proxy: cloudflare}").client_address_header == "CF-Connecting-IP"


def test_the_endpoint_that_takes_all_paths_takes_the_rest() -> None:
    assert edge("").catch_all == "all"
    assert edge("  endpoints: [{name: api, paths: [/api/*]}]").catch_all is None


def test_a_load_balancer_fills_a_copy_to_what_it_can_carry() -> None:
    known = "    - {name: web, image: a:1, capacity: {peakPerSecond: 90, perReplicaPerSecond: 30}}"
    assert decide(known).endpoints[0].rate_per_replica == 30
    assert decide(WEB).endpoints[0].rate_per_replica == 100


def test_a_machine_with_an_address_is_the_way_in_until_something_else_answers_too() -> None:
    assert edge("", PUBLIC).entrance == "machine"
    assert edge("", MACHINE).entrance == "load-balancer"
    both = f"{PUBLIC}\n    - {{name: api, image: a:1}}"
    half_way = (
        "  endpoints: [{name: a, workload: web, paths: [/*]}, {name: b, workload: api, paths: [/api/*]}]"
    )
    assert edge(half_way, both).entrance == "load-balancer"


def test_a_machine_opens_only_to_who_calls_it() -> None:
    balanced, public = machine(MACHINE), machine(PUBLIC)
    assert (balanced.open_ports, balanced.asked) == ([8081], ["web"])
    assert "35.191.0.0/16" in balanced.open_to
    assert (public.open_to, public.open_ports, public.asked) == (["0.0.0.0/0"], [80, 443], [])
    assert "173.245.48.0/20" in machine(PUBLIC, "  edge: {proxy: cloudflare}").open_to


def test_a_machine_that_nobody_calls_is_closed() -> None:
    worker = machine("    - {name: jobs, kind: worker, runtime: vm, vm: {host: box}}")
    assert (worker.open_to, worker.open_ports, worker.asked) == ([], [], [])


def test_workloads_on_one_machine_are_one_identity() -> None:
    decided = decide(f"{MACHINE}\n    - {{name: jobs, kind: worker, runtime: vm, vm: {{host: box}}}}")
    (account,) = decided.accounts
    assert (account.account_id, account.workloads) == ("shop-box", ["web", "jobs"])
    assert decided.machines[0].account == "shop-box"


def test_an_identity_s_address_follows_from_its_id() -> None:
    (account,) = decide(WEB).accounts
    assert account.email == "shop-web@acme-subscriptions-prod.iam.gserviceaccount.com"


def test_an_id_that_would_be_too_short_is_made_longer() -> None:
    (account,) = decide(WEB, name="a").accounts
    assert (account.account_id, len("a-web")) == ("a-web-account", 5)


def test_who_has_connections_may_log_in() -> None:
    with_db = decide(
        f"{WEB}\n    - {{name: jobs, kind: worker, image: a:1, connections: 0}}",
        "  stores: [{name: db, kind: postgres}]",
    )
    assert {account.account_id: account.databases for account in with_db.accounts} == {
        "shop-web": ["shop-db-g1"],
        "shop-jobs": [],
    }


def test_engines_are_called_what_the_cloud_calls_them() -> None:
    assert store("{name: db, kind: postgres, version: '17'}").engine == "POSTGRES_17"
    assert store("{name: db, kind: postgres, version: '9.6'}").engine == "POSTGRES_9_6"
    assert store("{name: cache, kind: redis, version: '7.2'}").engine == "REDIS_7_2"
    assert store("{name: cache, kind: redis, version: '6'}").engine == "REDIS_6_X"


def test_a_store_answers_at_other_ports_when_it_encrypts() -> None:
    assert store("{name: cache, kind: redis}").ports == [6378]
    assert store("{name: cache, kind: redis, encryption: optional}").ports == [6379]
    assert store("{name: db, kind: postgres}").ports == [3307]


def test_a_database_takes_others_than_connectors_only_while_machines_connect_to_it() -> None:
    stores = "  stores: [{name: db, kind: postgres}]"
    machine = "\n    - {name: old, kind: worker, runtime: vm, vm: {}"
    moving: Any = decide(f"{WEB}{machine}}}", stores).stores[0]
    assert (moving.only_connectors, moving.ports) == (False, [3307, 5432])
    moved: Any = decide(f"{WEB}{machine}, connections: 0}}", stores).stores[0]
    assert (moved.only_connectors, moved.ports) == (True, [3307])


def test_a_database_is_named_for_its_service_in_the_database_s_own_way() -> None:
    stores = "  stores: [{name: db, kind: postgres}]"
    named: Any = decide(WEB, stores, name="corner-shop").stores[0]
    assert named.database == "corner_shop"


def test_whoever_uses_a_redis_that_asks_for_its_string_reads_it_as_a_secret() -> None:
    decided = decide(WEB, "  stores: [{name: job-queue, kind: redis}]")
    (secret,) = decided.secrets
    assert (secret.name, secret.readers) == ("job-queue-auth", ["web"])
    assert [(v.name, v.secret) for v in decided.workloads[0].environment] == [
        ("JOB_QUEUE_AUTH", "job-queue-auth")
    ]
    assert decide(WEB, "  stores: [{name: job-queue, kind: redis, authentication: false}]").secrets == []


HOW_IT_IS = ["logging.googleapis.com", "monitoring.googleapis.com"]


def test_a_service_that_calls_nobody_only_tells_google_how_it_is() -> None:
    assert decide(WEB).egress.hosts == HOW_IT_IS


def test_who_logs_in_to_a_database_asks_google_where_it_is() -> None:
    stores = "  stores: [{name: db, kind: postgres}]"
    assert decide(WEB, stores).egress.hosts == [*HOW_IT_IS, "sqladmin.googleapis.com"]
    assert decide(WEB.replace("image", "connections: 0, image"), stores).egress.hosts == HOW_IT_IS


def test_vendors_are_called_at_their_hosts_and_services_in_their_cluster() -> None:
    calls = "  dependencies: [{name: stripe, vendor: stripe}, {name: usage, service: usage-api}]"
    called = decide(WEB, calls).egress
    assert called.hosts == ["api.stripe.com", *HOW_IT_IS]
    assert [call.url for call in called.services] == ["http://web.usage-api.svc.cluster.local:8080"]
    assert called.unnamed == []


def test_a_machine_is_outside_of_the_cluster_and_calls_services_at_their_hosts() -> None:
    calls = "  dependencies: [{name: usage, service: usage-api}]"
    called = decide("    - {name: web, runtime: vm, vm: {}}", calls).egress
    assert ("usage-api.acme.example" in called.hosts, called.services) == (True, [])
