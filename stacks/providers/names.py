"""What Google takes for a name, by type, where names are part of an id."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from catalog.document import Json
from stacks.properties import is_unknown


class NameRule(NamedTuple):
    """The input `field` matches `pattern` as a whole; `source` is the URL where Google says so."""

    field: str
    pattern: str
    source: str


_USUAL = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
"""A label of RFC 1035."""
_AT_MOST_40 = r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?"

_BY_MODULE: Mapping[str, NameRule] = {
    "compute": NameRule("name", _USUAL, "https://cloud.google.com/compute/docs/naming-resources"),
    "certificatemanager": NameRule(
        "name", _USUAL, "https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest"
    ),
    "container": NameRule(
        "name",
        _AT_MOST_40,
        "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters",
    ),
}

_BY_TYPE: Mapping[str, NameRule] = {
    "gcp:dns/managedZone:ManagedZone": NameRule(
        "name", _USUAL, "https://cloud.google.com/dns/docs/reference/rest/v1/managedZones"
    ),
    "gcp:logging/projectSink:ProjectSink": NameRule(
        "name",
        r"[a-zA-Z0-9][-_.a-zA-Z0-9]{0,99}",
        "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks",
    ),
    "gcp:memorystore/instance:Instance": NameRule(
        "instanceId",
        r"[a-z]([-a-z0-9]{2,61}[a-z0-9])",
        "https://cloud.google.com/memorystore/docs/valkey/reference/rest/v1/projects.locations.instances/create",
    ),
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": NameRule(
        "name", r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", "https://google.aip.dev/122#resource-id-segments"
    ),
    **{
        f"gcp:pubsub/{kind.lower()}:{kind}": NameRule(
            "name",
            r"(?!goog)[A-Za-z][-A-Za-z0-9_.~+%]{2,254}",
            "https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names",
        )
        for kind in ("Topic", "Subscription")
    },
    "gcp:redis/instance:Instance": NameRule(
        "name",
        _AT_MOST_40,
        "https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances/create",
    ),
    "gcp:secretmanager/secret:Secret": NameRule(
        "secretId",
        r"[-_a-zA-Z0-9]{1,255}",
        "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create",
    ),
    "gcp:serviceaccount/account:Account": NameRule(
        "accountId",
        r"[a-z]([-a-z0-9]{4,28}[a-z0-9])",
        "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create",
    ),
    "gcp:sql/databaseInstance:DatabaseInstance": NameRule(
        "name", r"[a-z][-a-z0-9]{0,96}", "https://cloud.google.com/sql/docs/postgres/instance-settings"
    ),
    "gcp:storage/bucket:Bucket": NameRule(
        "name",
        r"(?!goog|.*google)[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]",
        "https://cloud.google.com/storage/docs/buckets#naming",
    ),
}


def refused_name(token: str, inputs: Json) -> tuple[str, NameRule] | None:
    """The name that Google would refuse for a resource of this type, and the rule that it breaks. None for a
    name that Google takes, that isn't known yet, or that is of a type without a rule."""
    module = token.removeprefix("gcp:").partition("/")[0]
    rule = _BY_TYPE.get(token) or (_BY_MODULE.get(module) if token.startswith("gcp:") else None)
    name = inputs.get(rule.field) if rule is not None else None
    if rule is None or name is None or is_unknown(name):
        return None
    return None if re.fullmatch(rule.pattern, str(name)) else (str(name), rule)
