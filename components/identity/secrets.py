"""Holders for a service's secrets. No value passes through Pulumi: versions are added outside."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import secretmanager

from components.design.model import Secret
from components.identity.accounts import Account
from components.paved import Paved


class SecretHolder(Paved, area="service"):
    """A secret without a version, that only its `readers` may read.

    Versions are added and destroyed by whoever rotates them (`gcloud secrets versions add`). Secret Manager's
    own rotation is a message to a topic at a time that a program must know; a plan that depends on the clock
    is another one every day, so it isn't set here: the age of a version is seen in the project's state."""

    secret: secretmanager.Secret

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
