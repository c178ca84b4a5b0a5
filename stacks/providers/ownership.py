"""Whose a resource is, by the label that every resource with labels bears."""

from collections.abc import Mapping
from typing import Any

from components.design.naming import OWNER, owner_label
from stacks.properties import is_unknown, revealed

PLACES = (
    ("effectiveLabels",),
    ("labels",),
    ("resourceLabels",),
    ("userLabels",),
    ("settings", "userLabels"),
    ("nodeConfig", "resourceLabels"),
    ("config", "resourceLabels"),
    ("metadata", "labels"),
)
"""Where the labels of a resource are among its properties. The provider gives in `labels` only those that a
state has already, and all that there are in `effectiveLabels`:
https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/version_5_upgrade. What the
provider calls a node pool's `nodeConfig` is `config` to GKE itself:
https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools."""


def owner_in(properties: Mapping[str, Any]) -> str | None:
    """The stack, as its label says it, that a resource with these inputs or outputs belongs to; None when it
    bears no such label, or may bear none."""
    plain = revealed(dict(properties))
    for place in PLACES:
        labels: Any = plain
        for name in place:
            labels = labels.get(name) if isinstance(labels, Mapping) else None
        if isinstance(labels, Mapping) and not is_unknown(owner := labels.get(OWNER)) and owner is not None:
            return str(owner)
    return None


def labels_of(properties: Mapping[str, Any]) -> dict[str, str]:
    """All labels that a resource with these inputs or outputs bears, wherever they stand."""
    plain, found = revealed(dict(properties)), dict[str, str]()
    for place in PLACES:
        labels: Any = plain
        for name in place:
            labels = labels.get(name) if isinstance(labels, Mapping) else None
        if isinstance(labels, Mapping) and place[0] != "metadata":
            known = ((name, value) for name, value in labels.items() if not is_unknown(value))
            found = {str(name): str(value) for name, value in known} | found
    return found


def owner_of(stack: str) -> str:
    """The label's value for the stack of that name, such as `service.portal.production`."""
    return owner_label(*stack.split("."))
