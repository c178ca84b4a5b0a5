"""An export of Google's Cloud Asset Inventory: JSON with an asset on each line (`gcloud asset export`), or a
list of them (`gcloud asset list --format json`, `gcloud asset search-all-resources --format json`); with the
resources' data (`--content-type resource`), with policies (`iam-policy`), or with names alone.

https://cloud.google.com/asset-inventory/docs/reference/rest/v1/Asset,
https://cloud.google.com/asset-inventory/docs/reference/rest/v1/ResourceSearchResult"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pave.adopting.found import FoundResource
from pave.adopting.reading import NoSource, SourceText
from stacks.providers.ids import ProviderSettings
from stacks.providers.imports import BY_ASSET, import_id, parts_of
from stacks.providers.ownership import labels_of

ACCOUNT = "gcp:serviceaccount/account:Account"
BUCKET = "gcp:storage/bucket:Bucket"

GRANTS: Mapping[str, tuple[str, str]] = {
    "cloudkms.googleapis.com/CryptoKey": ("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cryptoKeyId"),
    "cloudresourcemanager.googleapis.com/Project": ("gcp:projects/iAMMember:IAMMember", "project"),
    "iam.googleapis.com/ServiceAccount": ("gcp:serviceaccount/iAMMember:IAMMember", "serviceAccountId"),
    "pubsub.googleapis.com/Subscription": (
        "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember",
        "subscription",
    ),
    "pubsub.googleapis.com/Topic": ("gcp:pubsub/topicIAMMember:TopicIAMMember", "topic"),
    "secretmanager.googleapis.com/Secret": (
        "gcp:secretmanager/secretIamMember:SecretIamMember",
        "secretId",
    ),
    "storage.googleapis.com/Bucket": ("gcp:storage/bucketIAMMember:BucketIAMMember", "bucket"),
}
"""The type of a grant on what has a policy, by the asset's type, and the input that says on what it is."""


def recognises(source: SourceText) -> bool:
    """Whether it is JSON, and the first object in it says an asset's type."""
    first = next(_objects(source), (0, None))[1]
    return isinstance(first, dict) and _kind(first) is not None


def read(source: SourceText) -> Iterator[FoundResource]:
    """A resource for each asset, and one for each grant of its policy. A number that stands for a project
    becomes the id by which another asset in the same project calls it. Raises NoSource for what is no
    asset."""
    assets = []
    for line, each in _objects(source):
        kind = _kind(each) if isinstance(each, dict) else None
        if kind is None or not isinstance(each.get("name"), str) or not each["name"].startswith("//"):
            raise NoSource("This is no asset: it has no full `name` and `assetType`.", str(line))
        assets.append((line, kind, each))
    projects = dict(filter(None, (_numbered(kind, each) for _, kind, each in assets)))
    for line, kind, each in assets:
        where = f"line {line}"
        resource = each.get("resource")
        data = resource.get("data") if isinstance(resource, dict) else None
        known = {**(data if isinstance(data, dict) else {}), **_labels(each)}
        found = of_name(each["name"], kind, known, projects, where)
        policy = each.get("iamPolicy") or each.get("iam_policy")
        if isinstance(policy, dict):
            yield from _grants(found, policy)
        elif kind != "cloudresourcemanager.googleapis.com/Project":
            yield found


def of_name(
    name: str, kind: str, data: Mapping[str, Any], projects: Mapping[str, str], where: str
) -> FoundResource:
    """The resource with a full name (`//compute.googleapis.com/projects/…`) and an asset's type, which may be
    empty. `data` is what is known of it, `projects` are ids by number."""
    host, _, path = name.removeprefix("//").partition("/")
    token = BY_ASSET.get(kind, "")
    number = re.match(r"projects/(\d+)(?=/|$)", path)
    if number and number[1] in projects:
        path = f"projects/{projects[number[1]]}{path[number.end() :]}"
    said = re.match(r"projects/([^/]+)", path)
    project = said[1] if said else str(data.get("project") or "")
    if token == ACCOUNT and isinstance(data.get("email"), str):
        path = f"projects/{project}/serviceAccounts/{data['email']}"
    parts = parts_of(token, path)
    own = import_id(token, {**parts}, ProviderSettings(project=project)) if parts else ""
    return FoundResource(
        type=token,
        kind=kind or host,
        id=own or path,
        project="" if project.isdecimal() else project,
        labels=labels_of(data),
        title=str(data.get("displayName") or data.get("name") or ""),
        where=where,
    )


def _grants(on: FoundResource, policy: Mapping[str, Any]) -> Iterator[FoundResource]:
    token, field = GRANTS.get(on.kind, ("", ""))
    of = on.id.removeprefix("projects/") if field == "project" else on.id
    for binding in policy.get("bindings") or []:
        if not isinstance(binding, dict) or not isinstance(binding.get("members"), list):
            raise NoSource("This policy has a binding without `members`.", on.where.removeprefix("line "))
        for member in binding["members"] if token else []:
            inputs = {field: of, "role": binding.get("role"), "member": member}
            if binding.get("condition"):
                inputs["condition"] = binding["condition"]
            project = of if field == "project" else on.project
            id_ = import_id(token, inputs, ProviderSettings(project=project))
            if id_:
                yield FoundResource(type=token, kind=on.kind, id=id_, project=project, where=on.where)


def _objects(source: SourceText) -> Iterator[tuple[int, Any]]:
    for line, data in source.values:
        yield from ((line, each) for each in (data if isinstance(data, list) else [data]))


def _kind(asset: Mapping[str, Any]) -> str | None:
    kind = asset.get("assetType") or asset.get("asset_type")
    return kind if isinstance(kind, str) else None


def _labels(asset: Mapping[str, Any]) -> dict[str, Any]:
    return {"labels": asset["labels"]} if isinstance(asset.get("labels"), dict) else {}


def _numbered(kind: str, asset: Mapping[str, Any]) -> tuple[str, str] | None:
    """The number of the project that an asset is in, and its id, if the asset says both."""
    above = asset.get("ancestors") or [asset.get("project")]
    number = str(above[0] if isinstance(above, list) and above else "").removeprefix("projects/")
    resource = asset.get("resource")
    data = resource.get("data") if isinstance(resource, dict) else None
    named = re.search(r"/projects/([a-z][^/]*)(?=/|$)", asset["name"])
    id_ = named[1] if named else None
    if kind == "cloudresourcemanager.googleapis.com/Project" and isinstance(data, dict):
        number, id_ = str(data.get("projectNumber") or number), data.get("projectId") or id_
    return (number, str(id_)) if id_ and number.isdecimal() else None
