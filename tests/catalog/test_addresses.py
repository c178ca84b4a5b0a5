"""Dependencies at addresses: what nobody could call, or what contradicts itself, is said at its place."""

import pytest

from catalog.kinds.service import Service, effective
from catalog.loader import load
from tests.repository import HOME

CALLER = """
apiVersion: pave/v1
kind: Service
metadata: {name: caller, owner: platform}
spec:
  tier: standard
  stage: ga
  workloads: [{name: web, image: "us-docker.pkg.dev/acme-registry/caller/app:1"%s}]
  dependencies: [{name: kafka, %s}]
"""


def answer(dependency: str, variables: str = "") -> Service | list[str]:
    """The caller in production, or what is wrong with it there: path, message and way out."""
    catalog = load(HOME / "catalog").with_text(
        "services/caller.yaml", (CALLER % (variables, dependency)).encode()
    )
    if "caller" not in catalog.documents["Service"]:
        return [f"{each.path}: {each.message} {each.fix}" for each in catalog.problems]
    found = effective(catalog, catalog.documents["Service"]["caller"], "production")
    return found if isinstance(found, Service) else [f"{e.path}: {e.message} {e.fix}" for e in found]


@pytest.mark.parametrize(
    ("dependency", "tls", "private"),
    [
        ('addresses: ["kafka-1.example.com:9092"]', True, False),
        ('addresses: ["10.40.0.1:9092", "192.168.7.7:1"]', True, True),
        ('addresses: ["10.40.0.1:9092", "kafka.internal:9092"]', True, False),
        ('addresses: ["kafka.internal:9092"], private: true, tls: false', False, True),
        ('addresses: ["93.184.216.34:65535"]', True, False),
        ('addresses: ["boot.example.com:1", "*.example.com:1"]', True, False),
    ],
)
def test_it_is_called_with_tls_and_over_the_internet_unless_something_says_otherwise(
    dependency: str, tls: bool, private: bool
) -> None:
    found = answer(dependency)
    assert isinstance(found, Service)
    (kafka,) = found.spec.dependencies
    assert (kafka.tls, kafka.private, kafka.availability) == (tls, private, None)


@pytest.mark.parametrize(
    ("dependency", "words"),
    [
        ('addresses: ["kafka"]', 'dependencies[kafka].addresses[0]: This item is "kafka".'),
        ('addresses: ["https://a.example.com:443"]', "addresses[0]"),
        ('addresses: ["a.example.com"]', "addresses[0]"),
        ('addresses: ["a.example.com:0"]', "addresses[0]"),
        ("addresses: []", "has no entries"),
        ('addresses: ["a.example.com:1", "a.example.com:1"]', "stands twice"),
        ('addresses: ["a.example.com:65536"]', "addresses[0]: There is no port 65536."),
        ('addresses: ["10.0.0.256:1"]', "addresses[0]: `10.0.0.256` is neither a name nor an IPv4 address"),
        ('addresses: ["127.0.0.1:1"]', "No service answers at `127.0.0.1`."),
        ('addresses: ["169.254.169.254:80"]', "No service answers at"),
        ('addresses: ["0.0.0.0:80"]', "No service answers at"),
        ('addresses: ["224.0.0.1:80"]', "No service answers at"),
        ('addresses: ["10.4.7.7:80"]', "is in this environment's cluster (pods, 10.4.0.0/14)"),
        ('addresses: ["web.other.svc.cluster.local:80"]', "Depend on the `service`"),
        ('addresses: ["*.example.com:80"]', "nothing says where `kafka` is called first"),
        ('addresses: ["10.40.0.1:80"], private: false', "kafka].private: `10.40.0.1` is private"),
        ('addresses: ["93.184.216.34:80"], private: true', "`93.184.216.34` is on the internet"),
        ("vendor: stripe, tls: true", "kafka].tls: `tls` is said of `addresses`"),
        ("vendor: stripe, availability: 99", "kafka].availability: `availability` is said of `addresses`"),
        ('vendor: stripe, addresses: ["a.example.com:1"]', "has `vendor` and `addresses`, and needs exactly"),
        ("need: soft", "needs exactly one of `vendor`, `service` or `addresses`"),
    ],
)
def test_what_can_not_be_called_is_said_at_its_place(dependency: str, words: str) -> None:
    (said,) = refused(dependency)
    assert words in said


def test_the_variable_that_tells_it_is_not_the_services_to_set() -> None:
    (said,) = refused(
        'addresses: ["a.example.com:1"]', ", environment: [{name: KAFKA_ADDRESS, value: elsewhere}]"
    )
    assert "`KAFKA_ADDRESS` is not the service's to set" in said


def refused(dependency: str, variables: str = "") -> list[str]:
    found = answer(dependency, variables)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("kind", ["kafka", "mongodb", "elasticsearch", "smtp", "ldap"])
def test_a_kind_of_store_that_there_is_not_leads_to_an_address(kind: str) -> None:
    text = CALLER.replace("dependencies: [{name: kafka, %s}]", "stores: [{name: data, kind: %s}]") % (
        "",
        kind,
    )
    catalog = load(HOME / "catalog").with_text("services/caller.yaml", text.encode())
    (found,) = catalog.problems
    assert "is a dependency at an address: `dependencies: [{name: kafka, addresses: [" in found.fix


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (", stores: [cache]", "There is no store `cache` in this service."),
        (", stores: [], readiness: {checks: [db]}", "`web` doesn't reach the store `db`"),
        (", stores: [db], environment: [{name: DB_HOST, value: x}]", "`DB_HOST` is not the service's to set"),
    ],
)
def test_a_workload_reaches_stores_of_its_service_only(variables: str, words: str) -> None:
    (said,) = refused("vendor: stripe}]\n  stores: [{name: db, kind: postgres", variables)
    assert words in said


def test_what_is_not_told_of_a_store_is_a_workloads_own_to_set() -> None:
    rest = "vendor: stripe}]\n  stores: [{name: db, kind: postgres"
    assert isinstance(answer(rest, ", stores: [], environment: [{name: DB_HOST, value: elsewhere}]"), Service)
