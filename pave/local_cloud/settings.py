"""What is so in the projects of the local cloud without being a resource: what `pave cloud set` sets.

A kind has a name pattern and values; a setting that nobody made has the default of its kind."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from components.design.capacity.default_quotas import default_quotas
from stacks.providers.apis import BOOTSTRAP
from stacks.providers.armor_tiers import ENTERPRISE, STANDARD
from stacks.providers.organisation_policies import PolicyRule

Settings = Mapping[tuple[str, str], str]
"""What is set, by kind and name."""

API = "api"
ENABLED = "enabled"
CONSTRAINT = "constraint"
DELEGATION = "delegation"
IMAGE = "image"
ORGANISATION = "organisation"
QUOTA = "quota"
PERMISSION = "permission"
READING = "reading"
TIER = "tier"

STATED = "stated-quota"
STATED_TIER = "stated-tier"
"""As QUOTA and TIER, what the environments of a catalog state: no kinds for `pave cloud set`, which goes
before them."""


class SettingKind(NamedTuple):
    """A kind of setting: what `names` look like, which `values` it takes (empty: those of `pattern`), and its
    `meaning`."""

    names: str
    values: tuple[str, ...]
    meaning: str
    pattern: str = r"\d+(\.\d+)?"
    written: str = "a number"


KINDS: Mapping[str, SettingKind] = {
    API: SettingKind(
        "PROJECT/SERVICE",
        (ENABLED, "disabled"),
        "An API of a project. A foundation enables what it needs; set beside one, it stands for somebody "
        "who did so by hand, which `pave drift` sees. Not set: disabled, but for "
        + " and ".join(api.service for api in BOOTSTRAP)
        + ", which every project must have before anything can be enabled from outside.",
    ),
    CONSTRAINT: SettingKind(
        "PROJECT/CONSTRAINT",
        (),
        "The policy of a constraint of the organisation, such as acme-staging/sql.restrictPublicIp. "
        "`enforced` is for those that are or aren't, the rest for lists, as allow=in:us-locations. Not set: "
        "all is allowed.",
        r"enforced|deny-all|(allow|deny)=[^,\s]+(,[^,\s]+)*",
        "enforced, deny-all, allow=VALUE,… or deny=VALUE,…",
    ),
    DELEGATION: SettingKind(
        "DOMAIN",
        ("right", "none", "elsewhere", "unsigned", "other-keys"),
        "What the zone above answers for a domain: the name servers and keys of our zone, nothing, other "
        "servers, no DS record, or one of other keys. Not set: what its records say, if the zone above is in "
        "the local cloud too, else right.",
    ),
    IMAGE: SettingKind(
        "IMAGE",
        ("there", "missing"),
        "Whether an image is there, by its digest; without one no pod of it starts. Not set: there.",
    ),
    ORGANISATION: SettingKind(
        "PROJECT",
        (),
        "The organisation that a project is in: its number, the number of its customer in the directory, and "
        "the domain that it is called after. A policy on the members of grants names customers. Not set: "
        "nobody says.",
        r"\d+/C[0-9a-z]+/([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}",
        "NUMBER/CUSTOMER/DOMAIN, such as 123456789012/C03xgje4y/acme.example",
    ),
    QUOTA: SettingKind(
        "PROJECT/METRIC/REGION",
        (),
        "The limit of a quota of Compute Engine, such as acme-staging/SSD_TOTAL_GB/us-east1; the region of "
        "one of the whole project is `global`. Not set: what the environment of the project states under "
        "`quotas`, else what new projects were seen to have.",
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
        "Whether the caller may read what `pave preflight` asks for: apis, constraints, delegation, "
        "images, names, permissions, quotas, rollouts, secrets, tiers. Not set: allowed.",
    ),
    TIER: SettingKind(
        "PROJECT",
        (STANDARD, *ENTERPRISE),
        "The tier of Cloud Armor that a project is enrolled in: some rules are refused in the standard one. "
        "Not set: what the environment of the project states as `cloudArmorTier`.",
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
    if not known.values and not re.fullmatch(known.pattern, value, re.ASCII):
        raise NotSettable(f"The value of {kind} is {known.written}, not {value}.")
    return kind, _untagged(name) if kind == IMAGE else name, value


def is_enabled(settings: Settings, project: str, service: str) -> bool:
    """Whether an API, such as `compute.googleapis.com`, is enabled in a project."""
    by_default = ENABLED if service in {api.service for api in BOOTSTRAP} else "disabled"
    return settings.get((API, f"{project}/{service}"), by_default) == ENABLED


def is_there(settings: Settings, image: str) -> bool:
    """Whether there is an image, by its reference with a digest, with which a tag says nothing."""
    return settings.get((IMAGE, _untagged(image)), "there") == "there"


def _untagged(image: str) -> str:
    return re.sub(r":[^:@/]+(?=@)", "", image)


def quotas(settings: Settings, project: str, place: str) -> dict[str, float]:
    """The limits in a region, or `global`, by metric: as set, else as stated, else the default. One that is
    missing has none that anybody knows."""
    found = {metric: default.limit for metric, default in default_quotas(place).items()}
    for said in (STATED, QUOTA):
        for (kind, name), limit in settings.items():
            if kind == said and name.split("/")[::2] == [project, place]:
                found[name.split("/")[1]] = float(limit)
    return found


def armor_tier(settings: Settings, project: str) -> str:
    """The tier of Cloud Armor of a project: as set, else as stated, else the standard one."""
    return settings.get((TIER, project)) or settings.get((STATED_TIER, project)) or STANDARD


def policy(settings: Settings, project: str, constraint: str) -> list[PolicyRule]:
    """The rules of the policy that is in effect for a constraint."""
    words = settings.get((CONSTRAINT, f"{project}/{constraint}"), "")
    kind, _, values = words.partition("=")
    if not words:
        return []
    return [
        PolicyRule(
            enforce=kind == "enforced",
            deny_all=kind == "deny-all",
            allowed=tuple(values.split(",")) if kind == "allow" else (),
            denied=tuple(values.split(",")) if kind == "deny" else (),
        )
    ]


def is_granted(settings: Settings, project: str, permission: str) -> bool:
    """Whether the caller has a permission on a project."""
    return settings.get((PERMISSION, f"{project}/{permission}"), "granted") == "granted"


def is_readable(settings: Settings, project: str, what: str) -> bool:
    """Whether the caller may read, say, the `quotas` of a project."""
    return settings.get((READING, f"{project}/{what}"), "allowed") == "allowed"
