"""A state of Terraform's, or OpenTofu's, of version 4: what `terraform state pull` prints
(https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pave.adopting.found import FoundResource
from pave.adopting.reading import NoSource, SourceText
from stacks.providers.ids import ProviderSettings
from stacks.providers.imports import BY_TERRAFORM, import_id
from stacks.providers.ownership import labels_of
from stacks.providers.table import is_counted

VERSION = 4


def recognises(source: SourceText) -> bool:
    """Whether it is one JSON object that says which Terraform wrote it, or what `terraform show` prints."""
    data = source.values[0].data if len(source.values) == 1 else None
    return isinstance(data, dict) and bool(data.keys() & {"terraform_version", "lineage", "format_version"})


def read(source: SourceText) -> Iterator[FoundResource]:
    """A resource for each that the state manages of Google's. Raises NoSource for a state of another
    version."""
    state = source.values[0].data
    if "format_version" in state:
        raise NoSource("This is of `terraform show -json`; `terraform state pull` prints the state.")
    if state.get("version") != VERSION:
        raise NoSource(f"Terraform states of version {VERSION} are read, not {state.get('version')!r}.")
    resources = state.get("resources")
    if not isinstance(resources, list):
        raise NoSource("This Terraform state has no list of `resources`.")
    for number, resource in enumerate(resources):
        where = f"resources[{number}]"
        if not isinstance(resource, dict) or not isinstance(resource.get("instances"), list):
            raise NoSource("This is no resource of a state: it has no list of `instances`.", where)
        kind = resource.get("type")
        if resource.get("mode") != "managed" or not str(kind).startswith("google_"):
            continue  # looked up, or of another cloud
        for instance in resource["instances"]:
            attributes = instance.get("attributes") if isinstance(instance, dict) else None
            if not isinstance(attributes, dict):
                raise NoSource("An instance of it has no `attributes`.", where)
            if "deposed" not in instance:
                yield _found(str(kind), attributes, _address(resource, instance))


def _found(kind: str, attributes: Mapping[str, Any], address: str) -> FoundResource:
    token = BY_TERRAFORM.get(kind, "")
    inputs = {_camel(name): _first(value) for name, value in attributes.items() if value is not None}
    own = str(inputs.get("id") or "")
    project = str(inputs.get("project") or "")
    place = ProviderSettings(project=project, region=str(inputs.get("region") or ""))
    labels = {_camel(name): value for name, value in attributes.items()}
    labels["settings"] = {"userLabels": _first(inputs.get("settings") or {}, "user_labels")}
    labels["nodeConfig"] = {"resourceLabels": _first(inputs.get("nodeConfig") or {}, "resource_labels")}
    return FoundResource(
        type=token,
        kind=kind,
        id=own if is_counted(token) else import_id(token, inputs, place) or own,
        project=project,
        labels=labels_of(labels),
        title=str(inputs.get("displayName") or inputs.get("name") or ""),
        where=address,
        manager="Terraform",
    )


def _first(value: Any, name: str = "") -> Any:
    """A block, of which the state has a list of one; or the field of that name in it."""
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        value = value[0]
    return value if not name else value.get(name) if isinstance(value, dict) else None


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def _address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    """As `terraform state rm` takes it."""
    key = instance.get("index_key")
    index = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
    module = f"{resource['module']}." if resource.get("module") else ""
    return f"{module}{resource['type']}.{resource.get('name')}{index}"
