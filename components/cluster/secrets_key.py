"""The key that a cluster's secrets are encrypted with."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import kms, projects

from components.design.foundation.model import SecretsKeyDesign
from components.paved import Paved

SECONDS_PER_DAY = 86400


class SecretsKey(Paved, area="foundation"):
    """A key in Cloud KMS, which GKE's own account may use, to encrypt Kubernetes' secrets with before they
    are written to etcd: https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets.

    Without it whoever gets hold of etcd's disk has only Google's encryption before him; and a key that is
    disabled shuts all of them.

    Both are protected in every environment. The provider deletes neither, it destroys the key's versions and
    forgets both, and their names stay taken
    (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/kms_crypto_key): a
    foundation that had let go of them could never be made again."""

    key: kms.CryptoKey
    grant: kms.CryptoKeyIAMMember

    def __init__(
        self,
        design: SecretsKeyDesign,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.key, design.origin, opts)
        ring = kms.KeyRing(
            design.resource,
            name=design.resource,
            location=design.region,
            opts=self.stateful(protected=True),
        )
        self.key = kms.CryptoKey(
            design.key,
            name=design.key,
            key_ring=ring.id,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=f"{design.rotation_days * SECONDS_PER_DAY}s",
            labels=labels,
            opts=self.stateful(protected=True),
        )
        # GKE's account is there once the API was used, or is asked for.
        agent = projects.ServiceIdentity(
            f"{design.resource}-gke",
            project=design.project,
            service="container.googleapis.com",
            opts=self.child(),
        )
        self.grant = kms.CryptoKeyIAMMember(
            design.key,
            crypto_key_id=self.key.id,
            role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
            member=agent.member,
            opts=self.child(),
        )
        self.register_outputs({"key": self.key.id})
