"""Restates what Google's discovery documents say of values: `python -m tools.discovered_values`.

The documents lie in the package google-api-python-client, which is fetched with pip and not installed; the
provider's names for fields differ from the API's for about half of them, so each is looked for by its name
without case and plural, and by the few names below. What isn't found is not restated."""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stacks.providers.discovered import BOUNDS, FILE
from stacks.providers.sdk_inputs import InputType, fields, input_class
from stacks.providers.table import TYPES

VERSION = "2.202.0"
SOURCE = (
    f"The discovery documents in google-api-python-client {VERSION} "
    f"(https://github.com/googleapis/google-api-python-client/tree/v{VERSION}/googleapiclient/discovery_cache"
    "/documents): of each input of the provider that is a field there its values, pattern and format."
)

SCHEMAS = {
    "binaryauthorization/policy": "binaryauthorization.v1 Policy",
    "certificatemanager/certificate": "certificatemanager.v1 Certificate",
    "certificatemanager/certificateMap": "certificatemanager.v1 CertificateMap",
    "certificatemanager/certificateMapEntry": "certificatemanager.v1 CertificateMapEntry",
    "certificatemanager/dnsAuthorization": "certificatemanager.v1 DnsAuthorization",
    "compute/address": "compute.v1 Address",
    "compute/backendService": "compute.v1 BackendService",
    "compute/firewall": "compute.v1 Firewall",
    "compute/globalAddress": "compute.v1 Address",
    "compute/globalForwardingRule": "compute.v1 ForwardingRule",
    "compute/healthCheck": "compute.v1 HealthCheck",
    "compute/instance": "compute.v1 Instance",
    "compute/instanceGroup": "compute.v1 InstanceGroup",
    "compute/network": "compute.v1 Network",
    "compute/networkEndpointGroup": "compute.v1 NetworkEndpointGroup",
    "compute/router": "compute.v1 Router",
    "compute/routerNat": "compute.v1 RouterNat",
    "compute/securityPolicy": "compute.v1 SecurityPolicy",
    "compute/sSLPolicy": "compute.v1 SslPolicy",
    "compute/subnetwork": "compute.v1 Subnetwork",
    "compute/targetHttpProxy": "compute.v1 TargetHttpProxy",
    "compute/targetHttpsProxy": "compute.v1 TargetHttpsProxy",
    "compute/uRLMap": "compute.v1 UrlMap",
    "container/cluster": "container.v1 Cluster",
    "container/nodePool": "container.v1 NodePool",
    "dns/managedZone": "dns.v1 ManagedZone",
    "dns/recordSet": "dns.v1 ResourceRecordSet",
    "kms/cryptoKey": "cloudkms.v1 CryptoKey",
    "kms/keyRing": "cloudkms.v1 KeyRing",
    "logging/projectSink": "logging.v2 LogSink",
    "monitoring/alertPolicy": "monitoring.v3 AlertPolicy",
    "monitoring/notificationChannel": "monitoring.v3 NotificationChannel",
    "monitoring/uptimeCheckConfig": "monitoring.v3 UptimeCheckConfig",
    "networkconnectivity/serviceConnectionPolicy": "networkconnectivity.v1 ServiceConnectionPolicy",
    "projects/iAMAuditConfig": "cloudresourcemanager.v3 AuditConfig",
    "pubsub/subscription": "pubsub.v1 Subscription",
    "pubsub/topic": "pubsub.v1 Topic",
    "redis/instance": "redis.v1 Instance",
    "secretmanager/secret": "secretmanager.v1 Secret",
    "serviceaccount/account": "iam.v1 ServiceAccount",
    "servicenetworking/connection": "servicenetworking.v1 Connection",
    "sql/database": "sqladmin.v1 Database",
    "sql/databaseInstance": "sqladmin.v1 DatabaseInstance",
    "sql/user": "sqladmin.v1 User",
    "storage/bucket": "storage.v1 Bucket",
}
"""By the provider's type: the document, and the schema of what is made."""

