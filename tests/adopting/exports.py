"""What exists, written down as Google's asset inventory, Terraform and people write it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pave.local_cloud.store import StoredResource
from stacks.properties import revealed
from stacks.providers.ids import ProviderSettings
from stacks.providers.imports import ELSEWHERE, import_id, is_imported

NUMBER = "471100815"
"""Of the project that resources are in."""


class Thing(NamedTuple):
    """A resource that exists, by its type, its id in a state, its project and its inputs."""

    type: str
    id: str
    project: str
    inputs: Mapping[str, Any]

    @property
    def imported(self) -> str:
        """By which id its provider imports it."""
        place = ProviderSettings(project=self.project, region="us-east1")
        counted = re.search(r"/(\d+)$", self.id)
        number = {"number": counted[1]} if counted else {}
        return import_id(self.type, {**self.inputs, **number}, place)


def things(held: Iterable[StoredResource]) -> list[Thing]:
    """What of Google's a local cloud holds, and can be imported."""
    return [
        Thing(each.type, each.id, each.scope, revealed({**each.outputs, **each.inputs}))
        for each in held
        if is_imported(each.type)
    ]


def is_asset(thing: Thing) -> bool:
    """Whether the inventory has such."""
    return ELSEWHERE[thing.type].asset != ""


def asset(thing: Thing, *, numbered: bool = False) -> dict[str, Any]:
    """An asset as `gcloud asset export --content-type resource` writes it; with `numbered` it calls its
    project by the number, as Secret Manager does."""
    kind = ELSEWHERE[thing.type].asset
    path = thing.imported if thing.type != "gcp:storage/bucket:Bucket" else thing.id
    data = dict(thing.inputs)
    if kind == "iam.googleapis.com/ServiceAccount":
        head, _, data["email"] = path.rpartition("/")
        path = f"{head}/104711081500000000000"
    if numbered:
        path = path.replace(f"projects/{thing.project}/", f"projects/{NUMBER}/", 1)
    return {
        "name": f"//{kind.partition('/')[0]}/{path}",
        "asset_type": kind,
        "resource": {"version": "v1", "data": data},
        "ancestors": [f"projects/{NUMBER}", "organizations/815"],
    }


def project(name: str) -> dict[str, Any]:
    """The asset of a project itself."""
    return {
        "name": f"//cloudresourcemanager.googleapis.com/projects/{NUMBER}",
        "asset_type": "cloudresourcemanager.googleapis.com/Project",
        "resource": {"version": "v1", "data": {"projectId": name, "projectNumber": NUMBER}},
        "ancestors": [f"projects/{NUMBER}", "organizations/815"],
    }


def policy(name: str, grants: Iterable[Thing]) -> dict[str, Any]:
    """The policy of a project, with these grants."""
    bindings = [
        {"role": each.inputs["role"], "members": [each.inputs["member"]]}
        | ({"condition": each.inputs["condition"]} if each.inputs.get("condition") else {})
        for each in grants
    ]
    return {**project(name), "iam_policy": {"bindings": bindings}}


def inventory(assets: Iterable[Mapping[str, Any]]) -> str:
    """Assets, one a line."""
    return "".join(f"{json.dumps(each)}\n" for each in assets)


def searched(assets: Iterable[Mapping[str, Any]]) -> str:
    """The same as `gcloud asset search-all-resources --format json` prints them."""
    found = [
        {
            "name": each["name"],
            "assetType": each["asset_type"],
            "project": each["ancestors"][0],
            "displayName": each["resource"]["data"].get("displayName", ""),
            "labels": labels(each["resource"]["data"]),
        }
        for each in assets
    ]
    return json.dumps(found, indent=2)


def labels(data: Mapping[str, Any]) -> dict[str, str]:
    """The labels among a resource's inputs."""
    settings = data.get("settings") or {}
    return data.get("labels") or data.get("userLabels") or settings.get("userLabels") or {}


def terraform(found: Iterable[Thing]) -> str:
    """A state of Terraform's that manages these."""
    resources = [
        {
            "module": "module.shop",
            "mode": "managed",
            "type": ELSEWHERE[each.type].terraform,
            "name": "it",
            "provider": 'provider["registry.terraform.io/hashicorp/google"]',
            "instances": [
                {
                    "index_key": number,
                    "schema_version": 0,
                    "attributes": {"id": each.id, "project": each.project, **_snake(each.inputs)},
                }
            ],
        }
        for number, each in enumerate(found)
    ]
    looked_up = {"mode": "data", "type": "google_project", "name": "it", "instances": [{"attributes": {}}]}
    state = {"version": 4, "terraform_version": "1.9.8", "serial": 7, "lineage": "5d1f", "outputs": {}}
    return json.dumps({**state, "resources": [looked_up, *resources]}, indent=2)


def _snake(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Terraform's names, and its lists of one for what is a block."""
    return {
        re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", name): (
            [_snake(value)] if isinstance(value, Mapping) and not name.lower().endswith("labels") else value
        )
        for name, value in inputs.items()
    }


def listed(found: Iterable[Thing]) -> str:
    """A line for each, with its type."""
    lines = [f"{ELSEWHERE[each.type].terraform} {each.imported}" for each in found]
    return "# what there is\n" + "\n".join(lines) + "\n"
