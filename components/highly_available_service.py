"""All that belongs to one service in one environment, whatever its shape."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from catalog.stores.store import variable
from components.cluster.namespace import Namespace
from components.data.store import Store, StoreGround, make
from components.design.edge_model import EdgeDesign
from components.design.egress import addresses
from components.design.model import Design, Machine, TableMigration, WorkloadDesign
from components.design.monitoring.model import Monitoring
from components.design.scraping import GOOGLE, UNIT
from components.design.stores.model import StoreDesign
from components.edge.endpoint import Backend
from components.edge.front_door import FrontDoor
from components.edge.records import Records
from components.foundation_references import FoundationReferences
from components.identity.accounts import Account
from components.identity.secrets import SecretHolder
from components.legacy_machine import LegacyMachine
from components.monitoring.asked_from_outside import ask_from_outside
from components.monitoring.monitored import Monitored
from components.paved import Paved
from components.workloads.workload import Workload


class HighlyAvailableService(Paved, area="service"):
    """Composes the parts of `design`, identities, stores, workloads, front door, and what measures them.

    Needs the providers `gcp` and `kubernetes` of its environment in `opts`. `accounts` are by workload,
    `addresses` those that its name leads to, `records_elsewhere` the DNS records that others have to make."""

    accounts: dict[str, Account]
    stores: list[Store]
    addresses: list[pulumi.Output[str]]
    records_elsewhere: list[dict[str, Any]]

    def __init__(
        self,
        design: Design,
        monitoring: Monitoring,
        ground: FoundationReferences,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        self._design, self._monitoring, self._ground = design, monitoring, ground
        self.accounts = self._identify()
        holders, managed = self._hold_secrets(), [s for s in design.stores if s.runtime == "managed"]
        under = StoreGround(ground, design.project, self.accounts, design.migrations, design.labels)
        self.stores = self._keep(managed, under)
        machines = [self._machine(machine) for machine in design.machines]
        backends = {name: backend for machine in machines for name, backend in machine.backends.items()}
        versions = self._write_passwords(holders)
        ready = {name: [holder, *filter(None, [versions.get(name)])] for name, holder in holders.items()}
        backends |= self._run_workloads(ready)
        self.addresses = [address for machine in machines for address in machine.addresses]
        self.records_elsewhere = []
        if design.edge is not None:
            self._open(design.edge, backends)
        self.register_outputs({"addresses": self.addresses})

    def _identify(self) -> dict[str, Account]:
        design, accounts = self._design, {}
        on_kubernetes = {workload.name for workload in design.workloads if workload.runtime == "kubernetes"}
        on_kubernetes |= {migration.run.name for migration in design.migrations}
        for account in design.accounts:
            users = [f"{design.name}/{name}" for name in account.workloads if name in on_kubernetes]
            made = Account(account, project=design.project, kubernetes_accounts=users, opts=self.child())
            accounts.update(dict.fromkeys(account.workloads, made))
        return accounts

    def _hold_secrets(self) -> dict[str, SecretHolder]:
        return {
            secret.name: SecretHolder(
                secret,
                readers=list(dict.fromkeys(self.accounts[reader] for reader in secret.readers)),
                labels=self._design.labels,
                protected=secret.protected,
                opts=self.child(),
            )
            for secret in self._design.secrets
        }

    def _keep(self, managed: Sequence[StoreDesign], ground: StoreGround) -> list[Store]:
        """Makes stores in their own order, but for those that stand on others."""
        made: dict[str, Store] = {}
        for store in sorted(managed, key=lambda each: len(each.stands_on)):
            after = [made[name] for name in store.stands_on]
            made[store.name] = make(store, ground, self.child(depends_on=after))
        return [made[store.name] for store in managed]

    def _write_passwords(self, holders: Mapping[str, SecretHolder]) -> dict[str, pulumi.Resource]:
        """Writes those that the cloud made up into their holders; gives the versions, for which pods wait."""
        passwords = {store.store.name: store.password for store in self.stores}
        return {
            name: holder.write(password, self._design.project)
            for name, holder in holders.items()
            if holder.design.store is not None and (password := passwords[holder.design.store]) is not None
        }

    def _machine(self, machine: Machine) -> LegacyMachine:
        design = self._design
        return LegacyMachine(
            machine,
            asked=[workload for workload in design.workloads if workload.name in machine.asked],
            account=self.accounts[machine.workloads[0]],
            network=self._ground.network,
            subnet=self._ground.subnet,
            region=design.region,
            labels=design.labels,
            opts=self.child(),
        )

    def _run_workloads(self, ready: Mapping[str, Sequence[pulumi.Resource]]) -> dict[str, Backend]:
        """Starts those on Kubernetes, and gives back where they answer."""
        design = self._design
        on_kubernetes = [workload for workload in design.workloads if workload.runtime == "kubernetes"]
        if not on_kubernetes:
            return {}
        namespace = Namespace(
            design.name, origin=design.origin, calls=design.egress, labels=design.labels, opts=self.child()
        )
        Monitored(self._monitoring, labels=design.labels, opts=self.child(depends_on=[namespace]))
        made = {each.name: self._run(each.run, ready, namespace, {}, each) for each in design.migrations}
        return {each.name: self._run(each, ready, namespace, made).backend for each in on_kubernetes}

    def _run(
        self,
        workload: WorkloadDesign,
        ready: Mapping[str, Sequence[pulumi.Resource]],
        namespace: Namespace,
        migrations: Mapping[str, Workload],
        migration: TableMigration | None = None,
    ) -> Workload:
        design, account = self._design, self.accounts[workload.name]
        secrets = [secret for secret in design.secrets if workload.name in secret.readers]
        variables = self._variables(workload)
        if migration is not None:
            variables[variable(migration.name, "grants")] = migration.grants
        needed = [*namespace.ready_for(workload.name), account, *(v for s in secrets for v in ready[s.name])]
        needed += [migrations[store] for store in workload.stores if store in migrations]
        return Workload(
            workload,
            job=None if migration is None else migration.job,
            namespace=design.name,
            project=design.project,
            zones=design.zones,
            network=self._ground.network,
            subnet=self._ground.subnet,
            account=account.design,
            secrets=secrets,
            variables=variables,
            scraper=GOOGLE if design.unit is None else UNIT,
            verdict=self._monitoring.verdicts.get(workload.name),
            labels=design.labels,
            opts=self.child(depends_on=needed),
        )

    def _variables(self, workload: WorkloadDesign) -> dict[str, pulumi.Input[str]]:
        """What a workload is told of what it calls. What its owner wrote wins."""
        told: dict[str, pulumi.Input[str]] = {**addresses(self._design.egress)}
        for store in self.stores:
            if (name := store.store.name) in workload.stores:
                facts = store.variables(workload)
                told |= {variable(name, fact): value for fact, value in facts.items()}
        written = {each.name for each in workload.environment}
        return {name: value for name, value in told.items() if name not in written}

    def _open(self, edge: EdgeDesign, backends: Mapping[str, Backend]) -> None:
        design = self._design
        ask_from_outside(self._monitoring, design.project, design.labels, self.child())
        if edge.entrance == "machine":
            for host in (edge, *edge.former):
                self.records_elsewhere += Records(
                    host,
                    environment_zone=self._ground.dns_zone,
                    addresses={"A": self.addresses},
                    labels=design.labels,
                    protected=design.protected,
                    is_former=host is not edge,
                    opts=self.child(),
                ).elsewhere()
            return
        door = FrontDoor(
            edge,
            endpoints=design.endpoints,
            security_policies=design.security_policies,
            workloads=design.workloads,
            backends=backends,
            environment_zone=self._ground.dns_zone,
            machines=self.addresses,
            labels=design.labels,
            protected=design.protected,
            opts=self.child(),
        )
        self.addresses = [address.address for address in door.addresses.values()]
        self.records_elsewhere = door.records_elsewhere
