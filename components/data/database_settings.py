"""The settings of a database's instances in Cloud SQL."""

from typing import Any

from pulumi_gcp import sql

from catalog.stores.restarted import Days
from components.data.store import StoreGround
from components.design.stores.database import DatabaseDesign, ReplicaDesign

EDITIONS = {"enterprise": "ENTERPRISE", "enterprise-plus": "ENTERPRISE_PLUS"}
AVAILABILITY_TYPES = {"regional": "REGIONAL", "zonal": "ZONAL"}
SSL_MODES = {"required": "ENCRYPTED_ONLY", "optional": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}

BY_CERTIFICATE = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
"""Google's connectors get a certificate for each connection, and nobody else has one
(https://cloud.google.com/sql/docs/postgres/configure-ssl-instance). This keeps others out where the setting
that asks for connectors can't be: of an instance with a private address that has it, Cloud SQL makes no read
replica (https://cloud.google.com/sql/docs/postgres/replication/create-replica)."""


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


def of_primary(design: DatabaseDesign, ground: StoreGround) -> sql.DatabaseInstanceSettingsArgs:
    """Those of the instance that is written to."""
    return sql.DatabaseInstanceSettingsArgs(
        **_common(design, ground),
        availability_type=AVAILABILITY_TYPES[design.availability],
        retain_backups_on_delete=design.backup.enabled,
        final_backup_config=_final_backup(design.backup.kept_after_deletion_days),
        location_preference=sql.DatabaseInstanceSettingsLocationPreferenceArgs(
            zone=design.zone, secondary_zone=design.standby_zone
        ),
        backup_configuration=sql.DatabaseInstanceSettingsBackupConfigurationArgs(
            enabled=design.backup.enabled,
            start_time=f"{design.backup.start_hour:02}:00",
            point_in_time_recovery_enabled=None if design.HAS_BINARY_LOG else design.backup.point_in_time,
            binary_log_enabled=design.backup.point_in_time if design.HAS_BINARY_LOG else None,
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
    )


def of_replica(
    design: DatabaseDesign, replica: ReplicaDesign, ground: StoreGround
) -> sql.DatabaseInstanceSettingsArgs:
    """Those of a copy that is only read, whose flags are no lower than the first's
    (https://cloud.google.com/sql/docs/postgres/replication#read-replica-requirements). It has no backups, no
    standby and no time of maintenance of its own: it gets a new version when the first does."""
    return sql.DatabaseInstanceSettingsArgs(
        **_common(design, ground),
        availability_type=AVAILABILITY_TYPES["zonal"],
        location_preference=sql.DatabaseInstanceSettingsLocationPreferenceArgs(zone=replica.zone),
    )


def _common(design: DatabaseDesign, ground: StoreGround) -> dict[str, Any]:
    is_private = design.access == "private"
    foundation = ground.foundation
    by_certificate = design.only_connectors and bool(design.replicas)
    by_connectors = design.only_connectors and not design.replicas
    return {
        "tier": design.tier,
        "edition": EDITIONS[design.edition],
        "connector_enforcement": "REQUIRED" if by_connectors else "NOT_REQUIRED",
        "deletion_protection_enabled": design.protected,
        "disk_type": "PD_SSD",
        "disk_size": design.disk_gb,
        "disk_autoresize": design.disk_autoresize,
        "ip_configuration": sql.DatabaseInstanceSettingsIpConfigurationArgs(
            ipv4_enabled=not is_private,
            private_network=foundation.network if is_private else None,
            allocated_ip_range=foundation.private_range if is_private else None,
            ssl_mode=BY_CERTIFICATE if by_certificate else SSL_MODES[design.encryption],
        ),
        "insights_config": sql.DatabaseInstanceSettingsInsightsConfigArgs(
            query_insights_enabled=True, record_application_tags=True, record_client_address=False
        ),
        "database_flags": [
            sql.DatabaseInstanceSettingsDatabaseFlagArgs(name=setting.name, value=setting.value)
            for setting in design.settings
        ],
        "user_labels": ground.labels,
    }
