"""A service's database in Cloud SQL."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import sql

from catalog.stores.restarted import Days
from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.database import DatabaseDesign

EDITIONS = {"enterprise": "ENTERPRISE", "enterprise-plus": "ENTERPRISE_PLUS"}
AVAILABILITY_TYPES = {"regional": "REGIONAL", "zonal": "ZONAL"}
SSL_MODES = {"required": "ENCRYPTED_ONLY", "optional": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}


class Database(Store, area="service"):
    """A Cloud SQL instance with one database, and `users` who log in as themselves: there is no password.

    Those of `migrations` that are for it have roles inside, and grant the others what they may do.
    A regional one needs backups and point-in-time recovery
    (https://cloud.google.com/sql/docs/postgres/high-availability), and Enterprise Plus takes other tiers
    than Enterprise (https://cloud.google.com/sql/docs/postgres/editions-intro): rules judge that."""

    instance: sql.DatabaseInstance

    def __init__(
        self, design: DatabaseDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self._design = design
        self._accounts = ground.accounts
        self.instance = sql.DatabaseInstance(
            design.resource,
            name=design.resource,
            region=design.region,
            database_version=design.engine,
            deletion_protection=design.protected,
            settings=_settings(design, ground),
            opts=self.stateful(protected=design.protected),
        )
        # Old states call the first after its service, which could have only one.
        former = [pulumi.Alias(name=design.database)] if design.is_first else []
        sql.Database(
            f"{design.resource}-{design.database}",
            name=design.database,
            instance=self.instance.name,
            charset=design.charset,
            opts=self.stateful(protected=design.protected, aliases=former),
        )
        own = [each for each in ground.migrations if each.database == design.resource]
        roles = {each.run.account: each.roles for each in own}
        for user in dict.fromkeys(ground.accounts.values()):
            if design.resource not in user.design.databases:
                continue
            sql.User(
                f"{design.resource}-{user.design.account_id}",
                name=design.user(user.design.email),
                instance=self.instance.name,
                type="CLOUD_IAM_SERVICE_ACCOUNT",
                database_roles=roles.get(user.design.account_id),
                deletion_policy="ABANDON",  # PostgreSQL keeps a user who owns something
                opts=self.child(depends_on=[user.account]),
            )
        self.register_outputs({"connection_name": self.instance.connection_name})

    @property
    def where(self) -> pulumi.Input[str]:
        """By what Google's connectors find it."""
        return self.instance.connection_name

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """Address, port, database, user, instance. The address is the pod's own, at whose port the proxy
        takes connections: without one it is told nothing."""
        design, proxied = self._design, workload.proxy.databases if workload.proxy is not None else ()
        ports = {each.resource: each.port for each in proxied}
        if design.resource not in ports:
            return {}
        return {
            "host": "127.0.0.1",
            "port": str(ports[design.resource]),
            "name": design.database,
            "user": design.login(self._accounts[workload.name].design.email),
            "instance": self.instance.connection_name,
        }


def _final_backup(days: int) -> sql.DatabaseInstanceSettingsFinalBackupConfigArgs:
    """https://cloud.google.com/sql/docs/postgres/backup-recovery/final-backups"""
    if days == 0:
        return sql.DatabaseInstanceSettingsFinalBackupConfigArgs(enabled=False)
    return sql.DatabaseInstanceSettingsFinalBackupConfigArgs(enabled=True, retention_days=days)


def _never(days: Days | None) -> sql.DatabaseInstanceSettingsDenyMaintenancePeriodArgs | None:
    """Whole days, every year."""
    if days is None:
        return None
    return sql.DatabaseInstanceSettingsDenyMaintenancePeriodArgs(
        start_date=days.first, end_date=days.last, time="00:00:00"
    )


def _settings(design: DatabaseDesign, ground: StoreGround) -> sql.DatabaseInstanceSettingsArgs:
    is_private = design.access == "private"
    foundation = ground.foundation
    return sql.DatabaseInstanceSettingsArgs(
        tier=design.tier,
        edition=EDITIONS[design.edition],
        availability_type=AVAILABILITY_TYPES[design.availability],
        connector_enforcement="REQUIRED" if design.only_connectors else "NOT_REQUIRED",
        deletion_protection_enabled=design.protected,
        retain_backups_on_delete=design.backup.enabled,
        final_backup_config=_final_backup(design.backup.kept_after_deletion_days),
        disk_type="PD_SSD",
        disk_size=design.disk_gb,
        disk_autoresize=design.disk_autoresize,
        location_preference=sql.DatabaseInstanceSettingsLocationPreferenceArgs(
            zone=design.zone, secondary_zone=design.standby_zone
        ),
        ip_configuration=sql.DatabaseInstanceSettingsIpConfigurationArgs(
            ipv4_enabled=not is_private,
            private_network=foundation.network if is_private else None,
            allocated_ip_range=foundation.private_range if is_private else None,
            ssl_mode=SSL_MODES[design.encryption],
        ),
        backup_configuration=sql.DatabaseInstanceSettingsBackupConfigurationArgs(
            enabled=design.backup.enabled,
            start_time=f"{design.backup.start_hour:02}:00",
            point_in_time_recovery_enabled=design.backup.point_in_time,
            transaction_log_retention_days=design.backup.log_days,
            backup_retention_settings=(
                sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs(
                    retained_backups=design.backup.retained, retention_unit="COUNT"
                )
            ),
        ),
        maintenance_window=sql.DatabaseInstanceSettingsMaintenanceWindowArgs(
            day=design.maintenance.day, hour=design.maintenance.hour, update_track=design.update_track
        ),
        deny_maintenance_period=_never(design.maintenance.never),
        insights_config=sql.DatabaseInstanceSettingsInsightsConfigArgs(
            query_insights_enabled=True, record_application_tags=True, record_client_address=False
        ),
        database_flags=[
            sql.DatabaseInstanceSettingsDatabaseFlagArgs(name=setting.name, value=setting.value)
            for setting in design.settings
        ],
        user_labels=ground.labels,
    )
