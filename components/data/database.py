"""A service's PostgreSQL."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import sql

from catalog.kinds.store_spec import Days
from components.design.model import Account as AccountDesign
from components.design.model import Migration
from components.design.store_model import StoreDesign
from components.design.workloads import store_variable
from components.identity.accounts import Account
from components.paved import Paved

EDITIONS = {"enterprise": "ENTERPRISE", "enterprise-plus": "ENTERPRISE_PLUS"}
AVAILABILITY_TYPES = {"regional": "REGIONAL", "zonal": "ZONAL"}
SSL_MODES = {"required": "ENCRYPTED_ONLY", "optional": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}


class Database(Paved, area="service"):
    """A Cloud SQL instance with one database, and `users` who log in as themselves: there is no password.

    Those of `migrations` that are for it have roles inside, and grant the others what they may do.
    A regional one needs backups and point-in-time recovery
    (https://cloud.google.com/sql/docs/postgres/high-availability), and Enterprise Plus takes other tiers
    than Enterprise (https://cloud.google.com/sql/docs/postgres/editions-intro): rules judge that."""

    design: StoreDesign
    instance: sql.DatabaseInstance

    def __init__(
        self,
        design: StoreDesign,
        *,
        users: Sequence[Account],
        migrations: Sequence[Migration],
        network: pulumi.Input[str],
        private_range: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.design = design
        self.instance = sql.DatabaseInstance(
            design.resource,
            name=design.resource,
            region=design.region,
            database_version=design.engine,
            deletion_protection=design.protected,
            settings=_settings(design, network, private_range, labels),
            opts=self.stateful(protected=design.protected),
        )
        if design.database is not None:
            # Old states call the first after its service, which could have only one.
            former = [pulumi.Alias(name=design.database)] if design.is_first else []
            sql.Database(
                f"{design.resource}-{design.database}",
                name=design.database,
                instance=self.instance.name,
                charset="UTF8",
                opts=self.stateful(protected=design.protected, aliases=former),
            )
        roles = {each.run.account: each.roles for each in migrations if each.database == design.resource}
        for user in users:
            sql.User(
                f"{design.resource}-{user.design.account_id}",
                name=user.design.database_user,
                instance=self.instance.name,
                type="CLOUD_IAM_SERVICE_ACCOUNT",
                database_roles=roles.get(user.design.account_id),
                deletion_policy="ABANDON",  # PostgreSQL keeps a user who owns something
                opts=self.child(depends_on=[user.account]),
            )
        self.register_outputs({"connection_name": self.instance.connection_name})

    def variables(self, user: AccountDesign, port: int) -> dict[str, pulumi.Input[str]]:
        """What a workload that logs in as `user` is told: address, port, database, user, instance. The
        address is the pod's own, at whose `port` the proxy takes connections."""
        design = self.design
        values: dict[str, pulumi.Input[str]] = {
            "host": "127.0.0.1",
            "port": str(port),
            "name": design.database or "",
            "user": user.database_user,
            "instance": self.instance.connection_name,
        }
        return {store_variable(design.name, what): value for what, value in values.items()}


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


def _settings(
    design: StoreDesign,
    network: pulumi.Input[str],
    private_range: pulumi.Input[str],
    labels: Mapping[str, str],
) -> sql.DatabaseInstanceSettingsArgs:
    is_private = design.access == "private"
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
            private_network=network if is_private else None,
            allocated_ip_range=private_range if is_private else None,
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
        user_labels=labels,
    )
