"""Brings a workload's secrets from Secret Manager into its cluster, for containers to read as variables."""

import json
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.design.model import Secret, WorkloadDesign
from components.paved import Paved


class SyncedSecrets(Paved, area="service"):
    """The newest versions of `secrets`, kept by GKE in one Kubernetes Secret named like the workload, under
    their own names: https://cloud.google.com/secret-manager/docs/sync-k8-secrets.

    GKE reads them as the workload, so one that isn't granted to it isn't found. A container sees a new
    version when it is restarted."""

    def __init__(
        self,
        design: WorkloadDesign,
        *,
        namespace: str,
        project: str,
        secrets: Sequence[Secret],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        metadata = ObjectMetaArgs(name=design.name, namespace=namespace, labels=labels)
        files = [
            {
                "resourceName": f"projects/{project}/secrets/{secret.resource}/versions/latest",
                "path": secret.name,
            }
            for secret in secrets
        ]
        source = CustomResource(
            f"{design.resource}-source",
            api_version="secrets-store.csi.x-k8s.io/v1",
            kind="SecretProviderClass",
            metadata=metadata,
            # YAML in a string, by the driver's contract; JSON is YAML.
            spec={"provider": "gke", "parameters": {"secrets": json.dumps(files, indent=2)}},
            opts=self.child(),
        )
        CustomResource(
            f"{design.resource}-copy",
            api_version="secret-sync.gke.io/v1",
            kind="SecretSync",
            metadata=metadata,
            spec={
                "serviceAccountName": design.name,
                "secretProviderClassName": design.name,
                "secretObject": {
                    "type": "Opaque",
                    "data": [{"sourcePath": secret.name, "targetKey": secret.name} for secret in secrets],
                },
            },
            opts=self.child(depends_on=[source]),
        )
        self.register_outputs({"name": design.name})
