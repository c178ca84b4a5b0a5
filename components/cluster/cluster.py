"""The regional Kubernetes cluster of an environment, and its nodes."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import container

from components.design.foundation.model import ClusterDesign, NodePoolDesign
from components.paved import Paved

NODE_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
"""Access is what the account is granted, not the scope:
https://cloud.google.com/kubernetes-engine/docs/how-to/access-scopes."""


class Cluster(Paved, area="foundation"):
    """A control plane in every zone, and nodes without public addresses in separate pools.

    `node_account` is the email that nodes run as, `secrets_key` the id of the key in Cloud KMS that secrets
    are encrypted with."""

    cluster: container.Cluster
    dns_endpoint: pulumi.Output[str]

    def __init__(
        self,
        design: ClusterDesign,
        *,
        network_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        pods_range: str,
        services_range: str,
        node_account: pulumi.Input[str],
        secrets_key: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.cluster = container.Cluster(
            design.resource,
            name=design.resource,
            location=design.region,
            node_locations=design.zones,
            deletion_protection=design.protected,
            network=network_id,
            subnetwork=subnet_id,
            networking_mode="VPC_NATIVE",
            ip_allocation_policy=container.ClusterIpAllocationPolicyArgs(
                cluster_secondary_range_name=pods_range, services_secondary_range_name=services_range
            ),
            datapath_provider="ADVANCED_DATAPATH",  # the one that enforces network policies
            enable_fqdn_network_policy=True,  # and those that name hosts
            private_cluster_config=container.ClusterPrivateClusterConfigArgs(
                enable_private_nodes=True,
                enable_private_endpoint=design.has_private_endpoint_only,
                master_ipv4_cidr_block=design.control_plane,
            ),
            master_authorized_networks_config=_operators(design),
            # Who is outside of the network comes by name, and as whoever IAM says that it is:
            # https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-based_endpoint
            control_plane_endpoints_config=container.ClusterControlPlaneEndpointsConfigArgs(
                dns_endpoint_config=container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
                    allow_external_traffic=True
                )
            ),
            database_encryption=container.ClusterDatabaseEncryptionArgs(
                state="ENCRYPTED", key_name=secrets_key
            ),
            workload_identity_config=container.ClusterWorkloadIdentityConfigArgs(
                workload_pool=design.workload_pool
            ),
            binary_authorization=container.ClusterBinaryAuthorizationArgs(
                evaluation_mode="PROJECT_SINGLETON_POLICY_ENFORCE"
            ),
            enable_shielded_nodes=True,
            security_posture_config=container.ClusterSecurityPostureConfigArgs(mode="BASIC"),
            release_channel=container.ClusterReleaseChannelArgs(channel=design.release_channel),
            maintenance_policy=container.ClusterMaintenancePolicyArgs(
                recurring_window=container.ClusterMaintenancePolicyRecurringWindowArgs(
                    start_time=design.maintenance.start,
                    end_time=design.maintenance.end,
                    recurrence=design.maintenance.recurrence,
                )
            ),
            logging_config=container.ClusterLoggingConfigArgs(enable_components=design.log_components),
            monitoring_config=container.ClusterMonitoringConfigArgs(
                enable_components=design.metric_components,
                managed_prometheus=container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=True),
            ),
            addons_config=container.ClusterAddonsConfigArgs(
                dns_cache_config=container.ClusterAddonsConfigDnsCacheConfigArgs(enabled=True),
                horizontal_pod_autoscaling=container.ClusterAddonsConfigHorizontalPodAutoscalingArgs(
                    disabled=False
                ),
                http_load_balancing=container.ClusterAddonsConfigHttpLoadBalancingArgs(disabled=False),
            ),
            # Pods read Secret Manager's secrets as Kubernetes' own, and their next versions too.
            secret_sync_config=container.ClusterSecretSyncConfigArgs(
                enabled=True,
                rotation_config=container.ClusterSecretSyncConfigRotationConfigArgs(
                    enabled=True, rotation_interval="120s"
                ),
            ),
            cost_management_config=container.ClusterCostManagementConfigArgs(enabled=True),
            resource_labels=labels,
            # GKE can't make a cluster without a pool. This one lives for minutes, but not as the project's
            # default account, which may edit everything; afterwards nothing is left to compare it with.
            remove_default_node_pool=True,
            initial_node_count=1,
            node_config=container.ClusterNodeConfigArgs(
                service_account=node_account, oauth_scopes=NODE_SCOPES, disk_type="pd-standard"
            ),
            opts=self.stateful(protected=design.protected, ignore_changes=["node_config"]),
        )
        # Known once the cluster is, which what was asked for would hide.
        named = self.cluster.control_plane_endpoints_config.apply(_dns_name)
        self.dns_endpoint = pulumi.Output.all(self.cluster.self_link, named).apply(lambda both: str(both[1]))
        self.register_outputs({"name": self.cluster.name, "endpoint": self.cluster.endpoint})


def _dns_name(config: container.outputs.ClusterControlPlaneEndpointsConfig) -> str:
    return (config.dns_endpoint_config and config.dns_endpoint_config.endpoint) or ""


def _operators(design: ClusterDesign) -> container.ClusterMasterAuthorizedNetworksConfigArgs:
    return container.ClusterMasterAuthorizedNetworksConfigArgs(
        cidr_blocks=[
            container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(
                display_name=operators.name, cidr_block=operators.cidr
            )
            for operators in design.operators
        ],
        gcp_public_cidrs_access_enabled=False,
        private_endpoint_enforcement_enabled=True,
    )


class NodePool(Paved, area="foundation"):
    """Nodes in every zone that repair and upgrade themselves: first a new one, then the old one goes."""

    def __init__(
        self,
        design: NodePoolDesign,
        *,
        cluster: pulumi.Input[str],
        account: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        container.NodePool(
            design.resource,
            name=design.resource,
            cluster=cluster,
            location=design.region,
            node_locations=design.zones,
            initial_node_count=design.least_per_zone,
            autoscaling=container.NodePoolAutoscalingArgs(
                min_node_count=design.least_per_zone,
                max_node_count=design.most_per_zone,
                location_policy="BALANCED",
            ),
            management=container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
            upgrade_settings=container.NodePoolUpgradeSettingsArgs(
                strategy="SURGE", max_surge=design.max_surge, max_unavailable=design.max_unavailable
            ),
            max_pods_per_node=design.pods_per_node,
            network_config=container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
            node_config=container.NodePoolNodeConfigArgs(
                machine_type=design.machine_type,
                image_type="COS_CONTAINERD",
                disk_type="pd-balanced",
                disk_size_gb=design.disk_gb,
                service_account=account,
                oauth_scopes=NODE_SCOPES,
                workload_metadata_config=container.NodePoolNodeConfigWorkloadMetadataConfigArgs(
                    mode="GKE_METADATA"
                ),
                shielded_instance_config=container.NodePoolNodeConfigShieldedInstanceConfigArgs(
                    enable_secure_boot=True, enable_integrity_monitoring=True
                ),
                metadata={"disable-legacy-endpoints": "true"},
                resource_labels=labels,
            ),
            # A change would replace the pool; after the first day the autoscaler decides anyway.
            opts=self.child(ignore_changes=["initial_node_count"]),
        )
        self.register_outputs({})
