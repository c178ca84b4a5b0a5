"""An organisation's own rules: their folder is named in `Pulumi.yaml`, relative to that file."""

from pathlib import Path

from catalog.yaml.text import parse, read
from stacks.stack import PROJECT, home

SETTING = "policies"
"""The name of the setting, below `pave`."""

PROJECT_FILE = "Pulumi.yaml"


def folder_of_rules(named: str | None) -> Path | None:
    """The folder that the setting `named` means; None for None."""
    return None if named is None else home() / named


def named_by_project() -> str | None:
    """The setting in `Pulumi.yaml`, None when there is none: for those who judge before an engine runs.

    Raises Unusable for a file that can't be read."""
    settings = parse(read(home() / PROJECT_FILE, PROJECT_FILE), PROJECT_FILE).data.get("config")
    for name in (f"{PROJECT}:{SETTING}", SETTING):  # without a namespace it is the project's
        found = settings.get(name) if isinstance(settings, dict) else None
        if isinstance(found, dict):
            found = found.get("value", found.get("default"))
        if found is not None:
            return str(found)
    return None
