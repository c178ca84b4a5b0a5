"""What is so in the projects of the local cloud without being a resource: what `pave cloud set` sets.

A kind has a name pattern and values; a setting that nobody made has the default of its kind."""

from collections.abc import Mapping
from typing import NamedTuple

from stacks.providers.apis import BOOTSTRAP

Settings = Mapping[tuple[str, str], str]
"""What is set, by kind and name."""

API = "api"


class SettingKind(NamedTuple):
    """A kind of setting: what `names` look like, which `values` it takes (empty: any), and its `meaning`."""

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
    return kind, name, value


def is_enabled(settings: Settings, project: str, service: str) -> bool:
    """Whether an API, such as `compute.googleapis.com`, is enabled in a project."""
    by_default = "enabled" if service in {api.service for api in BOOTSTRAP} else "disabled"
    return settings.get((API, f"{project}/{service}"), by_default) == "enabled"
