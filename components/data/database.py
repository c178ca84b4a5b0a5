"""A service's database in Cloud SQL."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import sql

from components.data import database_settings
from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.database import DatabaseDesign, ReplicaDesign

POD_ITSELF = "127.0.0.1"


class Database(Store, area="service"):
    """A Cloud SQL instance with one database, and `users` who log in as themselves: there is no password.

    Its read replicas have the same. Those of `migrations` that are for it have roles inside, and grant the
    others what they may do.
    A regional one needs backups and point-in-time recovery
    (https://cloud.google.com/sql/docs/postgres/high-availability), and Enterprise Plus takes other tiers
    than Enterprise (https://cloud.google.com/sql/docs/postgres/editions-intro): rules judge that."""

    instance: sql.DatabaseInstance

    def __init__(
        self, design: DatabaseDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self._design = design
        self._accounts = ground.accounts
        self.instance = sql.DatabaseInstance(
            design.resource,
            name=design.resource,
            region=design.region,
            database_version=design.engine,
            deletion_protection=design.protected,
            settings=database_settings.of_primary(design, ground),
            opts=self.stateful(protected=design.protected),
        )
        # Old states call the first after its service, which could have only one.
        former = [pulumi.Alias(name=design.database)] if design.is_first else []
        sql.Database(
            f"{design.resource}-{design.database}",
            name=design.database,
            instance=self.instance.name,
            charset=design.charset,
            opts=self.stateful(protected=design.protected, aliases=former),
        )
        own = [each for each in ground.migrations if each.database == design.resource]
        roles = {each.run.account: each.roles for each in own}
        for user in dict.fromkeys(ground.accounts.values()):
            if design.resource not in user.design.databases:
                continue
            sql.User(
                f"{design.resource}-{user.design.account_id}",
                name=design.user(user.design.email),
                instance=self.instance.name,
                type="CLOUD_IAM_SERVICE_ACCOUNT",
                database_roles=roles.get(user.design.account_id),
                deletion_policy="ABANDON",  # a database keeps a user who owns something
                opts=self.child(depends_on=[user.account]),
            )
        for replica in design.replicas:
            self._replica(replica, ground)
        self.register_outputs({"connection_name": self.instance.connection_name})

    def _replica(self, replica: ReplicaDesign, ground: StoreGround) -> sql.DatabaseInstance:
        """A copy with the same databases and users, which come to it from the first."""
        design = self._design
        return sql.DatabaseInstance(
            replica.resource,
            name=replica.resource,
            region=design.region,
            database_version=design.engine,
            master_instance_name=self.instance.name,
            deletion_protection=design.protected,
            settings=database_settings.of_replica(design, replica, ground),
            opts=self.stateful(protected=design.protected),
        )

    @property
    def where(self) -> pulumi.Input[str]:
        """By what Google's connectors find it."""
        return self.instance.connection_name

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """Address, port, database, user, instance. The address is the pod's own, at whose port the proxy
        takes connections: without one it is told nothing."""
        design, proxied = self._design, workload.proxy.databases if workload.proxy is not None else ()
        ports = {each.resource: each.port for each in proxied}
        if design.resource not in ports:
            return {}
        told: dict[str, pulumi.Input[str]] = {
            "host": POD_ITSELF,
            "port": str(ports[design.resource]),
            "name": design.database,
            "user": design.login(self._accounts[workload.name].design.email),
            "instance": self.instance.connection_name,
        }
        if design.replicas:
            told["read_host"] = ",".join(POD_ITSELF for _ in design.replicas)
            told["read_port"] = ",".join(str(ports[replica.resource]) for replica in design.replicas)
        return told
