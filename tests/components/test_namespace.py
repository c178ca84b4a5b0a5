from tests.components.service_plans import all_of, named, one

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
    "ports": [{"protocol": "TCP", "port": port} for port in (3307, 5432, 6378)],
}
INTERNET = {
    "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}],
    "ports": [{"protocol": "TCP", "port": 443}],
}


def test_what_no_policy_lets_through_is_refused() -> None:
    assert named(":NetworkPolicy", "customersdot-default-deny").inputs["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


def test_pods_reach_name_servers_their_identity_their_stores_and_https_outside() -> None:
    assert named(":NetworkPolicy", "customersdot-outgoing").inputs["spec"] == {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [NAME_SERVERS, METADATA, STORES, INTERNET],
    }


def test_a_service_that_calls_nobody_reaches_nobody() -> None:
    spec = named(":NetworkPolicy", "status-page-outgoing", "status-page").inputs["spec"]
    assert spec["egress"] == [NAME_SERVERS, METADATA]


def test_every_object_of_a_service_is_in_its_namespace() -> None:
    assert one(":Namespace").inputs["metadata"]["name"] == "customersdot"
    objects = [
        r for r in all_of("") if r.type.startswith("kubernetes:") and not r.type.endswith(":Namespace")
    ]
    assert {r.inputs["metadata"]["namespace"] for r in objects} == {"customersdot"}


def test_a_service_on_machines_needs_no_namespace() -> None:
    assert all_of(":Namespace", "back-office") == []
