from pathlib import Path

from catalog.loader import load
from stacks.plan import Planner
from stacks.stack import service_stack
from tests.components.service_plans import CATALOG, HEAD, all_of, named, one

PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]
NAME_SERVERS = {
    "to": [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}},
        {"ipBlock": {"cidr": "169.254.20.10/32"}},
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}
METADATA = {"to": [{"ipBlock": {"cidr": "169.254.169.254/32"}}], "ports": [{"protocol": "TCP", "port": 80}]}
STORES = {
    "to": [{"ipBlock": {"cidr": "10.16.0.0/20"}}],
    "ports": [{"protocol": "TCP", "port": port} for port in (3307, 6378)],
}
HOSTS = [
    *("acme.my.salesforce.com", "api.mailgun.net", "api.stripe.com", "gitlab.com"),
    *("logging.googleapis.com", "monitoring.googleapis.com", "rest.zuora.com", "sqladmin.googleapis.com"),
]
INTERNET = {
    "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}],
    "ports": [{"protocol": "TCP", "port": 443}],
}


def test_what_no_policy_lets_through_is_refused() -> None:
    assert named(":NetworkPolicy", "customersdot-default-deny").inputs["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


def test_pods_reach_name_servers_their_identity_and_their_stores() -> None:
    assert named(":NetworkPolicy", "customersdot-outgoing").inputs["spec"] == {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [NAME_SERVERS, METADATA, STORES],
    }


def test_pods_reach_the_hosts_of_their_vendors_and_of_google_by_name_and_over_https() -> None:
    policies = all_of(":FQDNNetworkPolicy")
    assert [policy.inputs["metadata"]["name"] for policy in policies] == HOSTS
    assert policies[0].inputs["spec"] == {
        "podSelector": {},
        "egress": [{"matches": [{"name": HOSTS[0]}], "ports": [{"protocol": "TCP", "port": 443}]}],
    }


def test_a_service_that_calls_nobody_only_tells_google_how_it_is() -> None:
    spec = named(":NetworkPolicy", "status-page-outgoing", "status-page").inputs["spec"]
    assert spec["egress"] == [NAME_SERVERS, METADATA]
    called = [policy.inputs["metadata"]["name"] for policy in all_of(":FQDNNetworkPolicy", "status-page")]
    assert called == ["logging.googleapis.com", "monitoring.googleapis.com"]


def test_names_below_a_host_are_a_pattern_and_what_nobody_names_is_the_internet(tmp_path: Path) -> None:
    texts = {
        "exchange": "{apiVersion: pave/v1, kind: Vendor, metadata: {name: exchange},"
        " spec: {availability: 99.9, evidence: assumed, hosts: ['*.vendor.example']}}",
        "fax": "{apiVersion: pave/v1, kind: Vendor, metadata: {name: fax},"
        " spec: {availability: 99.9, evidence: assumed}}",
        "switchboard": HEAD.format(name="switchboard", tier="standard")
        + """
  workloads: [{name: web, image: "us-docker.pkg.dev/acme-registry/switchboard/app:1"}]
  dependencies: [{name: calls, vendor: exchange}, {name: fax, vendor: fax}]
""",
    }
    paths = [tmp_path / f"{name}.yaml" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    planned = Planner(load(CATALOG, paths)).plan(service_stack("switchboard", "production")).resources
    by_name = {r.name: r.inputs for r in planned if r.type.endswith("NetworkPolicy")}
    policy = by_name["switchboard-*.vendor.example"]
    assert policy["metadata"]["name"] == "any.vendor.example"
    assert policy["spec"]["egress"][0]["matches"] == [{"pattern": "*.vendor.example"}]
    assert by_name["switchboard-outgoing"]["spec"]["egress"] == [NAME_SERVERS, METADATA, INTERNET]


def test_every_object_of_a_service_is_in_its_namespace() -> None:
    assert one(":Namespace").inputs["metadata"]["name"] == "customersdot"
    objects = [
        r for r in all_of("") if r.type.startswith("kubernetes:") and not r.type.endswith(":Namespace")
    ]
    own = [r for r in objects if not r.type.endswith(":GlobalRules")]  # they read what no namespace has
    assert len(objects) - len(own) == 1
    assert {r.inputs["metadata"]["namespace"] for r in own} == {"customersdot"}


def test_a_service_on_machines_needs_no_namespace() -> None:
    assert all_of(":Namespace", "back-office") == []
