"""What a store's topology gives after a loss, to be held against what its service promises."""

from typing import Literal

import msgspec

from catalog.kinds.service_spec import Recovery
from catalog.stores.database import Database

Loss = Literal["a zone", "data by mistake", "the region"]
Means = Literal["failover", "transaction log", "backup", "copies", "versions", "soft delete", "nothing"]

FAILOVER_MINUTES = 1
"""Until a regional instance answers from its second zone, with the same address and all that was committed:
https://cloud.google.com/sql/docs/postgres/high-availability."""

LOG_MINUTES = 5
"""How far the archived log may lag behind an instance that is gone; of one that still answers nothing is
missing: https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr."""

BACKUP_MINUTES = (24 + 4) * 60
"""How old the newest backup may be: one a day, begun at any time of a window of four hours. By default it
lies in several regions, and the log only in the instance's own:
https://cloud.google.com/sql/docs/postgres/backup-recovery/backups."""


class LossRecovery(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How a store comes back after a `loss`: by what `means`, without the last `rpo_minutes` of its data,
    after `rto_minutes`. None: never, where it has no means; else no restore was measured."""

    loss: Loss
    means: Means
    rpo_minutes: int | None
    rto_minutes: int | None


def recoveries(store: Database, zones: int, promise: Recovery) -> list[LossRecovery]:
    """One of a database for each loss that the promise covers. Nothing is known of one on a machine of one's
    own."""
    if store.runtime != "managed":
        return []
    log = store.backup.enabled and store.backup.point_in_time
    failover = LossRecovery(loss="a zone", means="failover", rpo_minutes=0, rto_minutes=FAILOVER_MINUTES)
    has_standby = store.availability == "regional" and zones > 1
    zone = failover if has_standby else _restored("a zone", store, promise, LOG_MINUTES if log else None)
    region = [_restored("the region", store, promise, None)] if promise.scope == "region" else []
    return [zone, _restored("data by mistake", store, promise, 0 if log else None), *region]


def _restored(loss: Loss, store: Database, promise: Recovery, log_lag: int | None) -> LossRecovery:
    """From the log where there is one that lags by `log_lag` minutes, else from the newest backup."""
    if not store.backup.enabled:
        return LossRecovery(loss=loss, means="nothing", rpo_minutes=None, rto_minutes=None)
    return LossRecovery(
        loss=loss,
        means="backup" if log_lag is None else "transaction log",
        rpo_minutes=BACKUP_MINUTES if log_lag is None else log_lag,
        rto_minutes=promise.restore_minutes,
    )
