"""An instance of Memorystore for Redis, which a store is."""

import re
from typing import Any

from components.data.kinds.redis import TIERS, TRANSIT_ENCRYPTION_MODES
from pave.adopting.word import Saying, WordContext, field, one_of

TYPE = "gcp:redis/instance:Instance"


def _version(value: Any, _: WordContext) -> Saying:
    """`7.2` of REDIS_7_2."""
    found = re.fullmatch(r"REDIS_(\d+)_(\d+|X)", str(value))
    return [(("version",), f"{found[1]}.{found[2].lower()}")] if found else []


WORDS = {
    "tier": one_of(("availability",), {cloud: word for word, cloud in TIERS.items()}),
    "memorySizeGb": field("memoryGb"),
    "redisVersion": _version,
    "authEnabled": field("authentication"),
    "transitEncryptionMode": one_of(
        ("encryption",), {cloud: word for word, cloud in TRANSIT_ENCRYPTION_MODES.items()}
    ),
    "persistenceConfig.persistenceMode": one_of(("backup", "enabled"), {"DISABLED": False, "RDB": True}),
}
