"""A service's Valkey."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_gcp import memorystore

from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.kinds.valkey import ValkeyDesign

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
PRIMARY = "CONNECTION_TYPE_PRIMARY"


class Valkey(Store, area="service"):
    """A Memorystore instance without cluster mode. A regional one has a replica in another zone, and fails
    over by itself. Its endpoint is made in the environment's network, as the policy there lets it be.

    There is no password: a workload logs in with its own access token, which its account has a right for."""

    instance: memorystore.Instance

    def __init__(
        self, design: ValkeyDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self._design = design
        is_spread = design.availability == "regional"
        self.instance = memorystore.Instance(
            design.resource,
            instance_id=design.resource,
            location=design.region,
            mode="CLUSTER_DISABLED",
            shard_count=1,
            replica_count=design.replicas,
            node_type=design.node_type,
            engine_version=design.engine,
            engine_configs={setting.name: setting.value for setting in design.settings},
            authorization_mode="IAM_AUTH" if design.authentication else "AUTH_DISABLED",
            transit_encryption_mode=(
                "SERVER_AUTHENTICATION" if design.encryption == "required" else "TRANSIT_ENCRYPTION_DISABLED"
            ),
            zone_distribution_config=memorystore.InstanceZoneDistributionConfigArgs(
                mode="MULTI_ZONE" if is_spread else "SINGLE_ZONE", zone=None if is_spread else design.zone
            ),
            desired_auto_created_endpoints=[
                memorystore.InstanceDesiredAutoCreatedEndpointArgs(
                    network=ground.foundation.network, project_id=ground.project
                )
            ],
            persistence_config=_persistence(design),
            maintenance_policy=_maintenance(design),
            deletion_protection_enabled=design.protected,
            labels=ground.labels,
            opts=self.stateful(protected=design.protected),
        )
        self.register_outputs({"host": self.where})

    @property
    def where(self) -> pulumi.Input[str]:
        """The address of its primary, which is the same after a failover."""
        return self.instance.endpoints.apply(_primary)

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """Address, port, and the certificates of those who sign its own, in PEM."""
        design = self._design
        values: dict[str, pulumi.Input[str]] = {"host": self.where, "port": str(design.ports[0])}
        if design.encryption == "required":
            values["ca"] = self.instance.managed_server_cas.apply(_certificates)
        return values


component = Valkey


def _primary(endpoints: Any) -> str:
    found = (each.psc_auto_connection for endpoint in endpoints for each in endpoint.connections or ())
    return next((str(each.ip_address) for each in found if each.connection_type == PRIMARY), "")


def _certificates(authorities: Any) -> str:
    chains = (chain for authority in authorities for chain in authority.ca_certs or ())
    return "\n".join(certificate for chain in chains for certificate in chain.certificates or ())


def _persistence(design: ValkeyDesign) -> memorystore.InstancePersistenceConfigArgs:
    if not design.backup.enabled:
        return memorystore.InstancePersistenceConfigArgs(mode="DISABLED")
    hourly = memorystore.InstancePersistenceConfigRdbConfigArgs(rdb_snapshot_period="ONE_HOUR")
    return memorystore.InstancePersistenceConfigArgs(mode="RDB", rdb_config=hourly)


def _maintenance(design: ValkeyDesign) -> memorystore.InstanceMaintenancePolicyArgs:
    start = memorystore.InstanceMaintenancePolicyWeeklyMaintenanceWindowStartTimeArgs(
        hours=design.maintenance.hour
    )
    window = memorystore.InstanceMaintenancePolicyWeeklyMaintenanceWindowArgs(
        day=DAYS[design.maintenance.day - 1], start_time=start
    )
    return memorystore.InstanceMaintenancePolicyArgs(weekly_maintenance_windows=[window])
