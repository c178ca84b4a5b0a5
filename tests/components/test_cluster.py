"""The cluster of an environment and its nodes."""

import pytest

from components.design.database_proxy import IMAGE
from stacks.plan import PlannedResource
from tests.components.test_foundation import all_of, cloud_resources, one, plan, urns


def nodes_account() -> PlannedResource:
    (account,) = [r for r in all_of("gcp:serviceaccount/account:Account") if r.name == "production-nodes"]
    return account


def nodes_grants() -> list[PlannedResource]:
    return [r for r in all_of("gcp:projects/iAMMember:IAMMember") if "NodeAccount" in (r.parent or "")]


@pytest.mark.parametrize("kind", ["gcp:container/cluster:Cluster", "gcp:container/nodePool:NodePool"])
def test_cluster_and_nodes_are_in_every_zone_of_the_region(kind: str) -> None:
    inputs = one(kind).inputs
    assert inputs["location"] == "us-east1"
    assert inputs["nodeLocations"] == ["us-east1-b", "us-east1-c", "us-east1-d"]


def test_the_cluster_is_private_and_only_operators_reach_its_control_plane() -> None:
    cluster = one("gcp:container/cluster:Cluster").inputs
    assert cluster["privateClusterConfig"] == {
        "enablePrivateEndpoint": True,
        "enablePrivateNodes": True,
        "masterIpv4CidrBlock": "172.16.0.0/28",
    }
    assert cluster["masterAuthorizedNetworksConfig"] == {
        "cidrBlocks": [{"cidrBlock": "10.100.0.0/24", "displayName": "operators-0"}],
        "gcpPublicCidrsAccessEnabled": False,
        "privateEndpointEnforcementEnabled": True,
    }


def test_who_is_outside_of_the_network_comes_by_name_and_as_whoever_iam_says() -> None:
    cluster = one("gcp:container/cluster:Cluster").inputs
    assert cluster["controlPlaneEndpointsConfig"] == {"dnsEndpointConfig": {"allowExternalTraffic": True}}


def test_secrets_are_encrypted_before_they_reach_etcd_with_a_key_that_gke_may_use() -> None:
    cluster, key = one("gcp:container/cluster:Cluster"), one("gcp:kms/cryptoKey:CryptoKey")
    grant = one("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
    assert cluster.inputs["databaseEncryption"]["state"] == "ENCRYPTED"
    assert urns(cluster.inputs["databaseEncryption"]["keyName"]) == {key.urn}
    assert key.inputs["rotationPeriod"] == "7776000s"
    assert grant.inputs["role"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    assert [each for each in urns(grant.inputs["member"]) if each.endswith("::production-cluster-gke")]
    (around,) = [each for each in plan().resources if each.urn == cluster.parent]
    assert grant.urn in around.options.depends_on, "GKE is refused the key that it may not use yet"


def test_the_least_nodes_fit_the_disks_of_a_new_project() -> None:
    pool = one("gcp:container/nodePool:NodePool").inputs
    nodes = len(pool["nodeLocations"]) * pool["autoscaling"]["minNodeCount"]
    assert nodes * pool["nodeConfig"]["diskSizeGb"] <= 250
    assert one("gcp:container/cluster:Cluster").inputs["nodeConfig"]["diskType"] == "pd-standard"


def test_pods_have_identities_secrets_and_network_policies_and_run_only_known_images() -> None:
    cluster = one("gcp:container/cluster:Cluster").inputs
    assert cluster["workloadIdentityConfig"] == {"workloadPool": "acme-subscriptions-prod.svc.id.goog"}
    assert cluster["datapathProvider"] == "ADVANCED_DATAPATH"
    assert cluster["binaryAuthorization"] == {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}
    assert cluster["secretSyncConfig"]["enabled"] is True
    assert cluster["secretSyncConfig"]["rotationConfig"]["enabled"] is True
    images = one("gcp:binaryauthorization/policy:Policy").inputs
    assert images["defaultAdmissionRule"]["evaluationMode"] == "ALWAYS_DENY"
    patterns = [each["namePattern"] for each in images["admissionWhitelistPatterns"]]
    assert patterns[:2] == ["us-docker.pkg.dev/acme-registry/**", IMAGE]
    named = [pattern.partition(":")[0].rpartition("/")[2] for pattern in patterns[2:]]
    assert named == ["custom-metrics-stackdriver-adapter", "argo-rollouts"]


def test_the_cluster_is_upgraded_in_its_window_and_watched() -> None:
    cluster = one("gcp:container/cluster:Cluster").inputs
    assert cluster["releaseChannel"] == {"channel": "STABLE"}
    assert cluster["maintenancePolicy"]["recurringWindow"]["recurrence"] == "FREQ=WEEKLY;BYDAY=SU"
    assert cluster["monitoringConfig"]["managedPrometheus"] == {"enabled": True}
    assert "WORKLOADS" in cluster["loggingConfig"]["enableComponents"]


def test_nodes_scale_in_each_zone_and_are_replaced_one_by_one() -> None:
    pool = one("gcp:container/nodePool:NodePool")
    scaling = {"minNodeCount": 2, "maxNodeCount": 8, "locationPolicy": "BALANCED"}
    assert pool.inputs["autoscaling"] == scaling
    assert pool.inputs["management"] == {"autoRepair": True, "autoUpgrade": True}
    assert pool.inputs["upgradeSettings"] == {"strategy": "SURGE", "maxSurge": 1, "maxUnavailable": 0}
    assert pool.options.ignore_changes == ("initialNodeCount",)


def test_nodes_are_shielded_hide_their_credentials_and_have_an_account_of_their_own() -> None:
    account = nodes_account()
    pool = one("gcp:container/nodePool:NodePool").inputs
    assert pool["nodeConfig"]["shieldedInstanceConfig"] == {
        "enableIntegrityMonitoring": True,
        "enableSecureBoot": True,
    }
    assert pool["nodeConfig"]["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}
    assert pool["networkConfig"] == {"enablePrivateNodes": True}
    for node_config in (pool["nodeConfig"], one("gcp:container/cluster:Cluster").inputs["nodeConfig"]):
        assert urns(node_config["serviceAccount"]) == {account.urn}


def test_nodes_start_only_when_they_may_read_images_and_can_call_out() -> None:
    pool = one("gcp:container/nodePool:NodePool")
    component = next(r for r in plan().resources if r.urn == pool.parent)
    waits_for = set(component.options.depends_on) | set(pool.options.depends_on)
    assert waits_for >= {grant.urn for grant in nodes_grants()}
    assert one("gcp:compute/routerNat:RouterNat").urn in waits_for


def test_grants_are_few_and_go_to_the_account_of_the_nodes_alone() -> None:
    grants = nodes_grants()
    account = nodes_account().urn
    assert len(grants) == 5
    assert all(urns(grant.inputs["member"]) == {account} for grant in grants)
    readers = [grant.inputs for grant in grants if grant.inputs["role"] == "roles/artifactregistry.reader"]
    assert [reader["project"] for reader in readers] == ["acme-registry"]
    assert not any(r.type.startswith("gcp:serviceaccount/key:") for r in cloud_resources())
