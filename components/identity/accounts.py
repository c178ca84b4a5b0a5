"""The identities that a service's workloads act as."""

from collections.abc import Sequence

import pulumi
from pulumi_gcp import projects, serviceaccount

from components.design.model import Account as AccountDesign
from components.paved import Paved


class Account(Paved, area="service"):
    """A Google service account with the roles of `design` and nothing else. It has no keys.

    `kubernetes_accounts` (`<namespace>/<name>`) act as it without one, through workload identity:
    https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity. It may log in to the databases
    of the design and to no other of the project."""

    design: AccountDesign
    member: str
    account: serviceaccount.Account

    def __init__(
        self,
        design: AccountDesign,
        *,
        project: str,
        kubernetes_accounts: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        self.design = design
        self.member = f"serviceAccount:{design.email}"
        self.account = serviceaccount.Account(
            design.account_id,
            account_id=design.account_id,
            project=project,
            display_name=", ".join(design.workloads),
            opts=self.child(),
        )
        for role in design.roles:
            self._grant(f"{design.account_id}-{_short(role)}", project, role)
        for database in design.databases:
            condition = projects.IAMMemberConditionArgs(
                title=database,
                expression=f'resource.name == "projects/{project}/instances/{database}"'
                ' && resource.service == "sqladmin.googleapis.com"',
            )
            for role in ("roles/cloudsql.client", "roles/cloudsql.instanceUser"):
                self._grant(f"{design.account_id}-{database}-{_short(role)}", project, role, condition)
        for cache in design.caches:
            # https://cloud.google.com/memorystore/docs/valkey/manage-iam-auth
            condition = projects.IAMMemberConditionArgs(
                title=cache, expression=f'resource.name.endsWith("/instances/{cache}")'
            )
            role = "roles/memorystore.dbConnectionUser"
            self._grant(f"{design.account_id}-{cache}-{_short(role)}", project, role, condition)
        for kubernetes_account in kubernetes_accounts:
            serviceaccount.IAMMember(
                f"{design.account_id}-{kubernetes_account.replace('/', '-')}",
                service_account_id=self.account.name,
                role="roles/iam.workloadIdentityUser",
                member=f"serviceAccount:{project}.svc.id.goog[{kubernetes_account}]",
                opts=self.child(),
            )
        self.register_outputs({"email": self.account.email})

    def _grant(
        self, name: str, project: str, role: str, condition: projects.IAMMemberConditionArgs | None = None
    ) -> None:
        # The address follows from the id: said here, rules can read it before the account exists.
        projects.IAMMember(
            name,
            project=project,
            role=role,
            member=self.member,
            condition=condition,
            opts=self.child(depends_on=[self.account]),
        )


def _short(role: str) -> str:
    return role.removeprefix("roles/")
