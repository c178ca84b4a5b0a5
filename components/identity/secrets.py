"""Holders for a service's secrets. Only passwords that the cloud makes up pass through Pulumi; all other
versions are added outside."""

import hashlib
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import secretmanager

from components.design.model import Secret
from components.identity.accounts import Account
from components.paved import Paved

DIGITS = 16
"""Hexadecimal digits in which two passwords differ."""


class SecretHolder(Paved, area="service"):
    """A secret without a version, that only its `readers` may read.

    Versions are added and destroyed by whoever rotates them (`pave secrets set`). Secret Manager's
    own rotation is a message to a topic at a time that a program must know; a plan that depends on the clock
    is another one every day, so it isn't set here: the age of a version is seen in the project's state."""

    secret: secretmanager.Secret
    design: Secret

    def __init__(
        self,
        design: Secret,
        *,
        readers: Sequence[Account],
        labels: Mapping[str, str],
        protected: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.design = design
        self.secret = secretmanager.Secret(
            design.resource,
            secret_id=design.resource,
            replication=secretmanager.SecretReplicationArgs(auto=secretmanager.SecretReplicationAutoArgs()),
            deletion_protection=protected,
            labels=labels,
            opts=self.stateful(protected=protected),
        )
        for reader in readers:
            secretmanager.SecretIamMember(
                f"{design.resource}-{reader.design.account_id}",
                secret_id=self.secret.secret_id,
                role="roles/secretmanager.secretAccessor",
                member=reader.member,
                opts=self.child(depends_on=[reader.account]),
            )
        self.register_outputs({"id": self.secret.id})

    def write(self, value: pulumi.Output[str], project: str) -> secretmanager.SecretVersion:
        """Makes `value`, a secret, the newest version, and another one whenever it changes. The provider
        sends it on and doesn't read it back; what tells that it has changed is a digest of it, as secret."""
        digest = value.apply(lambda text: hashlib.sha256(text.encode()).hexdigest()[:DIGITS])
        return secretmanager.SecretVersion(
            self.design.resource,
            secret=f"projects/{project}/secrets/{self.design.resource}",
            secret_data_wo=value,
            secret_data_wo_version=digest,
            opts=self.child(depends_on=[self.secret]),
        )
