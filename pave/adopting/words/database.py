"""An instance of Cloud SQL, which a store is."""

import re
from typing import Any

from components.data.database_settings import AVAILABILITY_TYPES, EDITIONS, SSL_MODES
from pave.adopting.word import Saying, WordContext, field, one_of

TYPE = "gcp:sql/databaseInstance:DatabaseInstance"


def _version(value: Any, _: WordContext) -> Saying:
    """`14` of POSTGRES_14, `8.4` of MYSQL_8_4."""
    found = re.fullmatch(r"(?:POSTGRES|MYSQL)_(\d+(?:_\d+)?)", str(value))
    return [(("version",), found[1].replace("_", "."))] if found else []


def _size(value: Any, context: WordContext) -> Saying:
    """The environment's size that has the machine: one says both, by edition."""
    for size in context.environment.sizes:
        if value in {size.postgres_tier, size.postgres_plus_tier}:
            return [(("size",), size.name)]
    return []


def _start_hour(value: Any, _: WordContext) -> Saying:
    found = re.fullmatch(r"(\d\d):00", str(value))
    return [(("backup", "startHour"), int(found[1]))] if found else []


_BACKUP = "settings.backupConfiguration"

WORDS = {
    "databaseVersion": _version,
    "settings.tier": _size,
    "settings.edition": one_of(("edition",), {cloud: word for word, cloud in EDITIONS.items()}),
    "settings.availabilityType": one_of(
        ("availability",), {cloud: word for word, cloud in AVAILABILITY_TYPES.items()}
    ),
    "settings.diskSize": field("diskGb"),
    "settings.diskAutoresize": field("diskAutoresize"),
    "settings.ipConfiguration.ipv4Enabled": one_of(("access",), {True: "public", False: "private"}),
    "settings.ipConfiguration.sslMode": one_of(
        ("encryption",), {cloud: word for word, cloud in SSL_MODES.items()}
    ),
    f"{_BACKUP}.enabled": field("backup", "enabled"),
    f"{_BACKUP}.pointInTimeRecoveryEnabled": field("backup", "pointInTime"),
    f"{_BACKUP}.binaryLogEnabled": field("backup", "pointInTime"),
    f"{_BACKUP}.transactionLogRetentionDays": field("backup", "logDays"),
    f"{_BACKUP}.backupRetentionSettings.retainedBackups": field("backup", "retained"),
    f"{_BACKUP}.startTime": _start_hour,
    "settings.maintenanceWindow.day": field("maintenance", "day"),
    "settings.maintenanceWindow.hour": field("maintenance", "hour"),
}
