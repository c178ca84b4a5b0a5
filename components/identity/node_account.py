"""The identity of a cluster's nodes."""

import pulumi
from pulumi_gcp import projects, serviceaccount

from components.design.foundation.model import NodeAccountDesign
from components.paved import Paved


class NodeAccount(Paved, area="foundation"):
    """A service account with what a node needs and nothing else. It has no keys."""

    account: serviceaccount.Account

    def __init__(self, design: NodeAccountDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.account = serviceaccount.Account(
            design.resource,
            account_id=design.resource,
            display_name="Nodes of the cluster",
            opts=self.child(),
        )
        for grant in design.grants:
            projects.IAMMember(
                f"{design.resource}-{grant.project}-{grant.role.removeprefix('roles/')}",
                project=grant.project,
                role=grant.role,
                member=self.account.member,
                opts=self.child(),
            )
        self.register_outputs({"email": self.account.email})
