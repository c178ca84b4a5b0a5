"""A service's Redis."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import redis

from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.kinds.redis import RedisDesign

TIERS = {"regional": "STANDARD_HA", "zonal": "BASIC"}
TRANSIT_ENCRYPTION_MODES = {"required": "SERVER_AUTHENTICATION", "optional": "DISABLED"}
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Cache(Store, area="service"):
    """A Memorystore instance. A regional one has a replica in another zone, and fails over by itself.

    Its AUTH string is made by Google and is a secret output, as the SDK marks it. Workloads read it from a
    holder in Secret Manager, into which it is written as soon as there is one."""

    instance: redis.Instance

    def __init__(
        self, design: RedisDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self._design = design
        self.instance = redis.Instance(
            design.resource,
            name=design.resource,
            region=design.region,
            tier=TIERS[design.availability],
            location_id=design.zone,
            alternative_location_id=design.standby_zone,
            memory_size_gb=design.memory_gb,
            redis_version=design.engine,
            redis_configs={setting.name: setting.value for setting in design.settings},
            connect_mode="PRIVATE_SERVICE_ACCESS",
            authorized_network=ground.foundation.network,
            reserved_ip_range=ground.foundation.private_range,
            auth_enabled=design.authentication,
            transit_encryption_mode=TRANSIT_ENCRYPTION_MODES[design.encryption],
            persistence_config=_persistence(design),
            maintenance_policy=_maintenance(design),
            deletion_protection=design.protected,
            labels=ground.labels,
            opts=self.stateful(protected=design.protected),
        )
        self.register_outputs({"host": self.instance.host})

    @property
    def where(self) -> pulumi.Input[str]:
        """Its address."""
        return self.instance.host

    @property
    def password(self) -> pulumi.Output[str] | None:
        """Its AUTH string."""
        return self.instance.auth_string if self._design.authentication else None

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """Address, port, and the certificates of those who sign its own, in PEM. There are two while Google
        changes them."""
        design = self._design
        values: dict[str, pulumi.Input[str]] = {"host": self.instance.host, "port": str(design.ports[0])}
        if design.encryption == "required":
            values["ca"] = self.instance.server_ca_certs.apply(
                lambda certificates: "\n".join(certificate.cert or "" for certificate in certificates)
            )
        return values


component = Cache


def _persistence(design: RedisDesign) -> redis.InstancePersistenceConfigArgs:
    if not design.backup.enabled:
        return redis.InstancePersistenceConfigArgs(persistence_mode="DISABLED")
    return redis.InstancePersistenceConfigArgs(persistence_mode="RDB", rdb_snapshot_period="ONE_HOUR")


def _maintenance(design: RedisDesign) -> redis.InstanceMaintenancePolicyArgs:
    start = redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowStartTimeArgs(
        hours=design.maintenance.hour, minutes=0, seconds=0, nanos=0
    )
    window = redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowArgs(
        day=DAYS[design.maintenance.day - 1], start_time=start
    )
    return redis.InstanceMaintenancePolicyArgs(weekly_maintenance_windows=[window])
