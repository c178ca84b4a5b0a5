"""Whose a resource is that exists, by what it says of itself. Pure.

A name proves nothing. What bears a mark of somebody else is theirs, and never taken: the label of another
stack, service or team, or of a tool that manages it."""

from collections.abc import Mapping
from typing import NamedTuple

from components.design.naming import OWNER
from pave.adopting.found import FoundResource
from stacks.providers.ownership import owner_of


class Taker(NamedTuple):
    """Who would take a resource over: a stack by its name, the service that it is of, that service's team,
    and the project in which all of it is."""

    stack: str
    service: str
    team: str
    project: str


TOOLS: Mapping[str, str] = {
    "goog-terraform-provisioned": "Terraform",
    "goog-k8s-cluster-name": "a GKE cluster",
    "goog-gke-node": "a GKE cluster",
    "goog-gke-cluster-id-base32": "a GKE cluster",
    "goog-dataproc-cluster-name": "Dataproc",
    "goog-composer-environment": "Composer",
    "goog-solutions-console-deployment-name": "a solution of Google's console",
}
"""Labels by which tools mark what they manage. Terraform's:
https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#add_terraform_attribution_label;
GKE's: https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels."""

OURS = "pave"


def theirs(found: FoundResource, taker: Taker) -> str:
    """Whose a resource is, if not the taker's, as `it is …'s: why`; empty when nothing says so."""
    if found.project and found.project != taker.project:
        return f"it is in project {found.project}, and the service is in {taker.project}"
    return whose(found.labels, taker, found.manager)


def whose(labels: Mapping[str, str], taker: Taker, manager: str = "") -> str:
    """The same by its labels alone. `manager` is a tool that hands it over: its own mark counts for
    nothing."""
    if (stack := labels.get(OWNER)) is not None and stack != owner_of(taker.stack):
        return f"it is another stack's: its label says stack={stack}"
    if (service := labels.get("service")) is not None and service != taker.service:
        return f"it is another service's: its label says service={service}"
    if (team := labels.get("team")) is not None and team != taker.team:
        return f"it is another team's: its label says team={team}, and the service's owner is {taker.team}"
    for label, tool in TOOLS.items():
        if labels.get(label, "false") != "false" and tool != manager:
            return f"{tool} manages it: it bears the label {label}{_handing_over(tool)}"
    if (by := labels.get("managed-by", OURS).lower()) not in {OURS, manager.lower()}:
        return f"{by} manages it: its label says managed-by={by}{_handing_over(by.capitalize())}"
    return ""


def _handing_over(tool: str) -> str:
    return (
        ". Give the state of it with --from: who holds that can hand it over" if tool == "Terraform" else ""
    )
