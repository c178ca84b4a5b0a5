"""What is so in the projects of the local cloud without being a resource: what `pave cloud set` sets.

A kind has a name pattern and values; a setting that nobody made has the default of its kind."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from stacks.providers.apis import BOOTSTRAP

Settings = Mapping[tuple[str, str], str]
"""What is set, by kind and name."""

API = "api"
QUOTA = "quota"
PERMISSION = "permission"
READING = "reading"


class SettingKind(NamedTuple):
    """A kind of setting: what `names` look like, which `values` it takes (empty: numbers), and its
    `meaning`."""

    names: str
    values: tuple[str, ...]
    meaning: str


KINDS: Mapping[str, SettingKind] = {
    API: SettingKind(
        "PROJECT/SERVICE",
        ("enabled", "disabled"),
        "An API of a project. A foundation enables what it needs; set without one, it stands for somebody "
        "who did so by hand. Not set: disabled, but for "
        + " and ".join(api.service for api in BOOTSTRAP)
        + ", which every project must have before anything can be enabled from outside.",
    ),
    QUOTA: SettingKind(
        "PROJECT/METRIC/REGION",
        (),
        "The limit of a quota of Compute Engine, such as acme-staging/SSD_TOTAL_GB/us-east1; the region of "
        "one of the whole project is `global`. Not set: no limit, as Google's own depend on the project.",
    ),
    PERMISSION: SettingKind(
        "PROJECT/PERMISSION",
        ("granted", "missing"),
        "Whether the caller has a permission, such as acme-staging/compute.networks.create, as `pave "
        "preflight` asks. Not set: granted.",
    ),
    READING: SettingKind(
        "PROJECT/WHAT",
        ("allowed", "refused"),
        "Whether the caller may read what `pave preflight` asks for: apis, quotas, permissions, names. "
        "Not set: allowed.",
    ),
}


class NotSettable(Exception):
    """What can't be set: why, in one line."""


def checked(kind: str, name: str, value: str) -> tuple[str, str, str]:
    """The three as they are. Raises NotSettable when the kind isn't there, or takes no such name or value."""
    if kind not in KINDS:
        raise NotSettable(f"There is no kind {kind}: {', '.join(KINDS)}.")
    known = KINDS[kind]
    if name.count("/") < known.names.count("/") or not all(name.split("/")):
        raise NotSettable(f"{name} names no {kind}: {known.names}.")
    if known.values and value not in known.values:
        raise NotSettable(f"The value of {kind} is {' or '.join(known.values)}, not {value}.")
    if not known.values and not re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII):
        raise NotSettable(f"The value of {kind} is a number, not {value}.")
    return kind, name, value


def is_enabled(settings: Settings, project: str, service: str) -> bool:
    """Whether an API, such as `compute.googleapis.com`, is enabled in a project."""
    by_default = "enabled" if service in {api.service for api in BOOTSTRAP} else "disabled"
    return settings.get((API, f"{project}/{service}"), by_default) == "enabled"


def quota(settings: Settings, project: str, metric: str, place: str) -> float | None:
    """The limit of a quota in a region, or `global`; None when none is set."""
    limit = settings.get((QUOTA, f"{project}/{metric}/{place}"))
    return None if limit is None else float(limit)


def is_granted(settings: Settings, project: str, permission: str) -> bool:
    """Whether the caller has a permission on a project."""
    return settings.get((PERMISSION, f"{project}/{permission}"), "granted") == "granted"


def is_readable(settings: Settings, project: str, what: str) -> bool:
    """Whether the caller may read, say, the `quotas` of a project."""
    return settings.get((READING, f"{project}/{what}"), "allowed") == "allowed"
