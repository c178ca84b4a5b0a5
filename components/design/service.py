"""A service and its environment in, all that it is to be there out."""

import msgspec

from catalog.document import Origin
from catalog.kind import Documents
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Dependency
from catalog.kinds.vendor import Vendor
from catalog.neighbourhood import Neighbourhood, neighbourhood
from catalog.place import instance_of
from components.design import accounts, alerts, egress, migrations, workloads
from components.design.availability.judgement import judge_availability
from components.design.capacity.fit import node_room, own_fit
from components.design.edge import edge
from components.design.edge.request_rules import security_policies
from components.design.model import DependencyDesign, Design, Secret, WorkloadDesign
from components.design.naming import OWNER, owner_label, resource_name
from components.design.stores.registry import place
from components.design.watching_unit import watching


def design(service: Service, around: Neighbourhood) -> Design:
    """Decides all that `service` is to be in its environment.

    `around` is what it refers to in the catalog. The same arguments always give the same design."""
    environment, spec = service.environment.spec, service.spec
    spread = workloads.spread(service, watched=around.unit is not None)
    placed = place(service, around, workloads.most_connections(service, spread))
    runs = migrations.migrations(service, spread)
    who = accounts.accounts(service, [*spread, *runs], placed)
    dependencies = [_dependency(service, i, d, around) for i, d in enumerate(spec.dependencies)]
    machines = workloads.machines(service)
    front = edge.edge(service)
    if front is not None:
        front = msgspec.structs.replace(front, guests=edge.guests(service, around))
    answering = edge.endpoints(service)
    return Design(
        name=service.full_name,
        origin=service.origin("metadata", "name"),
        title=service.metadata.title,
        owner=service.metadata.owner,
        environment=service.environment.name,
        purpose=environment.purpose,
        protected=environment.protected,
        project=environment.project,
        region=environment.region,
        zones=environment.zones,
        architecture=_architecture(service),
        labels=_labels(service),
        stores_range=environment.network.stores,
        accounts=who,
        machines=machines,
        node=node_room(service.environment),
        own_fit=own_fit(service, spread),
        workloads=spread,
        stores=placed,
        migrations=migrations.described(runs, placed, who),
        endpoints=answering,
        journeys=edge.journeys(service),
        security_policies=security_policies(front, answering),
        edge=front,
        egress=egress.egress(service, around, who, placed, [*spread, *runs]),
        secrets=_secrets(service, [*spread, *runs]),
        dependencies=dependencies,
        unit=watching(around.unit),
        alerts=alerts.burn_alerts(service),
        alert_floor=alerts.fitting_floor(service),
        availability=judge_availability(service, front, machines, spread, placed, dependencies),
    )


def designed(catalog: Documents, service: Service) -> Design:
    """The design of a service among its neighbours in a catalog: the one way from a document to its
    design."""
    return design(service, neighbourhood(catalog, service))


def _architecture(service: Service) -> str:
    """One of `vm`, `web + jobs`, `stateless web`, `web`, `cron only`, `jobs only`."""
    kinds = {workload.kind for workload in service.spec.workloads}
    if any(workload.runtime == "vm" for workload in service.spec.workloads):
        return "vm"
    if "web" not in kinds:
        return "cron only" if kinds == {"cron"} else "jobs only"
    if kinds != {"web"}:
        return "web + jobs"
    return "web" if service.spec.stores else "stateless web"


def _labels(service: Service) -> dict[str, str]:
    """Labels that every resource bears:
    https://cloud.google.com/resource-manager/docs/best-practices-labels."""
    instance = instance_of(service.place)
    return {
        "cost-centre": service.metadata.cost_centre,
        "env": service.environment.name,
        "managed-by": "pave",
        "service": service.name,
        OWNER: owner_label("service", service.name, *service.place.split(".")),
        "team": service.metadata.owner,
        **({} if instance is None else {"instance": instance}),
    }


def _secrets(service: Service, spread: list[WorkloadDesign]) -> list[Secret]:
    """One holder for each secret that a workload reads, by name."""
    made = {secret: store for store in service.spec.stores for secret in store.secret_facts.values()}
    is_protected = service.environment.spec.protected
    readers: dict[str, list[str]] = {}
    origins: dict[str, Origin] = {}
    for i, workload in enumerate(spread):
        for j, variable in enumerate(workload.environment):
            if variable.secret is not None:
                readers.setdefault(variable.secret, []).append(workload.name)
                origin = service.origin("spec", "workloads", i, "environment", j, "secret")
                origins.setdefault(variable.secret, origin if origin.written else workload.origin)
    return [
        Secret(
            name=name,
            origin=origins[name],
            resource=resource_name(service.full_name, name),
            protected=is_protected and (name not in made or not made[name].leaving),
            readers=names,
            store=made[name].name if name in made else None,
        )
        for name, names in sorted(readers.items())
    ]


def _dependency(
    service: Service, index: int, dependency: Dependency, around: Neighbourhood
) -> DependencyDesign:
    availability: float | None
    hosts: list[str] = []
    if dependency.vendor is not None:
        vendor = around.find(Vendor, dependency.vendor).spec
        target, availability, hosts = dependency.vendor, vendor.availability, vendor.hosts
    elif dependency.service is not None:
        target, availability = dependency.service, around.service(dependency.service).target
    else:
        target, availability = ", ".join(dependency.addresses or ()), dependency.availability
    return DependencyDesign(
        name=dependency.name,
        origin=service.origin("spec", "dependencies", index),
        target=target,
        need=dependency.need,
        coverage_percent=dependency.coverage_percent,
        availability=availability,
        source=f"catalog: {target}" if dependency.addresses is None else f"its owner's word: {target}",
        is_outside=dependency.vendor is not None or dependency.private is False,
        hosts=hosts,
        timeout_seconds=dependency.timeout_seconds,
        degraded=dependency.degraded,
    )
