"""Types of Kubernetes Engine and Binary Authorization."""

from stacks.providers.access import member
from stacks.providers.row import GOOGLE, ResourceType

CLUSTER = "gcp:container/cluster:Cluster"

KEY_RING = "gcp:kms/keyRing:KeyRing"
KEY = "gcp:kms/cryptoKey:CryptoKey"
SERVICE_AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"

CLUSTERS: dict[str, ResourceType] = {
    "gcp:binaryauthorization/policy:Policy": ResourceType(
        f"{GOOGLE}google/services/binaryauthorization/resource_binary_authorization_policy.go",
        "projects/{project}",
        ("defaultAdmissionRule",),
        ("project",),
    ),
    KEY_RING: ResourceType(
        f"{GOOGLE}google/services/kms/resource_kms_key_ring.go",
        "projects/{project}/locations/{location}/keyRings/{name}",
        ("location",),
        ("name", "project", "location"),
        identity="its name, which can't be used again",
        is_forever=True,
    ),
    KEY: ResourceType(
        f"{GOOGLE}google/services/kms/resource_kms_crypto_key.go",
        "{keyRing}/cryptoKeys/{name}",
        ("keyRing",),
        ("name", "keyRing", "purpose", "importOnly", "destroyScheduledDuration"),
        needs={"keyRing": KEY_RING},
        data="what was encrypted with it, which nobody could read any more",
        is_forever=True,
    ),
    KEY_GRANT: member("cryptoKeyId", needs={"cryptoKeyId": KEY}),
    SERVICE_AGENT: ResourceType(
        f"{GOOGLE}google-beta/services/resourcemanager/resource_project_service_identity.go",
        "projects/{project}/services/{service}",
        ("service",),
        ("project", "service"),
        is_forever=True,
    ),
    CLUSTER: ResourceType(
        f"{GOOGLE}google/services/container/resource_container_cluster.go",
        "projects/{project}/locations/{location}/clusters/{name}",
        (),
        (
            *("name", "project", "location", "network", "subnetwork", "networkingMode", "ipAllocationPolicy"),
            *("privateClusterConfig.masterIpv4CidrBlock", "privateClusterConfig.privateEndpointSubnetwork"),
            *("datapathProvider", "initialNodeCount", "defaultMaxPodsPerNode", "description"),
            *("enableAutopilot", "nodeConfig.serviceAccount", "nodeConfig.oauthScopes"),
        ),
        minutes=7,
        data="its objects, also those that nobody here made, and all that runs on it",
    ),
    "gcp:container/nodePool:NodePool": ResourceType(
        f"{GOOGLE}google/services/container/resource_container_node_pool.go",
        "projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}",
        ("cluster",),
        (
            *("name", "project", "cluster", "location", "initialNodeCount", "maxPodsPerNode"),
            *("placementPolicy", "nodeConfig.serviceAccount", "nodeConfig.oauthScopes"),
            *("nodeConfig.metadata", "nodeConfig.shieldedInstanceConfig", "nodeConfig.preemptible"),
            *("nodeConfig.spot", "nodeConfig.minCpuPlatform", "networkConfig.podRange"),
        ),
        needs={"cluster": CLUSTER},
        minutes=2,
    ),
}
