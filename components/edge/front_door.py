"""The way from the internet to a service."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_gcp import compute

from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    SecurityPolicyDesign,
)
from components.design.model import WorkloadDesign
from components.edge.certificate import Certificate
from components.edge.endpoint import Backend, Endpoint
from components.edge.records import Records
from components.paved import Paved

SERVING_PORT = "USE_SERVING_PORT"
MINIMUM_TLS = {"1.0": "TLS_1_0", "1.1": "TLS_1_1", "1.2": "TLS_1_2"}


class FrontDoor(Paved, area="service"):
    """A global load balancer for one host, and those that it had before: HTTPS only, a backend per endpoint,
    one address for ever. Behind the front door of another service, the backends alone.

    `backends` are by the names of `workloads`; `records_elsewhere` are the design's, with their values.
    Names that are on their way still lead to `machines`, by the design's share.
    Requests for another host are sent to this one; a path of no endpoint is answered 404 here, unless an
    endpoint takes them all."""

    addresses: dict[str, compute.GlobalAddress]
    records_elsewhere: list[dict[str, Any]]

    def __init__(
        self,
        design: EdgeDesign,
        *,
        endpoints: Sequence[EndpointDesign],
        security_policies: Sequence[SecurityPolicyDesign],
        workloads: Sequence[WorkloadDesign],
        backends: Mapping[str, Backend],
        environment_zone: pulumi.Input[str],
        machines: Sequence[pulumi.Input[str]] = (),
        labels: Mapping[str, str],
        protected: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        self._design = design
        asked = {endpoint.workload for endpoint in endpoints}
        checks = {w.name: self._health_check(w) for w in workloads if w.name in asked}
        guards = {name: policy for policy in security_policies for name in policy.endpoints}
        made: dict[str, pulumi.Input[str]] = {}
        services = {}
        for endpoint in endpoints:
            policy = guards[endpoint.name]
            there = policy.address or made.get(policy.resource)
            behind = Endpoint(
                endpoint,
                edge=design,
                policy=policy if there is None else there,
                backend=backends[endpoint.workload],
                health_check=checks[endpoint.workload].self_link,
                labels=labels,
                opts=self.child(),
            )
            made[policy.resource] = behind.policy
            services[endpoint.name] = behind.service.self_link
        self.addresses, self.records_elsewhere = {}, []
        if design.behind is None:
            self._stand(endpoints, services, environment_zone, machines, labels, protected=protected)
        self.register_outputs({"url": f"https://{design.host}"})

    def _stand(
        self,
        endpoints: Sequence[EndpointDesign],
        services: Mapping[str, pulumi.Output[str]],
        environment_zone: pulumi.Input[str],
        machines: Sequence[pulumi.Input[str]],
        labels: Mapping[str, str],
        *,
        protected: bool,
    ) -> None:
        """What a host has once: its addresses, names, certificates and routes."""
        design = self._design
        families = {"A": "IPV4", "AAAA": "IPV6"} if design.has_ipv6 else {"A": "IPV4"}
        self.addresses = {
            kind: compute.GlobalAddress(
                f"{design.name}-{family.lower()}",
                name=f"{design.name}-{family.lower()}",
                ip_version=family,
                labels=labels,
                opts=self.stateful(protected=protected),
            )
            for kind, family in families.items()
        }
        certificate: Certificate | None = None
        for host in (design, *design.former):
            records = Records(
                host,
                environment_zone=environment_zone,
                addresses={kind: [address.address] for kind, address in self.addresses.items()},
                machines=machines,
                labels=labels,
                protected=protected,
                is_former=host is not design,
                is_of_door=True,
                opts=self.child(),
            )
            proven = Certificate(
                host, zone=records.zone, beside=certificate, labels=labels, opts=self.child()
            )
            certificate = certificate or proven
            self.records_elsewhere += records.elsewhere(proven.proof)
        assert certificate is not None
        self._forward("https", "443", self._secure(endpoints, services, certificate), labels)
        self._forward("http", "80", self._redirect(), labels)

    def _health_check(self, workload: WorkloadDesign) -> compute.HealthCheck:
        return compute.HealthCheck(
            workload.resource,
            name=workload.resource,
            check_interval_sec=5,
            timeout_sec=5,
            healthy_threshold=1,
            unhealthy_threshold=2,
            http_health_check=compute.HealthCheckHttpHealthCheckArgs(
                port_specification=SERVING_PORT, request_path=workload.liveness.path
            )
            if workload.balancer_check == "http"
            else None,
            grpc_health_check=compute.HealthCheckGrpcHealthCheckArgs(port_specification=SERVING_PORT)
            if workload.balancer_check == "grpc"
            else None,
            tcp_health_check=compute.HealthCheckTcpHealthCheckArgs(port_specification=SERVING_PORT)
            if workload.balancer_check == "tcp"
            else None,
            log_config=compute.HealthCheckLogConfigArgs(enable=True),
            opts=self.child(),
        )

    def _secure(
        self,
        endpoints: Sequence[EndpointDesign],
        services: Mapping[str, pulumi.Output[str]],
        certificate: Certificate,
    ) -> pulumi.Output[str]:
        design = self._design
        routes = compute.URLMap(
            design.name,
            name=design.name,
            default_url_redirect=compute.URLMapDefaultUrlRedirectArgs(
                host_redirect=design.host, https_redirect=True, strip_query=False
            ),
            host_rules=[
                compute.URLMapHostRuleArgs(
                    hosts=[design.host, *(each.host for each in design.former)], path_matcher=design.name
                )
            ],
            path_matchers=[_paths(design, endpoints, services)],
            opts=self.child(),
        )
        tls = compute.SSLPolicy(
            design.name,
            name=design.name,
            min_tls_version=MINIMUM_TLS[design.tls.minimum],
            profile=design.tls.profile.upper(),
            opts=self.child(),
        )
        return compute.TargetHttpsProxy(
            design.name,
            name=design.name,
            url_map=routes.self_link,
            ssl_policy=tls.self_link,
            certificate_map=certificate.map.id.apply(
                lambda id_: f"//certificatemanager.googleapis.com/{id_}"
            ),
            opts=self.child(),
        ).self_link

    def _redirect(self) -> pulumi.Output[str]:
        name = f"{self._design.name}-redirect"
        to_https = compute.URLMapDefaultUrlRedirectArgs(https_redirect=True, strip_query=False)
        routes = compute.URLMap(name, name=name, default_url_redirect=to_https, opts=self.child())
        return compute.TargetHttpProxy(name, name=name, url_map=routes.self_link, opts=self.child()).self_link

    def _forward(
        self, protocol: str, port: str, target: pulumi.Input[str], labels: Mapping[str, str]
    ) -> None:
        for address_name, address in self.addresses.items():
            name = f"{self._design.name}-{protocol}-{address_name.lower()}"
            compute.GlobalForwardingRule(
                name,
                name=name,
                load_balancing_scheme="EXTERNAL_MANAGED",
                ip_protocol="TCP",
                ip_address=address.id,
                port_range=port,
                target=target,
                labels=labels,
                opts=self.child(),
            )


def _paths(
    design: EdgeDesign, endpoints: Sequence[EndpointDesign], services: Mapping[str, pulumi.Output[str]]
) -> compute.URLMapPathMatcherArgs:
    """The load balancer lets the longest path win: https://cloud.google.com/load-balancing/docs/url-map-concepts."""
    nobody = compute.URLMapPathMatcherDefaultRouteActionFaultInjectionPolicyArgs(
        abort=compute.URLMapPathMatcherDefaultRouteActionFaultInjectionPolicyAbortArgs(
            http_status=404, percentage=100
        )
    )
    is_closed = design.catch_all is None
    return compute.URLMapPathMatcherArgs(
        name=design.name,
        default_service=services[design.catch_all or endpoints[0].name],
        default_route_action=compute.URLMapPathMatcherDefaultRouteActionArgs(fault_injection_policy=nobody)
        if is_closed
        else None,
        path_rules=[
            compute.URLMapPathMatcherPathRuleArgs(paths=endpoint.paths, service=services[endpoint.name])
            for endpoint in endpoints
        ]
        + [
            compute.URLMapPathMatcherPathRuleArgs(paths=guest.paths, service=guest.backend)
            for guest in design.guests
        ],
    )
