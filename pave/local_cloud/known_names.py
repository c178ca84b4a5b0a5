"""Which names of settings anything asks for: another could be set, and would change nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping

from catalog.checks.quota_metrics import OF_A_PROJECT, OF_A_REGION, wrong_metric
from catalog.nearest import did_you_mean
from components.design.capacity.default_quotas import GLOBAL
from pave.local_cloud.settings import (
    API,
    CONSTRAINT,
    DELEGATION,
    PERMISSION,
    QUOTA,
    READING,
    STATED,
    STATED_TIER,
    Settings,
)
from pave.local_cloud.store import StoredResource
from stacks.providers.apis import SERVICES
from stacks.providers.constraints import CONSTRAINTS
from stacks.providers.edge import ZONE
from stacks.providers.permissions import every_permission

READABLE = (
    "apis",
    "constraints",
    "delegation",
    "images",
    "names",
    "permissions",
    "quotas",
    "rollouts",
    "secrets",
    "tiers",
)
"""What the preflight asks for, which a caller may be refused to read."""

ASKED: Mapping[str, tuple[str, Callable[[], Collection[str]]]] = {
    API: ("API", lambda: SERVICES),
    CONSTRAINT: ("constraint", lambda: CONSTRAINTS),
    PERMISSION: ("permission", every_permission),
    QUOTA: ("quota", lambda: OF_A_PROJECT | OF_A_REGION),
    READING: ("thing to read", lambda: READABLE),
}
"""By kind, what the second part of its names is, and which there are."""


def unknown(kind: str, name: str) -> str:
    """Why nothing asks for that name of a kind, with what was probably meant; empty where something may."""
    if kind not in ASKED:
        return ""
    if kind == QUOTA:
        _, metric, place = name.split("/", maxsplit=2)
        return " ".join(wrong_metric(metric, "project" if place == GLOBAL else "region") or ())
    what, known = ASKED[kind]
    asked, names = name.split("/")[1], known()
    return "" if asked in names else f"Nothing asks for a {what} `{asked}`. {did_you_mean(asked, names)}"


def not_yet(kind: str, name: str, settings: Settings, held: Iterable[StoredResource]) -> str:
    """What a name of a kind names that isn't on a cloud with these settings and resources, with what is
    there; empty when it is, when nothing is known, and of what isn't kept there."""
    resources = list(held)
    if kind == DELEGATION:
        there = {str(each.inputs.get("dnsName")).rstrip(".") for each in resources if each.type == ZONE}
        return _missing("zone", name, there)
    if kind not in ASKED:
        return ""
    projects = {each.scope for each in resources if each.type.startswith("gcp:")}
    projects |= {known.split("/")[0] for of, known in settings if of in (STATED, STATED_TIER)}
    return _missing("project", name.split("/", maxsplit=1)[0], projects)


def _missing(what: str, name: str, there: Collection[str]) -> str:
    if name in there or not there:
        return ""
    return f"There is no {what} `{name}` here yet. {did_you_mean(name, there, 'There is')}"