CALLED = {
    "sql/databaseInstance": {
        "settings.diskType": "dataDiskType",
        "settings.diskSize": "dataDiskSizeGb",
        "settings.diskAutoresize": "storageAutoResize",
        "settings.diskAutoresizeLimit": "storageAutoResizeLimit",
    },
    "storage/bucket": {
        "publicAccessPrevention": "iamConfiguration.publicAccessPrevention",
        "lifecycleRules": "lifecycle.rule",
        "softDeletePolicy.retentionDurationSeconds": "retentionDurationSeconds",
    },
    "compute/network": {"routingMode": "routingConfig.routingMode"},
    "container/cluster": {
        "datapathProvider": "networkConfig.datapathProvider",
        "loggingConfig.enableComponents": "componentConfig.enableComponents",
        "monitoringConfig.enableComponents": "componentConfig.enableComponents",
    },
}
"""By type: inputs whose field is called otherwise, or stands elsewhere."""


def main() -> None:
    """Writes the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        package = f"google-api-python-client=={VERSION}"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, package]
        subprocess.run(pip, check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            found = {token: said for token in sorted(TYPES) if (said := dict(_restated(token, wheel)))}
    types = ",\n".join(f"{json.dumps(token)}: {{\n{_lines(said)}\n}}" for token, said in found.items())
    FILE.write_text(f'{{"source": {json.dumps(SOURCE)},\n"types": {{\n{types}\n}}}}\n', "utf-8")


def _lines(said: dict[str, Any]) -> str:
    return ",\n".join(f"  {json.dumps(path)}: {json.dumps(limits)}" for path, limits in said.items())


def _restated(token: str, wheel: zipfile.ZipFile) -> Iterator[tuple[str, Any]]:
    known = SCHEMAS.get(token.split(":")[1]) if token.startswith("gcp:") else None
    inputs = input_class(token)
    if known is None or inputs is None:
        return
    document, schema = known.split()
    text = wheel.read(f"googleapiclient/discovery_cache/documents/{document}.json")
    schemas = json.loads(text)["schemas"]
    yield from _fields(token.split(":")[1], schemas, schemas[schema], *inputs, ())


def _fields(
    type_: str, schemas: Any, schema: Any, module: str, name: str, at: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    for field, of in sorted(fields(module, name).items()):
        path = (*at, field)
        called = CALLED.get(type_, {}).get(".".join(path), field)
        said = _found(schemas, schema, called)
        takes = of.takes
        while said is not None and takes.kind == "list":
            said, takes = _resolved(schemas, said.get("items", {})), takes.of or InputType("anything")
        if said is None:
            continue
        if takes.kind == "object":
            if len(path) < 7:
                yield from _fields(type_, schemas, said, module, takes.name, path)
        elif takes.kind == "primitive" and (limits := _limits(said)):
            yield ".".join(path), limits


def _found(schemas: Any, schema: Any, called: str) -> Any:
    """The field of that name, or of that path, of a schema; None when it has none."""
    for part in called.split("."):
        by_name = {
            _bare(name): said for name, said in _resolved(schemas, schema).get("properties", {}).items()
        }
        schema = by_name.get(_bare(part))
        if schema is None:
            return None
    return _resolved(schemas, schema)


def _bare(name: str) -> str:
    return re.sub(r"ies$", "y", name.lower()).removesuffix("s")


def _resolved(schemas: Any, said: Any) -> Any:
    return schemas[said["$ref"]] if "$ref" in said else said


def _limits(said: Any) -> dict[str, Any]:
    if "enum" in said:
        return {"enum": sorted(said["enum"])}
    kept = {"pattern": said["pattern"]} if "pattern" in said else {}
    return {**kept, "format": said["format"]} if said.get("format") in BOUNDS else kept


if __name__ == "__main__":
    main()
