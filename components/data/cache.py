"""A service's Redis."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import redis

from components.design.store_model import StoreDesign
from components.design.workloads import store_variable
from components.identity.secrets import SecretHolder
from components.paved import Paved

TIERS = {"regional": "STANDARD_HA", "zonal": "BASIC"}
TRANSIT_ENCRYPTION_MODES = {"required": "SERVER_AUTHENTICATION", "optional": "DISABLED"}
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Cache(Paved, area="service"):
    """A Memorystore instance. A regional one has a replica in another zone, and fails over by itself.

    Its AUTH string is made by Google and is a secret output, as the SDK marks it. Workloads read it from a
    holder in Secret Manager, into which it is written as soon as there is one."""

    design: StoreDesign
    instance: redis.Instance

    def __init__(
        self,
        design: StoreDesign,
        *,
        network: pulumi.Input[str],
        private_range: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.design = design
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
            authorized_network=network,
            reserved_ip_range=private_range,
            auth_enabled=design.authentication,
            transit_encryption_mode=TRANSIT_ENCRYPTION_MODES[design.encryption],
            persistence_config=_persistence(design),
            maintenance_policy=_maintenance(design),
            deletion_protection=design.protected,
            labels=labels,
            opts=self.stateful(protected=design.protected),
        )
        self.register_outputs({"host": self.instance.host})

    def variables(self) -> dict[str, pulumi.Input[str]]:
        """What workloads are told: address, port, and the certificates of those who sign its own, in PEM.
        There are two while Google changes them."""
        design = self.design
        values: dict[str, pulumi.Input[str]] = {"host": self.instance.host, "port": str(design.ports[0])}
        if design.encryption == "required":
            values["ca"] = self.instance.server_ca_certs.apply(
                lambda certificates: "\n".join(certificate.cert or "" for certificate in certificates)
            )
        return {store_variable(design.name, what): value for what, value in values.items()}


def write_passwords(
    caches: Sequence[Cache], holders: Mapping[str, SecretHolder], project: str
) -> dict[str, pulumi.Resource]:
    """Writes those that caches ask for into their holders, which are by the names of secrets. Gives the
    versions by the same names: pods that read one wait for it."""
    passwords = {cache.design.name: cache.instance.auth_string for cache in caches}
    return {
        name: holder.write(passwords[holder.design.store], project)
        for name, holder in holders.items()
        if holder.design.store is not None
    }


def _persistence(design: StoreDesign) -> redis.InstancePersistenceConfigArgs:
    if not design.backup.enabled:
        return redis.InstancePersistenceConfigArgs(persistence_mode="DISABLED")
    return redis.InstancePersistenceConfigArgs(persistence_mode="RDB", rdb_snapshot_period="ONE_HOUR")


def _maintenance(design: StoreDesign) -> redis.InstanceMaintenancePolicyArgs:
    start = redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowStartTimeArgs(
        hours=design.maintenance.hour, minutes=0, seconds=0, nanos=0
    )
    window = redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowArgs(
        day=DAYS[design.maintenance.day - 1], start_time=start
    )
    return redis.InstanceMaintenancePolicyArgs(weekly_maintenance_windows=[window])
