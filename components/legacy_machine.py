"""The virtual machines of today, as long as a service hasn't moved."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import compute

from components.design.model import Machine, WorkloadDesign
from components.edge.endpoint import Backend
from components.identity.accounts import Account
from components.paved import Paved


class LegacyMachine(Paved, area="service"):
    """Machines as they stand: workloads and stores run inside, out of sight, and what they hold is on the
    boot disk. Nothing here replaces one.

    With a public address of their own they are what the service's name leads to, and a web server inside
    does what a front door does. Without, a load balancer asks them, just as it asks pods: that is the first
    step of the way out. `addresses` are the public ones, `backends` are by workload."""

    addresses: list[pulumi.Output[str]]
    backends: dict[str, Backend]

    def __init__(
        self,
        design: Machine,
        *,
        asked: Sequence[WorkloadDesign],
        account: Account,
        network: pulumi.Input[str],
        subnet: pulumi.Input[str],
        region: str,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`asked` are the workloads on it that a load balancer sends requests to."""
        super().__init__(design.resource, design.origin, opts)
        self._design = design
        self._labels = labels
        names = design.instance_names
        public = {name: self._address(name, region) for name in names} if design.public_address else {}
        self.addresses = [address.address for address in public.values()]
        instances = [self._instance(name, account, _interface(subnet, public.get(name))) for name in names]
        self.backends = self._group(asked, network, instances) if asked else {}
        if design.open_ports:
            self._let_in(network, account)
        self.register_outputs({"addresses": self.addresses})

    def _address(self, name: str, region: str) -> compute.Address:
        return compute.Address(
            name,
            name=name,
            region=region,
            address_type="EXTERNAL",
            labels=self._labels,
            opts=self.stateful(protected=self._design.protected),
        )

    def _instance(
        self, name: str, account: Account, interface: compute.InstanceNetworkInterfaceArgs
    ) -> compute.Instance:
        image = compute.InstanceBootDiskInitializeParamsArgs(image=self._design.image, labels=self._labels)
        return compute.Instance(
            name,
            name=name,
            zone=self._design.zone,
            machine_type=self._design.machine_type,
            boot_disk=compute.InstanceBootDiskArgs(auto_delete=False, initialize_params=image),
            network_interfaces=[interface],
            service_account=compute.InstanceServiceAccountArgs(
                email=account.design.email, scopes=["https://www.googleapis.com/auth/cloud-platform"]
            ),
            shielded_instance_config=compute.InstanceShieldedInstanceConfigArgs(
                enable_secure_boot=True, enable_vtpm=True, enable_integrity_monitoring=True
            ),
            metadata={"block-project-ssh-keys": "TRUE", "enable-oslogin": "TRUE"},
            deletion_protection=self._design.protected,
            labels=self._labels,
            opts=self.stateful(protected=self._design.protected, depends_on=[account.account]),
        )

    def _group(
        self,
        asked: Sequence[WorkloadDesign],
        network: pulumi.Input[str],
        instances: Sequence[compute.Instance],
    ) -> dict[str, Backend]:
        ports = [
            compute.InstanceGroupNamedPortArgs(name=w.name, port=w.port) for w in asked if w.port is not None
        ]
        group = compute.InstanceGroup(
            self._design.resource,
            name=self._design.resource,
            zone=self._design.zone,
            network=network,
            instances=[instance.self_link for instance in instances],
            named_ports=ports,
            opts=self.child(),
        )
        return {w.name: Backend(groups=[group.self_link], port_name=w.name) for w in asked}

    def _let_in(self, network: pulumi.Input[str], account: Account) -> None:
        ports = [str(port) for port in self._design.open_ports]
        compute.Firewall(
            self._design.resource,
            name=self._design.resource,
            network=network,
            direction="INGRESS",
            source_ranges=self._design.open_to,
            allows=[compute.FirewallAllowArgs(protocol="tcp", ports=ports)],
            target_service_accounts=[account.design.email],
            log_config=compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA"),
            description=f"Requests reach {self._design.name}",
            opts=self.child(depends_on=[account.account]),
        )


def _interface(
    subnet: pulumi.Input[str], public: compute.Address | None
) -> compute.InstanceNetworkInterfaceArgs:
    if public is None:
        return compute.InstanceNetworkInterfaceArgs(subnetwork=subnet)
    access = compute.InstanceNetworkInterfaceAccessConfigArgs(nat_ip=public.address)
    return compute.InstanceNetworkInterfaceArgs(subnetwork=subnet, access_configs=[access])
