"""Types of Kubernetes Engine and Binary Authorization."""

from stacks.providers.row import GOOGLE, ResourceType

CLUSTER = "gcp:container/cluster:Cluster"

CLUSTERS: dict[str, ResourceType] = {
    "gcp:binaryauthorization/policy:Policy": ResourceType(
        f"{GOOGLE}google/services/binaryauthorization/resource_binary_authorization_policy.go",
        "projects/{project}",
        ("defaultAdmissionRule",),
        ("project",),
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
