"""The certificate of a service's host."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_gcp import certificatemanager, dns

from components.design.edge_model import (
    HostDesign,
)
from components.paved import Paved


class Certificate(Paved, area="service"):
    """A certificate of one host that Google renews, and the map by which a load balancer finds it: its own,
    or with `beside` that of another certificate of the service.

    It is proven by a DNS record in `zone` rather than by answering for the host, so it is there before the
    host leads here, and also when a proxy stands in front. Where `zone` isn't the one that the internet asks
    for the host, the record is repeated there. Everything is named after the host: another host gets another
    certificate beside this one."""

    map: certificatemanager.CertificateMap
    proof: pulumi.Output[Any]

    def __init__(
        self,
        design: HostDesign,
        *,
        zone: pulumi.Input[str],
        beside: "Certificate | None" = None,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.certificate, design.origin, opts)
        authorization = certificatemanager.DnsAuthorization(
            design.proof.resource,
            name=design.proof.resource,
            domain=design.host,
            type=design.proof.kind,
            labels=labels,
            opts=self.child(),
        )
        self.proof = authorization.dns_resource_records[0]
        is_fixed = "*" not in design.proof.record
        proof = dns.RecordSet(
            design.proof.record.replace("_*", "-own"),
            name=f"{design.proof.record}." if is_fixed else self.proof.name,
            type="CNAME",
            ttl=design.ttl_seconds,
            managed_zone=zone,
            rrdatas=[self.proof.data],
            opts=self.child(),
        )
        certificate = certificatemanager.Certificate(
            design.proof.resource,
            name=design.proof.resource,
            managed=certificatemanager.CertificateManagedArgs(
                domains=[design.host], dns_authorizations=[authorization.id]
            ),
            labels=labels,
            opts=self.child(depends_on=[proof]),
        )
        self.map = (
            certificatemanager.CertificateMap(design.name, name=design.name, labels=labels, opts=self.child())
            if beside is None
            else beside.map
        )
        certificatemanager.CertificateMapEntry(
            design.certificate,
            name=design.certificate,
            map=self.map.name,
            hostname=design.host,
            certificates=[certificate.id],
            labels=labels,
            opts=self.child(),
        )
        self.register_outputs({"map": self.map.id})
