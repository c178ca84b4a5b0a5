"""Which changes of a resource replace it: the provider's `ForceNew`, and where it depends on the values."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from pave.local_cloud.kinds import KINDS
from pave.local_cloud.wire import is_unknown, revealed


def replaced_by(token: str, old: Json, new: Json, changed: Iterable[Pointer]) -> Iterator[Pointer]:
    """Those of the `changed` paths that replace a resource of this type."""
    old, new = revealed(old), revealed(new)
    also = frozenset(_ALSO[token](old, new)) if token in _ALSO else frozenset[str]()
    immutable = KINDS[token].immutable
    for path in changed:
        name = ".".join(part for part in path if isinstance(part, str))
        # A whole object may have come or gone with the field in it.
        if any(
            _within(name, field) or (_within(field, name) and name != "") for field in (*immutable, *also)
        ):
            yield path


def _within(name: str, field: str) -> bool:
    return name == field or name.startswith(f"{field}.")


def _subnetwork(old: Json, new: Json) -> Iterator[str]:
    """`IsShrinkageIpCidr` of the provider."""
    before, after = old["ipCidrRange"], new["ipCidrRange"]
    if is_unknown(after) or not ipaddress.IPv4Network(before).subnet_of(ipaddress.IPv4Network(after)):
        yield "ipCidrRange"


def _database(old: Json, new: Json) -> Iterator[str]:
    """`diskSizeCutomizeDiff` and `privateNetworkCustomizeDiff` of the provider: a disk doesn't shrink, and a
    private network isn't taken away."""
    before, after = old["settings"], new["settings"]
    if _number(after.get("diskSize"), 0) < _number(before.get("diskSize"), 0):
        yield "settings.diskSize"
    networks = [each.get("ipConfiguration", {}).get("privateNetwork") for each in (before, after)]
    if networks[0] and not networks[1]:
        yield "settings.ipConfiguration.privateNetwork"


def _redis(old: Json, new: Json) -> Iterator[str]:
    """`isRedisVersionDecreasing` of the provider."""
    if _version(new.get("redisVersion")) < _version(old.get("redisVersion")):
        yield "redisVersion"


def _number(value: object, default: float) -> float:
    return value if isinstance(value, int | float) else default


def _version(value: object) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", value)] if isinstance(value, str) else []


_ALSO: dict[str, Callable[[Json, Json], Iterator[str]]] = {
    "gcp:compute/subnetwork:Subnetwork": _subnetwork,
    "gcp:sql/databaseInstance:DatabaseInstance": _database,
    "gcp:redis/instance:Instance": _redis,
}
